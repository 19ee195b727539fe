// A log line read to fields: the header it came in, then the message by its format.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "features/logs/parsed_line.hpp"
#include "features/logs/text_encoding.hpp"

namespace opsteward::logs {

struct ReadOptions {
    /// What the source is known to send (FindContentFormat of its kind): tried first. Otherwise the message tells.
    std::optional<ContentFormat> expected;
    /// Only decides where quotes end: in Big5 a backslash may be half a character.
    Encoding encoding = Encoding::kUtf8;
};

/// Reads one record as it came, of any bytes, into `line`, whose former content goes. Never fails: what can't be read gives fewer
/// fields. `received` decides a year that the line does not name. A line end and NUL bytes at the end belong to no field.
/// Takes time in proportion to the length; at most ParsedLine::kMaxFields fields.
void ReadLine(std::string_view bytes, Instant received, const ReadOptions& options, ParsedLine& line);

}  // namespace opsteward::logs
