// Calendar dates and times as people here write them: Minguo years (Gregorian year - 1911), zone Asia/Taipei.
//
// Asia/Taipei has been UTC+8 without daylight saving since 1980 (IANA tz database, file asia); the offset is fixed
// here, so that a machine without tzdata shows the same dates.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/language.hpp"
#include "base/result.hpp"

namespace opsteward {

using Date = std::chrono::year_month_day;

/// Minutes, hours and seconds of the Taipei clock with the Taipei date.
struct LocalTime {
    Date date;
    int hour = 0;
    int minute = 0;
    int second = 0;
};

LocalTime ToTaipei(Instant instant);
Date TaipeiDate(Instant instant);
/// The instant at which `date` begins in Taipei.
Instant StartOfDay(Date date);
Instant FromTaipei(const LocalTime& local);

/// Reads `113.8.5`, `109 年 7 月 1 日`, `1140805`, `民國114年8月5日`, `2025/8/5`, `2025-08-05`; full-width digits too.
/// Refuses what is no day of the calendar (`114.2.31`) or lies outside 民國 1 to 民國 999, saying which.
Result<Date> ParseDate(std::string_view input);

/// 民國114年8月5日 (kZhHant) or 5 Aug 2025 (kEnglish).
std::string FormatDate(Date date, Language language);
/// 114.8.5 or 2025-08-05.
std::string FormatDateShort(Date date, Language language);
/// 114.8.5 14:03 or 2025-08-05 14:03, Taipei time.
std::string FormatTime(Instant instant, Language language);
/// 114.8.5 14:03:07, Taipei time.
std::string FormatTimeWithSeconds(Instant instant, Language language);
/// 2025-08-05
std::string FormatIsoDate(Date date);
/// RFC 3339 in UTC with milliseconds: 2025-08-05T06:03:07.000Z
std::string FormatRfc3339(Instant instant);
/// RFC 3339 with any offset; fraction optional, cut to milliseconds. A bare date is the end of that day in Taipei when
/// `date_means_end_of_day`, else its start.
Result<Instant> ParseRfc3339(std::string_view input, bool date_means_end_of_day = false);
/// "3 分鐘前", "in 2 days": a rough distance for people, relative to `now`.
std::string FormatDistance(Instant instant, Instant now, Language language);

}  // namespace opsteward
