#include "net/request_target.hpp"

#include <algorithm>

#include "net/percent_coding.hpp"

namespace opsteward::net {
namespace {

bool IsPrintableAscii(char c) { return c > 0x20 && c < 0x7f; }

/// The length of "http://" or "https://" in any case at the beginning, or 0.
std::size_t SchemeLength(std::string_view target) {
    for (const std::string_view scheme : {std::string_view("http://"), std::string_view("https://")}) {
        if (target.size() < scheme.size()) continue;
        const bool same = std::equal(scheme.begin(), scheme.end(), target.begin(), [](char expected, char c) {
            return expected == (c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c);
        });
        if (same) return scheme.size();
    }
    return 0;
}

bool IsSafeSegment(std::string_view segment, bool is_last) {
    if (segment.empty()) return is_last;
    if (segment == "." || segment == "..") return false;
    return std::none_of(segment.begin(), segment.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\' || c == '/';
    });
}

}  // namespace

bool IsValidAuthority(std::string_view authority) {
    if (authority.empty() || authority.size() > 255 + 6) return false;
    std::string_view port;
    bool has_port = false;
    std::string_view host = authority;
    if (authority.front() == '[') {
        const auto close = authority.find(']');
        if (close == std::string_view::npos || close < 3) return false;
        host = authority.substr(1, close - 1);
        const std::string_view rest = authority.substr(close + 1);
        if (host.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos) return false;
        if (!rest.empty() && rest.front() != ':') return false;
        has_port = !rest.empty();
        if (has_port) port = rest.substr(1);
    } else {
        const auto colon = authority.find(':');
        host = authority.substr(0, colon);
        has_port = colon != std::string_view::npos;
        if (has_port) port = authority.substr(colon + 1);
        const auto fits = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                   c == '_';
        };
        if (host.empty() || !std::all_of(host.begin(), host.end(), fits)) return false;
    }
    return !has_port || (port.size() <= 5 && port.find_first_not_of("0123456789") == std::string_view::npos);
}

std::optional<RequestTarget> ParseRequestTarget(std::string_view target) {
    if (!std::all_of(target.begin(), target.end(), IsPrintableAscii) || target.find('#') != std::string_view::npos) {
        return std::nullopt;
    }
    RequestTarget result;
    if (const std::size_t scheme = SchemeLength(target); scheme > 0) {
        const auto end = std::min(target.find_first_of("/?", scheme), target.size());
        result.authority = target.substr(scheme, end - scheme);
        if (!IsValidAuthority(result.authority)) return std::nullopt;
        target.remove_prefix(end);
        if (target.empty()) target = "/";
    }
    const auto question = target.find('?');
    std::string_view raw_path = target.substr(0, question);
    if (question != std::string_view::npos) result.query = target.substr(question + 1);
    if (raw_path.empty() && !result.authority.empty()) raw_path = "/";
    if (!raw_path.starts_with('/')) return std::nullopt;

    while (!raw_path.empty()) {
        raw_path.remove_prefix(1);
        const auto end = std::min(raw_path.find('/'), raw_path.size());
        const auto segment = PercentDecode(raw_path.substr(0, end), false);
        raw_path.remove_prefix(end);
        if (!segment || !IsSafeSegment(*segment, raw_path.empty())) return std::nullopt;
        result.path += '/';
        result.path += *segment;
    }
    return result;
}

}  // namespace opsteward::net
