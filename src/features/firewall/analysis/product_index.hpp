// Which products of a list may have packets in common with a box.
#pragma once

#include <cstdint>
#include <vector>

#include "features/firewall/analysis/packet_space.hpp"

namespace opsteward::firewall {

/// A tree over the hulls of products: each node has the hull of all below it. It is halved by the end, of any dimension, that has the most values, so that
/// 'any' goes apart from single addresses.
class ProductIndex {
  public:
    ProductIndex() = default;
    explicit ProductIndex(std::span<const Product> products);

    /// Calls `take(number)` for products below `end` whose hull meets the box, in no order to rely on.
    template <typename Take>
    void ForEachMeeting(const Box& box, std::uint32_t end, const Take& take) const {
        Search(
            end, [&box](const Box& hull) { return !AreDisjoint(hull, box); },
            [&take](std::uint32_t number) {
                take(number);
                return false;
            });
    }
    /// Whether `is_it(number)` says so of a product below `end` whose hull covers the box.
    template <typename IsIt>
    bool AnyCovering(const Box& box, std::uint32_t end, const IsIt& is_it) const {
        return Search(end, [&box](const Box& hull) { return Covers(hull, box); }, is_it);
    }

  private:
    struct Node {
        Box hull;
        std::uint32_t lowest = 0;  ///< number of a product below
        std::uint32_t begin = 0;   ///< of numbers_
        std::uint32_t end = 0;
        std::uint32_t next = 0;  ///< the node behind all that are below this one
        bool is_leaf = false;
    };

    void Build(std::uint32_t begin, std::uint32_t end);

    /// `fits` says of a hull whether it is asked for; what fits lies below nodes that fit.
    template <typename Fits, typename IsEnough>
    bool Search(std::uint32_t end, const Fits& fits, const IsEnough& is_enough) const {
        for (std::size_t i = 0; i < nodes_.size();) {
            const Node& node = nodes_[i];
            if (node.lowest >= end || !fits(node.hull)) {
                i = node.next;
                continue;
            }
            ++i;
            if (!node.is_leaf) continue;
            for (std::uint32_t k = node.begin; k < node.end; ++k) {
                if (numbers_[k] < end && fits(hulls_[k]) && is_enough(numbers_[k])) return true;
            }
        }
        return false;
    }

    std::vector<Box> hulls_;  ///< in the order of numbers_
    std::vector<std::uint32_t> numbers_;
    std::vector<Node> nodes_;
};

}  // namespace opsteward::firewall
