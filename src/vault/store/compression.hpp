// zstd frames (RFC 8878).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace opsteward::vault {

/// One frame. `level` is zstd's: 1 is fast, 19 is small.
std::string Compress(std::string_view bytes, int level);
/// The `size` bytes of one frame; kCorrupt when it holds another number of them. The caller bounds `size`.
Result<std::string> Decompress(std::string_view packed, std::size_t size);

}  // namespace opsteward::vault
