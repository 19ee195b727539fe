#include "features/firewall/analysis/product_index.hpp"

#include <algorithm>
#include <numeric>

namespace opsteward::firewall {

namespace {

constexpr std::uint32_t kLeaf = 12;
constexpr std::size_t kSample = 64;

std::int32_t EndOf(const Box& box, std::size_t which) { return which < kDimensions ? box.first[which] : box.last[which - kDimensions]; }

/// The end with the most different values among some of the boxes.
std::size_t MostVaried(const std::vector<Box>& hulls, std::span<const std::uint32_t> numbers) {
    std::vector<std::int32_t> values;
    std::size_t best = 0;
    std::size_t most = 0;
    const std::size_t step = std::max<std::size_t>(numbers.size() / kSample, 1);
    for (std::size_t which = 0; which < 2 * kDimensions; ++which) {
        values.clear();
        for (std::size_t i = 0; i < numbers.size(); i += step) values.push_back(EndOf(hulls[numbers[i]], which));
        std::ranges::sort(values);
        const auto different = values.size() - std::ranges::unique(values).size();
        if (different <= most) continue;
        most = different;
        best = which;
    }
    return best;
}

}  // namespace

ProductIndex::ProductIndex(std::span<const Product> products) : numbers_(products.size()) {
    hulls_.reserve(products.size());
    for (const Product& product : products) hulls_.push_back(product.hull);
    std::iota(numbers_.begin(), numbers_.end(), 0U);
    if (numbers_.empty()) return;
    Build(0, static_cast<std::uint32_t>(numbers_.size()));
    std::vector<Box> ordered;
    ordered.reserve(hulls_.size());
    for (const std::uint32_t number : numbers_) ordered.push_back(hulls_[number]);
    hulls_ = std::move(ordered);
}

void ProductIndex::Build(std::uint32_t begin, std::uint32_t end) {
    const std::span<std::uint32_t> numbers = std::span(numbers_).subspan(begin, end - begin);
    const std::size_t place = nodes_.size();
    Node node;
    node.hull = hulls_[numbers[0]];
    node.lowest = std::ranges::min(numbers);
    node.begin = begin;
    node.end = end;
    node.is_leaf = end - begin <= kLeaf;
    for (const std::uint32_t number : numbers) {
        for (std::size_t i = 0; i < kDimensions; ++i) {
            node.hull.first[i] = std::min(node.hull.first[i], hulls_[number].first[i]);
            node.hull.last[i] = std::max(node.hull.last[i], hulls_[number].last[i]);
        }
    }
    nodes_.push_back(node);
    if (!node.is_leaf) {
        const std::size_t which = MostVaried(hulls_, numbers);
        const std::uint32_t middle = begin + (end - begin) / 2;
        std::ranges::nth_element(numbers, numbers.begin() + (middle - begin), {},
                                 [this, which](std::uint32_t number) { return std::pair(EndOf(hulls_[number], which), number); });
        Build(begin, middle);
        Build(middle, end);
    }
    nodes_[place].next = static_cast<std::uint32_t>(nodes_.size());
}

}  // namespace opsteward::firewall
