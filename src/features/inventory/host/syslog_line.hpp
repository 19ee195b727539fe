// When a line of a log file was written, as rsyslog and syslog-ng write it.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.hpp"

namespace opsteward::inventory::host {

/// "2026-10-22T08:36:01.123456+08:00 host …" (RFC 3339), or "Oct 22 08:36:01 host …" (RFC 3164), which names neither
/// year nor zone: it is taken as the time of Taipei, in the last year in which it is not after `written_before`.
/// Nothing for other lines.
std::optional<Instant> TimeOfSyslogLine(std::string_view line, Instant written_before);

}  // namespace opsteward::inventory::host
