#include "verifier/frontier.hpp"

namespace opsteward::verifier {

namespace {

Node Join(Sha256& sha256, const Node& left, const Node& right) {
    return left.is_known && right.is_known ? Node::Of(sha256.Node(left.hash, right.hash)) : Node();
}

}  // namespace

void Frontier::Append(Sha256& sha256, const Node& subtree, unsigned level, const OnNode& on_node) {
    Node node = subtree;
    std::uint64_t index = size_ >> level;
    size_ += std::uint64_t{1} << level;
    if (on_node) on_node(level, index, node);
    for (; (index & 1) != 0; index >>= 1) {
        node = Join(sha256, subtrees_.back(), node);
        subtrees_.pop_back();
        if (on_node) on_node(++level, index >> 1, node);
    }
    subtrees_.push_back(node);
}

Node RootOf(Sha256& sha256, std::span<const Node> subtrees) {
    if (subtrees.empty()) return Node::Of(sha256({}));
    Node root = subtrees.back();
    for (std::size_t i = subtrees.size() - 1; i > 0; --i) root = Join(sha256, subtrees[i - 1], root);
    return root;
}

}  // namespace opsteward::verifier
