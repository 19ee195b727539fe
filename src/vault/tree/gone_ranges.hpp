// Records that were deleted, and what the tree over all records still needs of them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "vault/tree/hash.hpp"

namespace opsteward::vault {

/// The complete subtree over the leaves index·2^level … (index+1)·2^level-1.
struct Subtree {
    unsigned level = 0;
    std::uint64_t index = 0;

    std::uint64_t first() const { return index << level; }
    bool operator==(const Subtree&) const = default;
};

/// The largest complete subtrees that together hold just these leaves, from left to right: at most 2 for each level. A sibling in a proof of another leaf, or the
/// root of a tree that ends outside, is made of these and of leaves that stay. Precondition: first + count does not overflow.
std::vector<Subtree> SubtreesOf(std::uint64_t first, std::uint64_t count);

struct GoneRange {
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    std::uint64_t event = 0;   ///< number of the record that says so
    std::vector<Hash> hashes;  ///< of SubtreesOf(first, count)

    std::uint64_t end() const { return first + count; }
    bool operator==(const GoneRange&) const = default;
};

/// In the order of their records, none of which is in two.
class GoneRanges {
  public:
    /// Precondition: it overlaps no other.
    void Add(GoneRange range);

    const std::vector<GoneRange>& ranges() const { return ranges_; }
    std::uint64_t records() const;
    /// The one that the record was in; none when it was not deleted.
    const GoneRange* Find(std::uint64_t sequence) const;
    /// Whether some record from `first` up to `end` was deleted.
    bool Touch(std::uint64_t first, std::uint64_t end) const;
    /// The hash of a subtree that was kept; none of any other, also where it can be made of kept ones.
    std::optional<Hash> Kept(const Subtree& subtree) const;

  private:
    /// The first one that ends after `sequence`.
    std::vector<GoneRange>::const_iterator EndingAfter(std::uint64_t sequence) const;

    std::vector<GoneRange> ranges_;
};

}  // namespace opsteward::vault
