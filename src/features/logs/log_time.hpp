// Times as log lines write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "features/logs/parsed_line.hpp"

namespace opsteward::logs {

/// A time as far as the line names it.
struct LogTime {
    std::optional<int> year;
    int month = 0;  ///< 1–12
    int day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;  ///< 60 in a leap second
    int millisecond = 0;
    std::optional<int> offset_minutes;  ///< east of UTC
};

/// Reads one time off the front of `text`; nothing, and `text` untouched, when there is none. The forms:
///   Nov  4 10:00:00        BSD syslog; day padded or not, fraction after . or ,
///   Nov 4 2026 10:00:00    Cisco with the year
///   2026 Nov 4 10:00:00    NX-OS
///   Nov 4 10:00:00 2026    asctime(3); the name of the weekday may come first
///   2026-11-04T10:00:00    RFC 3339; a blank instead of the T, offset +08:00, +0800 or Z
///   2026/11/04 10:00:00    nginx, PAN-OS
///   04/Nov/2026:10:00:00 +0800   access logs
///   04Nov2026 10:00:00     Check Point
std::optional<LogTime> TakeTime(std::string_view& text);

/// Reads a zone off the front: UTC, GMT, CST (which is Taipei's here), JST …, +0800, +08:00, UTC+8. Must end at a blank, ':' or
/// the end.
std::optional<int> TakeZone(std::string_view& text);

/// The instant it means. A year that is missing is the one that lies nearest to `received`, at most one away; a zone that is
/// missing is Asia/Taipei. Nothing for what is no day of the calendar (29 Feb with no leap year near).
std::optional<Instant> Resolve(const LogTime& time, Instant received);

/// Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by the number of digits (10, 13, 16, 19); a fraction
/// may follow.
std::optional<Instant> ReadEpoch(std::string_view text);

/// Gives `line` this time unless it has a better one: named year and zone count more than inferred ones.
void OfferTime(const LogTime& time, Instant received, ParsedLine& line);
void OfferTime(std::optional<Instant> exact, ParsedLine& line);
/// Text that is a time in one of the forms above or seconds since 1970.
void OfferTime(std::string_view text, Instant received, ParsedLine& line);

}  // namespace opsteward::logs
