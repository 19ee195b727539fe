// Base 64 with padding (RFC 4648 section 4), as notes, checkpoints and proofs write it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace opsteward::crypto {

std::string Base64Encode(std::span<const std::uint8_t> bytes);
/// Only the one canonical form: full groups, padding at the end alone, filling bits zero, no white space.
std::optional<std::vector<std::uint8_t>> Base64Decode(std::string_view text);

}  // namespace opsteward::crypto
