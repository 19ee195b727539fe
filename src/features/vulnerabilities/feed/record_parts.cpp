#include "features/vulnerabilities/feed/record_parts.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.hpp"

namespace opsteward::vuln {

namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsDigits(std::string_view text) { return std::ranges::all_of(text, IsDigit); }

void AddOnce(std::string_view text, Origin origin, std::vector<Told>& into) {
    const bool is_there = std::ranges::any_of(into, [&](const Told& told) { return told.text == text && told.origin == origin; });
    if (!is_there && !text.empty()) into.push_back({origin, CleanText(text)});
}

/// The number that stands behind `mark`, of six to eight digits; "" for none.
std::string_view NumberBehind(std::string_view address, std::string_view mark) {
    for (std::size_t at = address.find(mark); at != std::string_view::npos; at = address.find(mark, at + 1)) {
        const std::string_view rest = address.substr(at + mark.size());
        const auto digits = static_cast<std::size_t>(std::ranges::find_if_not(rest, IsDigit) - rest.begin());
        if (digits >= 6 && digits <= 8) return rest.substr(0, digits);
    }
    return {};
}

bool IsOfMicrosoft(std::string_view address) {
    const std::size_t scheme = address.find("://");
    if (scheme == std::string_view::npos) return false;
    const std::string_view rest = address.substr(scheme + 3);
    const std::string_view host = rest.substr(0, rest.find_first_of("/?#:"));
    return host == "microsoft.com" || host.ends_with(".microsoft.com");
}

}  // namespace

bool IsCveId(std::string_view text) {
    return text.starts_with("CVE-") && text.size() >= 13 && text.size() <= 28 && text[8] == '-' && IsDigits(text.substr(4, 4)) && IsDigits(text.substr(9));
}

bool ReadCvss(Json value, Metric& metric, std::uint64_t& odd) {
    ForMembers(value, odd, [&](std::string_view key, Json member) {
        if (key == "vectorString") {
            TakeText(member, metric.vector, odd);
        } else if (key == "baseScore" && !member.is_null()) {
            double score = -1;
            if (member.get(score) == simdjson::SUCCESS && score >= 0 && score <= 10) {
                metric.score_tenths = static_cast<std::uint8_t>(std::lround(score * 10));
            } else {
                ++odd;
            }
        }
    });
    return !metric.vector.empty() || metric.score_tenths != Metric::kUnscored;
}

void AddReference(std::string_view address, Origin origin, std::vector<Told>& into) {
    const bool is_there = std::ranges::any_of(into, [&](const Told& told) { return told.text == address; });
    if (!is_there && !address.empty() && into.size() < kMaxReferences) into.push_back({origin, CleanText(address)});
}

void AddWeakness(std::string_view name, Origin origin, std::vector<Told>& into) {
    constexpr std::size_t kMost = 100;
    if (name.starts_with("CWE-") && name.size() > 4 && name.size() <= 12 && IsDigits(name.substr(4)) && into.size() < kMost) AddOnce(name, origin, into);
}

std::string PatchOfAddress(std::string_view address) {
    if (address.find("icrosoft.com") == std::string_view::npos && address.find("ICROSOFT.COM") == std::string_view::npos) return {};
    const std::string small = ToLowerAscii(address);
    if (!IsOfMicrosoft(small)) return {};
    constexpr std::array<std::string_view, 6> kMarks{"/kb/", "/help/", "/kb", "=kb", "kbid=", "/help/kb"};
    for (const std::string_view mark : kMarks) {
        if (const auto number = NumberBehind(small, mark); !number.empty()) return "KB" + std::string(number);
    }
    return {};
}

void AddFixingPatches(bool is_of_microsoft, Origin origin, Vulnerability& record) {
    for (const Told& reference : record.references) {
        if (reference.origin != origin) continue;
        const std::string patch = PatchOfAddress(reference.text);
        if (patch.empty()) continue;
        if (!is_of_microsoft && !ConcernsMicrosoft(record)) return;
        AddOnce(patch, origin, record.fixing_patches);
    }
}

bool ConcernsMicrosoft(const Vulnerability& record) {
    const auto is_microsofts = [](const Criterion& criterion) {
        // "cpe:2.3:o:microsoft:…": the vendor stands behind the part, which is one character.
        return criterion.is_vulnerable && std::string_view(criterion.cpe).substr(std::min<std::size_t>(criterion.cpe.size(), 9)).starts_with(":microsoft:");
    };
    for (const Configuration& configuration : record.configurations) {
        for (const Node& node : configuration.nodes) {
            if (std::ranges::any_of(node.criteria, is_microsofts)) return true;
        }
    }
    return false;
}

}  // namespace opsteward::vuln
