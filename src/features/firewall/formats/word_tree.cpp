#include "features/firewall/formats/word_tree.hpp"

#include <functional>

namespace opsteward::firewall {
namespace {

constexpr WordTree::Id kGone = 0xFFFFFFFE;  ///< a slot whose node was removed

std::uint32_t HashOf(WordTree::Id parent, std::string_view word) {
    const std::uint64_t mixed = (std::hash<std::string_view>()(word) ^ parent) * 0x9E3779B97F4A7C15U;
    return static_cast<std::uint32_t>(mixed >> 32U);
}

}  // namespace

WordTree::WordTree() : nodes_(1), slots_(1024, kNone) {}

/// Where the node stands, or the slot that it would take.
std::size_t WordTree::SlotOf(Id parent, std::string_view word, std::uint32_t hash) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t free = slots_.size();
    for (std::size_t slot = hash & mask;; slot = (slot + 1) & mask) {
        const Id id = slots_[slot];
        if (id == kNone) return free == slots_.size() ? slot : free;
        if (id == kGone) {
            if (free == slots_.size()) free = slot;
            continue;
        }
        const Node& node = nodes_[id];
        if (node.hash == hash && node.parent == parent && node.word == word) return slot;
    }
}

void WordTree::Grow() {
    std::vector<Id> old(slots_.size() * 2, kNone);
    old.swap(slots_);
    used_ = 0;
    const std::size_t mask = slots_.size() - 1;
    for (const Id id : old) {
        if (id == kNone || id == kGone) continue;
        std::size_t slot = nodes_[id].hash & mask;
        while (slots_[slot] != kNone) slot = (slot + 1) & mask;
        slots_[slot] = id;
        ++used_;
    }
}

WordTree::Id WordTree::Find(Id parent, std::string_view word) const {
    const Id id = slots_[SlotOf(parent, word, HashOf(parent, word))];
    return id == kGone ? kNone : id;
}

WordTree::Id WordTree::Add(Id parent, std::string_view word, std::size_t line) {
    const std::uint32_t hash = HashOf(parent, word);
    const std::size_t slot = SlotOf(parent, word, hash);
    if (slots_[slot] != kNone && slots_[slot] != kGone) return slots_[slot];
    if (is_full_ || nodes_.size() >= kMaxNodes || nodes_[parent].depth >= kMaxDepth) {
        is_full_ = true;
        return kNone;
    }
    const auto id = static_cast<Id>(nodes_.size());
    Node node;
    node.word = word;
    node.line = static_cast<std::uint32_t>(line);
    node.hash = hash;
    node.depth = static_cast<std::uint16_t>(nodes_[parent].depth + 1);
    nodes_.push_back(node);
    LinkAfter(id, parent, nodes_[parent].last);
    if (slots_[slot] == kNone) ++used_;
    slots_[slot] = id;
    if (used_ * 2 > slots_.size()) Grow();
    return id;
}

void WordTree::Unlink(Id id) {
    Node& node = nodes_[id];
    (node.previous == kNone ? nodes_[node.parent].first : nodes_[node.previous].next) = node.next;
    (node.next == kNone ? nodes_[node.parent].last : nodes_[node.next].previous) = node.previous;
}

/// `place` kNone: as the first.
void WordTree::LinkAfter(Id id, Id parent, Id place) {
    Node& node = nodes_[id];
    node.parent = parent;
    node.previous = place;
    node.next = place == kNone ? nodes_[parent].first : nodes_[place].next;
    (place == kNone ? nodes_[parent].first : nodes_[place].next) = id;
    (node.next == kNone ? nodes_[parent].last : nodes_[node.next].previous) = id;
}

void WordTree::Remove(Id id) {
    slots_[SlotOf(nodes_[id].parent, nodes_[id].word, nodes_[id].hash)] = kGone;
    Unlink(id);
}

void WordTree::Move(Id id, Id place, bool is_before) {
    if (id == place) return;
    const Id parent = nodes_[id].parent;
    Unlink(id);
    LinkAfter(id, parent, is_before ? nodes_[place].previous : place);
}

void WordTree::MoveToEnd(Id id, bool is_first) {
    const Id parent = nodes_[id].parent;
    Unlink(id);
    LinkAfter(id, parent, is_first ? kNone : nodes_[parent].last);
}

}  // namespace opsteward::firewall
