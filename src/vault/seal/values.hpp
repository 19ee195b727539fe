// The two kinds of value in the lines of checkpoints and proofs.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "vault/tree/hash.hpp"

namespace opsteward::vault {

/// ASCII digits without leading zeros, up to 2^64-1.
std::optional<std::uint64_t> ParseDecimal(std::string_view text);
/// 32 bytes in base 64.
std::optional<Hash> ParseHash(std::string_view text);

}  // namespace opsteward::vault
