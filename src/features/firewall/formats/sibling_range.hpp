// The values that stand below one value of a tree, where each knows the one after it.
#pragma once

#include <cstddef>

namespace opsteward::firewall {

/// A range for loops. `Node` is a small handle: none when default-constructed, `id()` tells siblings apart, `next()` is the sibling after it or none.
template <typename Node>
class SiblingRange {
  public:
    class Iterator {
      public:
        using value_type = Node;
        using difference_type = std::ptrdiff_t;
        Iterator() = default;
        explicit Iterator(Node node) : node_(node) {}
        Node operator*() const { return node_; }
        Iterator& operator++() {
            node_ = node_.next();
            return *this;
        }
        Iterator operator++(int) {
            const Iterator before = *this;
            ++*this;
            return before;
        }
        bool operator==(const Iterator& other) const { return node_.id() == other.node_.id(); }

      private:
        Node node_;
    };

    /// From `first` on; empty where it is none.
    explicit SiblingRange(Node first) : first_(first) {}
    Iterator begin() const { return Iterator(first_); }
    Iterator end() const { return {}; }

  private:
    Node first_;
};

}  // namespace opsteward::firewall
