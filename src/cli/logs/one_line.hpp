// What others wrote, shown on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace opsteward::cli {

/// One line on the terminal: what a device sent must not move the cursor, change colours or stand in another order than it came. Control characters become \xHH,
/// byte by byte; what is no UTF-8 becomes U+FFFD.
std::string OnOneLine(std::string_view text);

}  // namespace opsteward::cli
