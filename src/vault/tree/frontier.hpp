// The right edge of a growing tree: all that is needed to append leaves and to say the root.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/result.hpp"
#include "vault/tree/hash.hpp"

namespace opsteward::vault {

/// The root of the complete subtree over the leaves index·2^level … (index+1)·2^level-1.
using NodeReader = std::function<Result<Hash>(unsigned level, std::uint64_t index)>;

class Frontier {
  public:
    /// The frontier of a tree of `size` leaves, with at most 64 nodes read.
    static Result<Frontier> Load(std::uint64_t size, const NodeReader& nodes);

    /// Called with each complete subtree that the new leaf ends, lower levels first; level 0 is the leaf itself.
    using OnNode = std::function<void(unsigned level, std::uint64_t index, const Hash& hash)>;
    void Append(const Hash& leaf, const OnNode& on_node = {});

    std::uint64_t size() const { return size_; }
    Hash Root() const;

  private:
    std::uint64_t size_ = 0;
    /// One complete subtree for each bit that is set in size_, the largest first.
    std::vector<Hash> subtrees_;
};

}  // namespace opsteward::vault
