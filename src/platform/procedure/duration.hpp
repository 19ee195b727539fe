// Durations as packs write them: "90s", "15m", "12h", "7d".
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace opsteward::procedure {

/// Nothing unless it is digits (at most nine) followed by s, m, h or d.
std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text);
/// In the largest unit that gives a whole number: "14d", "36h"; less than a second is cut off.
std::string FormatDuration(std::chrono::milliseconds duration);

}  // namespace opsteward::procedure
