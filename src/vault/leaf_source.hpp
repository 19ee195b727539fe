// The hashes of the leaves, made from the records: they are not stored, for they would be larger than the records themselves are on the disk.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "vault/store/segment_set.hpp"
#include "vault/tree/hash.hpp"

namespace opsteward::vault {

/// Hashes of the block's records that were read, in their order.
Result<std::vector<Hash>> LeavesOf(const Block& block);

/// Reads segments. A first question about a block is mostly for one proof: the leaves around those it asks for are made and kept, as far as a proof needs them.
/// Whoever asks for others too is given all leaves of the block. Not for use from two threads at a time.
class LeafSource {
  public:
    /// The leaves after the segments: how many, and the hash of each, counted from 0.
    struct Tail {
        std::uint64_t size = 0;
        std::function<Hash(std::uint64_t index)> leaf;
    };

    /// Hashes of the leaves first … first+count-1. kNotFound when they go beyond the end of the log, or one of them was deleted, which is named.
    Result<std::vector<Hash>> Read(const SegmentSet& segments, const Tail& tail, std::uint64_t first, std::uint64_t count);

  private:
    /// Makes and keeps leaves of the block, at least those from `begin` to before `end`.
    Result<void> Keep(const SegmentSet::Place& place, std::uint64_t begin, std::uint64_t end);

    std::optional<std::uint64_t> asked_;  ///< number of the first record of the block that was asked last
    std::uint64_t first_ = 0;             ///< of the leaves kept
    std::vector<Hash> leaves_;            ///< one after the other, of that block
};

}  // namespace opsteward::vault
