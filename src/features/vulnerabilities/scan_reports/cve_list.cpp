#include "features/vulnerabilities/scan_reports/cve_list.hpp"

#include <algorithm>

namespace opsteward::scans {
namespace {

constexpr std::size_t kMaxDigits = 19;
// A plugin about one month's patches names some hundred; a text of nothing but names must not take quadratic time.
constexpr std::size_t kMaxNames = 2000;
constexpr std::size_t kMaxText = 1U << 20;

bool IsDigit(char c) {
    return c >= '0' && c <= '9';
}
bool IsLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
char Upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

std::size_t DigitsAt(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && IsDigit(text[end])) ++end;
    return end - at;
}

/// Length of the name that begins at `at`; 0 when none does.
std::size_t LengthAt(std::string_view text, std::size_t at) {
    constexpr std::string_view kPrefix = "CVE-";
    if (at > 0 && (IsLetter(text[at - 1]) || IsDigit(text[at - 1]))) return 0;
    if (text.size() - at < kPrefix.size()) return 0;
    for (std::size_t i = 0; i < kPrefix.size(); ++i) {
        if (Upper(text[at + i]) != kPrefix[i]) return 0;
    }
    const std::size_t year = at + kPrefix.size();
    if (DigitsAt(text, year) != 4 || year + 4 >= text.size() || text[year + 4] != '-') return 0;
    const std::size_t digits = DigitsAt(text, year + 5);
    if (digits < 4 || digits > kMaxDigits) return 0;
    const std::size_t end = year + 5 + digits;
    return end < text.size() && IsLetter(text[end]) ? 0 : end - at;
}

}  // namespace

void AddCves(std::string_view text, std::vector<std::string>& cves) {
    text = text.substr(0, kMaxText);
    std::size_t at = text.find_first_of("cC");
    while (at != std::string_view::npos && cves.size() < kMaxNames) {
        const std::size_t length = LengthAt(text, at);
        if (length > 0) {
            std::string name(text.substr(at, length));
            std::ranges::transform(name, name.begin(), Upper);
            if (std::ranges::find(cves, name) == cves.end()) cves.push_back(std::move(name));
        }
        at = text.find_first_of("cC", at + std::max<std::size_t>(length, 1));
    }
}

bool IsCve(std::string_view text) {
    return !text.empty() && LengthAt(text, 0) == text.size();
}

}  // namespace opsteward::scans
