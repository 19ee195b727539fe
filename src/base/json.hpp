// JSON values and text: Boost.JSON under one name, with the project's limits on what is read.
#pragma once

#include <boost/json.hpp>
#include <string_view>

#include "base/result.hpp"

namespace opsteward {

namespace json = boost::json;

/// Reads one JSON text: at most 32 levels deep, no trailing bytes, no duplicate keys decided silently (the last wins, as
/// in RFC 8259 section 4). The error names the byte offset.
Result<json::value> ParseJson(std::string_view text);

}  // namespace opsteward
