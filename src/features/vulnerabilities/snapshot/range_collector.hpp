// Gathers the ranges of many records before they are grouped by product. One for each thread; several are then read together.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "features/vulnerabilities/snapshot/applicability.hpp"
#include "features/vulnerabilities/snapshot/layout.hpp"
#include "features/vulnerabilities/snapshot/product_block.hpp"

namespace opsteward::vuln {

/// Texts, each once, by numbers in the order of their coming.
class TextNumbers {
  public:
    std::uint32_t NumberOf(const std::string& text);
    std::optional<std::uint32_t> Find(const std::string& text) const;
    const std::vector<std::string>& texts() const { return texts_; }

  private:
    std::unordered_map<std::string, std::uint32_t> numbers_;
    std::vector<std::string> texts_;
};

class RangeCollector {
  public:
    void Add(const Vulnerability& record, std::uint32_t slot);

    /// By the numbers in `ranges`.
    const std::vector<std::string>& product_keys() const { return products_.texts(); }
    const std::vector<versions::Scheme>& schemes() const { return schemes_; }
    const std::vector<std::string>& attributes() const { return attributes_.texts(); }

    std::size_t size() const { return ranges_.size(); }
    std::uint32_t ProductOf(std::size_t range) const { return ranges_[range].product; }
    /// With leaves counted from `first_leaf` on, and attributes renumbered by `attribute_numbers`. Its views hold as long as nothing is added.
    KeyedRange Keyed(std::size_t range, std::uint32_t first_leaf, const std::vector<std::uint32_t>& attribute_numbers) const;

    // Their numbers count from the beginning of these lists.
    const std::vector<ConfigurationEntry>& configurations() const { return configurations_; }
    const std::vector<NodeEntry>& nodes() const { return nodes_; }
    const std::vector<LeafEntry>& leaves() const { return leaves_; }
    std::uint64_t odd_criteria() const { return odd_criteria_; }

  private:
    struct Raw {
        std::uint32_t product;
        std::uint32_t attributes;
        std::uint32_t target;
        std::uint64_t texts;  ///< where its four texts stand in texts_, one after the other
        std::array<std::uint16_t, 4> sizes;  ///< low key, high key, low text, high text
        std::uint8_t flags;  ///< of Range::traits
        bool has_low, has_high, excludes_low, excludes_high;
    };

    void AddRange(const ProductRange& range, std::uint32_t slot, std::uint32_t first_leaf);

    TextNumbers products_;
    std::vector<versions::Scheme> schemes_;
    TextNumbers attributes_;
    std::vector<Raw> ranges_;
    std::string texts_;
    std::vector<ConfigurationEntry> configurations_;
    std::vector<NodeEntry> nodes_;
    std::vector<LeafEntry> leaves_;
    std::uint64_t odd_criteria_ = 0;
};

}  // namespace opsteward::vuln
