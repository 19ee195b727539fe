#include "features/inventory/host/syslog_line.hpp"

#include <algorithm>
#include <array>

#include "base/civil_time.hpp"
#include "base/text.hpp"
#include "features/inventory/host/words.hpp"

namespace opsteward::inventory::host {
namespace {

struct YearlessTime {
    std::chrono::month_day date;
    int hour = 0;
    int minute = 0;
    int second = 0;
};

/// "Oct", "22", "08:36:01"
std::optional<YearlessTime> ParseRfc3164(const std::vector<std::string_view>& words) {
    static constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (words.size() < 3) return std::nullopt;
    const auto month = std::ranges::find(kMonths, words[0]);
    const auto day = ParseInt(words[1]);
    const auto clock = Split(words[2], ':');
    if (month == kMonths.end() || !day || *day < 1 || *day > 31 || clock.size() != 3) return std::nullopt;
    std::array<int, 3> parts{};
    for (std::size_t i = 0; i < 3; ++i) {
        const auto number = ParseInt(clock[i]);
        if (!number || *number < 0 || *number > (i == 0 ? 23 : 60)) return std::nullopt;
        parts[i] = static_cast<int>(*number);
    }
    const std::chrono::month_day date{std::chrono::month(static_cast<unsigned>(month - kMonths.begin() + 1)),
                                      std::chrono::day(static_cast<unsigned>(*day))};
    return YearlessTime{date, parts[0], parts[1], parts[2]};
}

}  // namespace

std::optional<Instant> TimeOfSyslogLine(std::string_view line, Instant written_before) {
    const auto words = SplitWords(line);
    if (words.empty()) return std::nullopt;
    if (words[0].size() > 10 && words[0].find('T') == 10) {
        const auto time = ParseRfc3339(words[0]);
        return time.ok() ? std::optional(*time) : std::nullopt;
    }
    const auto time = ParseRfc3164(words);
    if (!time) return std::nullopt;
    // A 29 February may lie up to eight years back.
    const std::chrono::year latest = TaipeiDate(written_before).year();
    for (std::chrono::year year = latest; year > latest - std::chrono::years(9); --year) {
        const Date date{year, time->date.month(), time->date.day()};
        if (!date.ok()) continue;
        const Instant instant = FromTaipei({date, time->hour, time->minute, time->second});
        if (instant <= written_before) return instant;
    }
    return std::nullopt;
}

}  // namespace opsteward::inventory::host
