// A proof that one record is in a signed tree (C2SP tlog-proof, https://c2sp.org/tlog-proof).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "verifier/checkpoint.hpp"
#include "verifier/sha256.hpp"

namespace opsteward::verifier {

struct Proof {
    /// A record of 4 MiB in base 64, the hashes, and a checkpoint with signatures.
    static constexpr std::size_t kMaxBytes = 8U << 20;

    std::string extra;  ///< the record
    std::uint64_t index = 0;
    std::vector<Hash> hashes;  ///< from the leaf's sibling up
    std::string checkpoint;    ///< the signed note

    static Proof Parse(std::string_view bytes);
};

/// Whether the leaf is the one of this index in the tree with this size and root (RFC 9162 section 2.1.3).
bool IsIncluded(const Hash& leaf, const Proof& proof, const Checkpoint& tree);

}  // namespace opsteward::verifier
