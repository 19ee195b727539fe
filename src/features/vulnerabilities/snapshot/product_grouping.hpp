// From the ranges of many records, in the order of the records, to blocks of products in the order of their keys.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "features/vulnerabilities/snapshot/range_collector.hpp"

namespace opsteward::vuln {

/// The products of several collectors as one list, and for each its ranges. Leaves and attributes are renumbered on the way.
class ProductGrouping {
  public:
    /// `attributes` are the sets that are numbered already, and get those that are new. Leaves of the first collector count from `first_leaf` on, those of
    /// the next behind it.
    ProductGrouping(std::span<const RangeCollector> collectors, TextNumbers& attributes, std::uint32_t first_leaf);

    std::size_t size() const { return products_.size(); }
    const std::string& Key(std::size_t product) const { return *products_[product].key; }
    versions::Scheme SchemeOf(std::size_t product) const { return products_[product].scheme; }
    /// Appends the product's ranges. The views in them hold as long as the collectors.
    void AppendRanges(std::size_t product, std::vector<KeyedRange>& to) const;

  private:
    struct Product {
        const std::string* key;
        versions::Scheme scheme;
        std::uint64_t begin = 0;  ///< in members_
        std::uint64_t end = 0;
    };
    struct Member {
        std::uint32_t collector;
        std::uint32_t range;
    };

    std::span<const RangeCollector> collectors_;
    std::vector<std::vector<std::uint32_t>> attribute_numbers_;  ///< by collector
    std::vector<std::uint32_t> first_leaves_;
    std::vector<Product> products_;
    std::vector<Member> members_;
};

}  // namespace opsteward::vuln
