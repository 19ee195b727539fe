#include "verifier/tree.hpp"

#include <algorithm>
#include <bit>

#include "verifier/block_hasher.hpp"

namespace opsteward::verifier {

bool Tree::can_add_group() const {
    if (size() % kGroup != 0) return false;
    const auto next = sizes_.upper_bound(size());
    return next == sizes_.end() || *next >= size() + kGroup;
}

void Tree::AddGroup(const Node& root) { Add(root, kGroupLevel); }

void Tree::AddGone(const Hash& root, unsigned level) {
    CompareBelow(root, level);
    // Groups inside it are never met one by one.
    if (level > kGroupLevel) stored_.Append(sha256_, Node::Of(root), level);
    Add(Node::Of(root), level);
}

void Tree::CompareBelow(const Hash& root, unsigned level) {
    for (unsigned below = TreeFiles::kStep; below < level; below += TreeFiles::kStep) {
        const std::uint64_t first = size() >> below;
        const std::uint64_t count = std::uint64_t{1} << (level - below);
        if (files_.bytes(below) / sizeof(Hash) < first + count) continue;
        std::vector<Hash> stored(count);
        for (std::uint64_t i = 0; i < count; ++i) std::ranges::copy(files_.At(below, first + i), stored[i].begin());
        if (sha256_.RootOf(stored) != root) gone_differences_.push_back({below, first, true});
    }
}

void Tree::Add(const Node& subtree, unsigned level) {
    own_.Append(sha256_, subtree, level, [this](unsigned at, std::uint64_t index, const Node& node) { Compare(at, index, node); });
    TakeRoots();
}

void Tree::Compare(unsigned level, std::uint64_t index, const Node& own) {
    if (level == 0 || level % TreeFiles::kStep != 0) return;
    const std::string stored = files_.At(level, index);
    const bool is_same = own.is_known ? AsBytes(own.hash).starts_with(stored) : stored.empty();
    if (!is_same) differences_.push_back({level, index, own.is_known});
    if (level != kGroupLevel) return;
    Node node = own;
    if (stored.size() == sizeof(Hash)) {
        std::ranges::copy(stored, node.hash.begin());
        node.is_known = true;
    }
    stored_.Append(sha256_, node, kGroupLevel);
}

void Tree::TakeRoots() {
    if (!sizes_.contains(size())) return;
    // Below the level of groups both are made of the same subtrees.
    const auto& own = own_.subtrees();
    std::vector<Node> mixed = stored_.subtrees();
    mixed.insert(mixed.end(), own.end() - std::popcount(size() % kGroup), own.end());
    roots_[size()] = {Root(), RootOf(sha256_, mixed)};
}

Node Tree::Root() { return RootOf(sha256_, own_.subtrees()); }

}  // namespace opsteward::verifier
