#include "features/firewall/idle/requested_period.hpp"

#include <algorithm>

#include "base/civil_time.hpp"
#include "base/text.hpp"

namespace opsteward::firewall {
namespace {

bool IsDigit(char c) {
    return c >= '0' && c <= '9';
}
bool IsLetter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// "REQ-2026-031".
bool IsRequest(std::string_view word) {
    const std::size_t first = word.find('-');
    if (first == std::string_view::npos || first == 0 || !std::ranges::all_of(word.substr(0, first), IsLetter)) return false;
    const std::string_view year = word.substr(first + 1, 4);
    const std::string_view rest = word.substr(std::min(first + 5, word.size()));
    if (year.size() != 4 || !std::ranges::all_of(year, IsDigit) || !rest.starts_with('-')) return false;
    return rest.size() > 1 && rest.size() <= 12 && std::ranges::all_of(rest.substr(1), IsDigit);
}

}  // namespace

RequestedPeriod FindRequestedPeriod(std::string_view comment) {
    static constexpr std::string_view kSeparators = " \t\r\n,;()[]\"'";
    RequestedPeriod period;
    for (std::size_t at = comment.find_first_not_of(kSeparators); at != std::string_view::npos; at = comment.find_first_not_of(kSeparators, at)) {
        const std::size_t end = std::min(comment.find_first_of(kSeparators, at), comment.size());
        const std::string_view word = comment.substr(at, end - at);
        at = end;
        if (IsRequest(word)) period.request = word;
        if (word.size() > 40 || !ToLowerAscii(word.substr(0, 4)).starts_with("exp=")) continue;
        const auto date = ParseDate(word.substr(4));
        if (!date.ok()) continue;
        const Date next{std::chrono::sys_days(*date) + std::chrono::days(1)};
        period.end = ToMillis(StartOfDay(next)) / 1000;
    }
    return period;
}

}  // namespace opsteward::firewall
