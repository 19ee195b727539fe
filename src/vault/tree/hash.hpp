// The hashes of the Merkle tree: RFC 6962 section 2.1 with SHA-256.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "crypto/crypto.hpp"
#include "crypto/sha256_stream.hpp"

namespace opsteward::vault {

using Hash = crypto::Digest;

/// SHA-256(0x01 ‖ left ‖ right)
Hash NodeHash(const Hash& left, const Hash& right);
/// The root of the tree without leaves: SHA-256 of nothing.
Hash EmptyRoot();
/// The root of a tree of these leaves. `leaves` are their hashes.
Hash RootOf(std::span<const Hash> leaves);

/// Hashes one leaf after the other. Not for use from two threads at a time.
class LeafHasher {
  public:
    /// SHA-256(0x00 ‖ record)
    Hash operator()(std::string_view record);

  private:
    crypto::Sha256Stream stream_;
};

/// The largest power of two smaller than `size` (RFC 6962: k). `size` is at least 2.
std::uint64_t SplitPoint(std::uint64_t size);

}  // namespace opsteward::vault
