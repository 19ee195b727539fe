// The lines of an input that comes in blocks, such as LogInput gives.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/result.hpp"

namespace opsteward::cli {

/// The next bytes; none at the end. They hold until the next call.
using BlockSource = std::function<Result<std::string_view>()>;
/// A line without its line end, and its number, from 1. The line holds during the call.
using LineVisitor = std::function<Result<void>(std::string_view line, std::uint64_t number)>;

/// Gives every line, the last one also where it has no line end. A line that grows beyond `max_bytes` is given as far as it has come, so that `visit` can
/// refuse it before it takes more memory. An error of `next` or `visit` ends the reading and is returned.
Result<void> ForEachLine(const BlockSource& next, std::size_t max_bytes, const LineVisitor& visit);

}  // namespace opsteward::cli
