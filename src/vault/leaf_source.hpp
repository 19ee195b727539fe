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

/// Hashes of a block's records, in their order.
Result<std::vector<Hash>> LeavesOf(const Block& block);

/// Reads segments, and keeps the leaves of the block it read last. Not for use from two threads at a time.
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
    Result<void> ReadBlock(const SegmentSet::Place& place);

    std::optional<std::uint64_t> block_;  ///< number of the first record of the block kept
    std::vector<Hash> leaves_;
};

}  // namespace opsteward::vault
