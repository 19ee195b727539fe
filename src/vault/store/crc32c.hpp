// CRC-32C (Castagnoli; RFC 3720 appendix B.4): finds accidents of storage. Against intent stands the Merkle tree.
#pragma once

#include <cstdint>
#include <string_view>

namespace opsteward::vault {

/// Over `bytes`, going on from the checksum of what came before. By the processor's own instruction where it has one.
std::uint32_t Crc32c(std::string_view bytes, std::uint32_t before = 0);
/// The same by table, on any processor; what the fast one is held against.
std::uint32_t Crc32cByTable(std::string_view bytes, std::uint32_t before = 0);

}  // namespace opsteward::vault
