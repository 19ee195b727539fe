// CRC-32C (Castagnoli; RFC 3720 appendix B.4). It finds accidents and says where; against intent stands the Merkle tree.
#pragma once

#include <cstdint>
#include <string_view>

namespace opsteward::verifier {

/// Over `bytes`, going on from the checksum `before` of what came before them.
std::uint32_t Crc32c(std::string_view bytes, std::uint32_t before = 0);

}  // namespace opsteward::verifier
