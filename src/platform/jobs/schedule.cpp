// When a job kind runs: "every <n>s|m|h" and the five fields of crontab(5) (POSIX.1-2017, crontab), in Taipei time.
#include <fmt/format.h>

#include <bitset>
#include <optional>

#include "base/civil_time.hpp"
#include "base/text.hpp"
#include "platform/jobs/scheduler.hpp"

namespace opsteward::jobs {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;

constexpr std::size_t kMaxLength = 200;
constexpr seconds kLongestInterval = days(366);
/// 29 February comes again after at most eight years (1896 → 1904, 2096 → 2104).
constexpr int kMaxDaysAhead = 8 * 366 + 1;

struct FieldSpec {
    Phrase name;
    int min;
    int max;
};
constexpr FieldSpec kFields[] = {{{"分（第 1 欄）", "minute (field 1)"}, 0, 59},
                                 {{"時（第 2 欄）", "hour (field 2)"}, 0, 23},
                                 {{"日（第 3 欄）", "day of month (field 3)"}, 1, 31},
                                 {{"月（第 4 欄）", "month (field 4)"}, 1, 12},
                                 {{"星期（第 5 欄）", "day of week (field 5)"}, 0, 7}};

using Values = std::bitset<60>;

struct Cron {
    Values minute, hour, day, month, weekday;
    bool is_any_day = false;      ///< the field is "*"
    bool is_any_weekday = false;
};

Error WrongField(const FieldSpec& field, std::string_view text) {
    return Error::Of(ErrorCode::kInvalidInput,
                     fmt::format("排程的{}「{}」不正確：請寫 *、{}–{} 的數字、範圍（1-5）、間隔（*/15）或以逗號分隔的清單。", field.name.zh,
                                 text, field.min, field.max),
                     fmt::format("The {} \"{}\" of the schedule is wrong: write *, a number from {} to {}, a range (1-5), a step (*/15) "
                                 "or a list with commas.",
                                 field.name.en, text, field.min, field.max));
}

std::optional<int> ReadNumber(std::string_view text, const FieldSpec& field) {
    if (text.empty() || text.size() > 2 || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    const auto number = static_cast<int>(*ParseInt(text));
    if (number < field.min || number > field.max) return std::nullopt;
    return number;
}

/// "*", "5", "1-5", each of the first and last also with "/step".
bool ReadElement(std::string_view text, const FieldSpec& field, Values& values) {
    int step = 1;
    const auto slash = text.find('/');
    if (slash != std::string_view::npos) {
        const auto read = ReadNumber(text.substr(slash + 1), {field.name, 1, field.max});
        if (!read) return false;
        step = *read;
        text = text.substr(0, slash);
    }
    int first = field.min;
    int last = field.max;
    const auto dash = text.find('-');
    if (text != "*") {
        const auto from = ReadNumber(text.substr(0, dash), field);
        const auto to = dash == std::string_view::npos ? from : ReadNumber(text.substr(dash + 1), field);
        // A step needs something to step through.
        if (!from || !to || *to < *from || (slash != std::string_view::npos && dash == std::string_view::npos)) return false;
        first = *from;
        last = *to;
    }
    for (int value = first; value <= last; value += step) values.set(static_cast<std::size_t>(value));
    return true;
}

Result<Values> ReadField(std::string_view text, const FieldSpec& field) {
    Values values;
    for (const std::string_view element : Split(text, ',')) {
        if (!ReadElement(element, field, values)) return WrongField(field, text);
    }
    return values;
}

Error NotASchedule() {
    return Error::Of(ErrorCode::kInvalidInput, "排程請寫成「every 60s」，或分 時 日 月 星期五欄（例：15 2 * * *）。",
                     "Write the schedule as \"every 60s\", or as five fields: minute hour day month weekday (\"15 2 * * *\").");
}

Result<Cron> ReadCron(std::string_view schedule) {
    std::vector<std::string_view> fields;
    for (const std::string_view word : Split(schedule, ' ')) {
        if (!word.empty()) fields.push_back(word);
    }
    if (fields.size() != std::size(kFields)) return NotASchedule();
    Cron cron;
    Values* const targets[] = {&cron.minute, &cron.hour, &cron.day, &cron.month, &cron.weekday};
    for (std::size_t i = 0; i < fields.size(); ++i) {
        OPS_TRY(*targets[i], ReadField(fields[i], kFields[i]));
    }
    if (cron.weekday[7]) cron.weekday.set(0);  // both are Sunday
    cron.is_any_day = fields[2] == "*";
    cron.is_any_weekday = fields[4] == "*";
    return cron;
}

/// crontab(5): when both day fields are restricted, either of them matching is enough.
bool MatchesDay(const Cron& cron, sys_days day) {
    const Date date(day);
    if (!cron.month[static_cast<unsigned>(date.month())]) return false;
    const bool fits_day = cron.day[static_cast<unsigned>(date.day())];
    const bool fits_weekday = cron.weekday[std::chrono::weekday(day).c_encoding()];
    if (!cron.is_any_day && !cron.is_any_weekday) return fits_day || fits_weekday;
    return fits_day && fits_weekday;
}

Result<Instant> NextCronRun(std::string_view schedule, Instant after) {
    OPS_TRY(const Cron cron, ReadCron(schedule));
    const sys_days first_day(TaipeiDate(after));
    for (int ahead = 0; ahead <= kMaxDaysAhead; ++ahead) {
        const sys_days day = first_day + days(ahead);
        if (!MatchesDay(cron, day)) continue;
        const Instant midnight = StartOfDay(Date(day));
        for (int hour = 0; hour < 24; ++hour) {
            if (!cron.hour[static_cast<std::size_t>(hour)] || midnight + hours(hour + 1) <= after) continue;
            for (int minute = 0; minute < 60; ++minute) {
                const Instant candidate = midnight + hours(hour) + minutes(minute);
                if (cron.minute[static_cast<std::size_t>(minute)] && candidate > after) return candidate;
            }
        }
    }
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("排程「{}」的日期永遠不會到來。", schedule),
                     fmt::format("The day of the schedule \"{}\" never comes.", schedule));
}

Result<seconds> ReadInterval(std::string_view text) {
    const auto wrong = Error::Of(ErrorCode::kInvalidInput, "間隔請寫成 every 30s、every 5m 或 every 1h，最長 366 天。",
                                 "Write the interval as every 30s, every 5m or every 1h, at most 366 days.");
    if (text.size() < 2 || text.size() > 10 || text.substr(0, text.size() - 1).find_first_not_of("0123456789") != std::string_view::npos) {
        return wrong;
    }
    const std::int64_t count = *ParseInt(text.substr(0, text.size() - 1));
    seconds unit{0};
    if (text.back() == 's') unit = seconds(1);
    if (text.back() == 'm') unit = minutes(1);
    if (text.back() == 'h') unit = hours(1);
    if (unit.count() == 0 || count < 1 || count > kLongestInterval / unit) return wrong;
    return unit * count;
}

}  // namespace

Result<Instant> NextRun(std::string_view schedule, Instant after) {
    constexpr std::string_view kEvery = "every ";
    schedule = Trim(schedule);
    if (schedule.size() > kMaxLength) return NotASchedule();
    if (!schedule.starts_with(kEvery)) return NextCronRun(schedule, after);
    OPS_TRY(const seconds interval, ReadInterval(Trim(schedule.substr(kEvery.size()))));
    return after + interval;
}

}  // namespace opsteward::jobs
