#include "db/postgres/address.hpp"

#include <libpq-fe.h>

#include <array>
#include <memory>

#include "base/text.hpp"

namespace opsteward::db::postgres {

namespace {

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

/// RFC 3986 unreserved characters, those in `more`, and well-formed percent escapes.
bool HoldsOnly(std::string_view text, std::string_view more) {
    const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return false;
            i += 2;
        } else if (kLetters.find(text[i]) == std::string_view::npos && more.find(text[i]) == std::string_view::npos) {
            return false;
        }
    }
    return true;
}

/// host, host:port, [v6]:port, or nothing.
bool IsHost(std::string_view host) {
    if (host.starts_with('[')) {
        const std::size_t end = host.find(']');
        if (end == std::string_view::npos || host.substr(1, end - 1).find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos) {
            return false;
        }
        host.remove_prefix(end + 1);
        if (!host.empty() && !host.starts_with(':')) return false;
    }
    const std::size_t colon = host.find(':');
    if (colon == std::string_view::npos) return HoldsOnly(host, "");
    const std::string_view port = host.substr(colon + 1);
    return HoldsOnly(host.substr(0, colon), "") && port.find_first_not_of("0123456789") == std::string_view::npos;
}

bool IsWellFormed(std::string_view url) {
    constexpr std::array<std::string_view, 2> kSchemes = {"postgresql://", "postgres://"};
    std::size_t scheme = 0;
    for (const auto& one : kSchemes) {
        if (url.starts_with(one)) scheme = one.size();
    }
    if (scheme == 0) return false;
    url.remove_prefix(scheme);
    const std::size_t question = std::min(url.find('?'), url.size());
    const std::string_view query = url.substr(question);
    const std::size_t slash = std::min(url.find('/'), question);
    const std::string_view database = url.substr(slash, question - slash);
    std::string_view hosts = url.substr(0, slash);
    if (const std::size_t at = hosts.find('@'); at != std::string_view::npos) {
        // User and password; ':' within the password is read as it stands.
        if (!HoldsOnly(hosts.substr(0, at), ":!$&'()*+,;=")) return false;
        hosts.remove_prefix(at + 1);
    }
    for (const std::string_view host : Split(hosts, ',')) {
        if (!IsHost(host)) return false;
    }
    return HoldsOnly(database, "/!$&'()*+,;=") && HoldsOnly(query, "?/!$'()*+,;:=&");
}

}  // namespace

Result<void> CheckAddress(std::string_view url) {
    if (IsWellFormed(url)) {
        const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfoParse(std::string(url).c_str(), nullptr),
                                                                                   PQconninfoFree);
        if (options != nullptr) return Ok();
    }
    return Error::Of(ErrorCode::kInvalidInput,
                     "PostgreSQL 位址須寫成 postgresql://使用者:密碼@主機:埠/資料庫；使用者與密碼中的符號須用百分號編碼，例如 @ 寫成 %40。",
                     "A PostgreSQL address is written postgresql://USER:PASSWORD@HOST:PORT/DATABASE. Signs in the user's name or the "
                     "password are percent-encoded: @ is %40.");
}

}  // namespace opsteward::db::postgres
