#include "vault/tree/frontier.hpp"

#include <bit>

namespace opsteward::vault {

Result<Frontier> Frontier::Load(std::uint64_t size, const NodeReader& nodes) {
    Frontier frontier;
    frontier.size_ = size;
    std::uint64_t before = 0;
    for (std::uint64_t left = size; left > 0; left = size - before) {
        const std::uint64_t width = std::bit_floor(left);
        const auto level = static_cast<unsigned>(std::countr_zero(width));
        OPS_TRY(Hash hash, nodes(level, before >> level));
        frontier.subtrees_.push_back(hash);
        before += width;
    }
    return frontier;
}

void Frontier::Append(const Hash& leaf, const OnNode& on_node) {
    Hash hash = leaf;
    unsigned level = 0;
    if (on_node) on_node(0, size_, hash);
    for (std::uint64_t rest = size_; (rest & 1) != 0; rest >>= 1) {
        hash = NodeHash(subtrees_.back(), hash);
        subtrees_.pop_back();
        ++level;
        if (on_node) on_node(level, size_ >> level, hash);
    }
    subtrees_.push_back(hash);
    ++size_;
}

Hash Frontier::Root() const {
    if (subtrees_.empty()) return EmptyRoot();
    Hash root = subtrees_.back();
    for (auto subtree = subtrees_.rbegin() + 1; subtree != subtrees_.rend(); ++subtree) root = NodeHash(*subtree, root);
    return root;
}

}  // namespace opsteward::vault
