// SHA-256 and the hashes of the Merkle tree (RFC 6962 section 2.1).
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace opsteward::verifier {

using Hash = std::array<std::uint8_t, 32>;

inline std::string_view AsBytes(const Hash& hash) { return {reinterpret_cast<const char*>(hash.data()), hash.size()}; }

class Sha256 {
  public:
    /// Of the parts, one after the other.
    Hash operator()(std::initializer_list<std::string_view> parts) const;
    /// SHA-256(0x00 ‖ record)
    Hash Leaf(std::string_view record) const { return (*this)({std::string_view("\0", 1), record}); }
    /// SHA-256(0x01 ‖ left ‖ right)
    Hash Node(const Hash& left, const Hash& right) const;
    /// Of a tree of as many leaves as a power of two. `leaves` is used up.
    Hash RootOf(std::span<Hash> leaves) const;
};

}  // namespace opsteward::verifier
