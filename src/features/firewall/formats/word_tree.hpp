// A configuration as a tree of words: what `set address WEB ip-netmask 192.0.2.1` says, what the same in braces says, and what
// `<address><entry name="WEB"><ip-netmask>192.0.2.1</ip-netmask></entry></address>` says is one path. So that a vendor's two forms are read by one reader.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "features/firewall/formats/sibling_range.hpp"

namespace opsteward::firewall {

class WordNode;

/// Grows to kMaxNodes words; more are refused. Words are views: of the text that was read, which must outlive the tree, or of texts it keeps itself.
class WordTree {
  public:
    using Id = std::uint32_t;
    static constexpr Id kNone = 0xFFFFFFFF;
    static constexpr std::size_t kMaxNodes = 6'000'000;
    static constexpr std::size_t kMaxDepth = 200;

    WordTree();

    WordNode root() const;
    /// The child of that word; made at the end of the children when there is none. kNone: the tree is full or too deep, which is_full() tells from then on.
    Id Add(Id parent, std::string_view word, std::size_t line);
    Id Find(Id parent, std::string_view word) const;
    /// With all below it. Precondition: not the root.
    void Remove(Id id);
    /// Among its brothers and sisters: before or after `place`. Precondition: both have one parent.
    void Move(Id id, Id place, bool is_before);
    /// First or last among them.
    void MoveToEnd(Id id, bool is_first);
    void SetInactive(Id id, bool is_inactive) { nodes_[id].is_inactive = is_inactive; }
    /// A copy that lives as long as the tree.
    std::string_view Keep(std::string text) { return kept_.emplace_back(std::move(text)); }
    bool is_full() const { return is_full_; }

  private:
    friend class WordNode;
    struct Node {
        std::string_view word;
        Id parent = kNone;
        Id first = kNone;
        Id last = kNone;
        Id previous = kNone;
        Id next = kNone;
        std::uint32_t line = 0;
        std::uint32_t hash = 0;
        std::uint16_t depth = 0;
        bool is_inactive = false;
    };

    std::size_t SlotOf(Id parent, std::string_view word, std::uint32_t hash) const;
    void Grow();
    void Unlink(Id id);
    void LinkAfter(Id id, Id parent, Id place);

    std::vector<Node> nodes_;
    std::vector<Id> slots_;  ///< open addressing by parent and word; a power of two, at most half of it in use
    std::size_t used_ = 0;   ///< slots that are or were taken
    std::deque<std::string> kept_;
    bool is_full_ = false;
};

/// A place in a tree; none where it tests false, and then it has no word and no children.
class WordNode {
  public:
    WordNode() = default;
    WordNode(const WordTree* tree, WordTree::Id id) : tree_(tree), id_(id) {}

    explicit operator bool() const { return id_ != WordTree::kNone; }
    WordTree::Id id() const { return id_; }
    std::string_view word() const { return *this ? tree_->nodes_[id_].word : std::string_view(); }
    std::size_t line() const { return *this ? tree_->nodes_[id_].line : 0; }
    bool is_inactive() const { return *this && tree_->nodes_[id_].is_inactive; }
    bool is_leaf() const { return !*this || tree_->nodes_[id_].first == WordTree::kNone; }
    SiblingRange<WordNode> children() const { return SiblingRange(*this ? WordNode(tree_, tree_->nodes_[id_].first) : WordNode()); }
    /// The one after it below the same parent.
    WordNode next() const { return *this ? WordNode(tree_, tree_->nodes_[id_].next) : WordNode(); }
    /// The child of that word.
    WordNode operator[](std::string_view word) const { return *this ? WordNode(tree_, tree_->Find(id_, word)) : WordNode(); }
    /// The first child's word: of a setting with one value. Empty: it has none.
    std::string_view value() const { return *this ? WordNode(tree_, tree_->nodes_[id_].first).word() : std::string_view(); }
    WordNode parent() const { return *this ? WordNode(tree_, tree_->nodes_[id_].parent) : WordNode(); }

  private:
    const WordTree* tree_ = nullptr;
    WordTree::Id id_ = WordTree::kNone;
};

inline WordNode WordTree::root() const {
    return {this, 0};
}

}  // namespace opsteward::firewall
