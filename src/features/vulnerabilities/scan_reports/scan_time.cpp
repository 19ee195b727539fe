#include "features/vulnerabilities/scan_reports/scan_time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/civil_time.hpp"
#include "base/text.hpp"

namespace opsteward::scans {
namespace {

constexpr std::int64_t kFirstSecond = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr std::int64_t kLastSecond = 253'402'300'799;   // 9999-12-31T23:59:59Z

bool HasZone(std::string_view text) {
    const std::size_t time = text.find('T');
    return time != std::string_view::npos && text.find_first_of("Zz+-", time) != std::string_view::npos;
}

std::optional<Instant> ReadAsctime(std::string_view text) {
    constexpr auto kMonths = std::to_array<std::string_view>({"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"});
    if (text.size() > 64) return std::nullopt;
    std::vector<std::string_view> words;
    for (const std::string_view word : Split(text, ' ')) {
        if (!word.empty()) words.push_back(word);
    }
    if (words.size() != 5) return std::nullopt;
    const auto* const month = std::ranges::find(kMonths, words[1]);
    const auto day = ParseInt(words[2]);
    const auto year = ParseInt(words[4]);
    const auto clock = Split(words[3], ':');
    if (month == kMonths.end() || !day || !year || clock.size() != 3 || *year < 1912 || *year > 9999 || *day < 1 || *day > 31) return std::nullopt;
    const auto hour = ParseInt(clock[0]);
    const auto minute = ParseInt(clock[1]);
    const auto second = ParseInt(clock[2]);
    if (!hour || !minute || !second || *hour < 0 || *hour > 23 || *minute < 0 || *minute > 59 || *second < 0 || *second > 60) return std::nullopt;
    const Date date{std::chrono::year(static_cast<int>(*year)), std::chrono::month(static_cast<unsigned>(month - kMonths.begin() + 1)),
                    std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return FromTaipei({date, static_cast<int>(*hour), static_cast<int>(*minute), static_cast<int>(*second)});
}

}  // namespace

std::optional<Instant> ReadEpoch(std::string_view seconds) {
    const auto number = ParseInt(Trim(seconds));
    if (!number || *number < kFirstSecond || *number > kLastSecond) return std::nullopt;
    return FromMillis(*number * 1000);
}

std::optional<Instant> ReadScanTime(std::string_view text, std::string_view place, ReportBuilder& builder) {
    const std::string_view time = Trim(text);
    if (time.empty()) return std::nullopt;
    if (HasZone(time)) {
        if (auto read = ParseRfc3339(time); read.ok()) return *read;
    } else {
        std::optional<Instant> read = ReadAsctime(time);
        if (const auto dated = read ? Result<Instant>(*read) : ParseRfc3339(std::string(time) + "+08:00"); dated.ok()) {
            builder.NoteUnread(place, {"時間沒有時區，以臺北時間計。", "A time without a zone was taken for Taipei time."});
            return *dated;
        }
    }
    const std::string shown = Shorten(time, 40);
    builder.NoteUnread(place, {fmt::format("「{}」不是看得懂的時間。", shown), fmt::format("“{}” is no time that is understood.", shown)});
    return std::nullopt;
}

}  // namespace opsteward::scans
