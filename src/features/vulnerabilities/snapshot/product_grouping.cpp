#include "features/vulnerabilities/snapshot/product_grouping.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace opsteward::vuln {

ProductGrouping::ProductGrouping(std::span<const RangeCollector> collectors, TextNumbers& attributes, std::uint32_t first_leaf) : collectors_(collectors) {
    std::unordered_map<std::string_view, std::uint32_t> numbers;
    std::vector<std::vector<std::uint32_t>> product_numbers(collectors.size());
    for (std::size_t i = 0; i < collectors.size(); ++i) {
        const RangeCollector& collector = collectors[i];
        first_leaves_.push_back(first_leaf);
        first_leaf += static_cast<std::uint32_t>(collector.leaves().size());
        auto& renumbered = attribute_numbers_.emplace_back();
        for (const std::string& text : collector.attributes()) renumbered.push_back(attributes.NumberOf(text));
        for (std::size_t k = 0; k < collector.product_keys().size(); ++k) {
            const std::string& key = collector.product_keys()[k];
            const auto [place, is_new] = numbers.try_emplace(key, static_cast<std::uint32_t>(products_.size()));
            if (is_new) products_.push_back({&key, collector.schemes()[k]});
            product_numbers[i].push_back(place->second);
        }
    }
    std::vector<std::uint32_t> order(products_.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::sort(order, {}, [this](std::uint32_t product) -> const std::string& { return *products_[product].key; });
    std::vector<std::uint32_t> ranks(products_.size());
    std::vector<Product> sorted;
    for (std::uint32_t i = 0; i < order.size(); ++i) {
        ranks[order[i]] = i;
        sorted.push_back(products_[order[i]]);
    }
    products_ = std::move(sorted);

    // Counted first, then put where they belong.
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < collectors.size(); ++i) {
        for (std::uint32_t& number : product_numbers[i]) number = ranks[number];
        for (std::size_t range = 0; range < collectors[i].size(); ++range) ++products_[product_numbers[i][collectors[i].ProductOf(range)]].end;
        total += collectors[i].size();
    }
    std::uint64_t begin = 0;
    for (Product& product : products_) {
        product.begin = begin;
        begin += product.end;
        product.end = product.begin;
    }
    members_.resize(total);
    for (std::uint32_t i = 0; i < collectors.size(); ++i) {
        for (std::uint32_t range = 0; range < collectors[i].size(); ++range) {
            members_[products_[product_numbers[i][collectors[i].ProductOf(range)]].end++] = {i, range};
        }
    }
}

void ProductGrouping::AppendRanges(std::size_t product, std::vector<KeyedRange>& to) const {
    for (std::uint64_t i = products_[product].begin; i < products_[product].end; ++i) {
        const Member& member = members_[i];
        to.push_back(collectors_[member.collector].Keyed(member.range, first_leaves_[member.collector], attribute_numbers_[member.collector]));
    }
}

}  // namespace opsteward::vuln
