// The right edge of a tree that grows by leaves or whole subtrees, some of which may be unknown.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "verifier/sha256.hpp"

namespace opsteward::verifier {

/// A hash, or that it can't be computed because a record below it can't be read.
struct Node {
    Hash hash{};
    bool is_known = false;

    static Node Of(const Hash& hash) { return {hash, true}; }
    bool Is(const Hash& other) const { return is_known && hash == other; }
};

class Frontier {
  public:
    /// Called with each complete subtree that an appended one ends, lower levels first, itself included.
    using OnNode = std::function<void(unsigned level, std::uint64_t index, const Node& node)>;

    /// A complete subtree of 2^level leaves. Precondition: size() is a multiple of that.
    void Append(Sha256& sha256, const Node& subtree, unsigned level, const OnNode& on_node = {});

    std::uint64_t size() const { return size_; }
    /// The complete subtrees that the tree is made of, the largest first: one for each bit that is set in size().
    const std::vector<Node>& subtrees() const { return subtrees_; }

  private:
    std::uint64_t size_ = 0;
    std::vector<Node> subtrees_;
};

/// Root of the tree that is made of these complete subtrees, the largest first.
Node RootOf(Sha256& sha256, std::span<const Node> subtrees);

}  // namespace opsteward::verifier
