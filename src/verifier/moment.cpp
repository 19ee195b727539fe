#include "verifier/moment.hpp"

#include <chrono>
#include <optional>

namespace opsteward::verifier {

namespace {

using std::chrono::milliseconds;

struct Reading {
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    std::int64_t hour = 0;
    std::int64_t minute = 0;
    std::int64_t second = 0;
    std::int64_t millisecond = 0;
};

std::optional<Reading> Read(std::int64_t moment, std::chrono::hours offset) {
    constexpr std::int64_t kYear1 = -62'135'596'800'000;
    constexpr std::int64_t kYear10000 = 253'402'300'800'000;
    constexpr std::int64_t kDay = 86'400'000;
    if (moment < kYear1 + kDay || moment >= kYear10000 - kDay) return std::nullopt;
    const std::chrono::sys_time<milliseconds> time(milliseconds(moment) + offset);
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss<milliseconds> clock(time - day);
    return Reading{static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                   clock.hours().count(), clock.minutes().count(), clock.seconds().count(), clock.subseconds().count()};
}

std::string Digits(std::int64_t number, std::size_t width) {
    const std::string digits = std::to_string(number);
    return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

std::string Clock(const Reading& time) { return Digits(time.hour, 2) + ":" + Digits(time.minute, 2) + ":" + Digits(time.second, 2); }

}  // namespace

std::string InUtc(std::int64_t moment) {
    const auto time = Read(moment, std::chrono::hours(0));
    if (!time) return std::to_string(moment) + " ms";
    return Digits(time->year, 4) + "-" + Digits(time->month, 2) + "-" + Digits(time->day, 2) + "T" + Clock(*time) + "." + Digits(time->millisecond, 3) + "Z";
}

Text InTaipei(std::int64_t moment) {
    const auto time = Read(moment, std::chrono::hours(8));
    if (!time) return Say("{0} ms", "{0} ms", {moment});
    const int year = time->year - 1911;
    // The year before Minguo 1 is the first before it: there is no year 0.
    return Say(year > 0 ? "民國{0}年{2}月{3}日 {4}" : "民國前{1}年{2}月{3}日 {4}", year > 0 ? "{0}.{2}.{3} {4}" : "{1} before Minguo, {2}.{3} {4}",
               {year, 1 - year, time->month, time->day, Clock(*time)});
}

}  // namespace opsteward::verifier
