// Lines of a stream of bytes that comes in pieces.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace opsteward::logs {

struct CutLines {
    std::vector<std::string_view> lines;  ///< without their line feeds; every other byte stays, a carriage return too
    std::size_t used = 0;                 ///< bytes that need not be given again
};

/// What `bytes` hold in whole lines, and with `is_end` the line that nothing ended. A line longer than `max_line` comes in pieces of that size: nothing
/// is left out. Views into `bytes`.
CutLines Cut(std::string_view bytes, bool is_end, std::size_t max_line);

}  // namespace opsteward::logs
