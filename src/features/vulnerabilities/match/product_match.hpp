// An item against the ranges of a product.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "features/vulnerabilities/match/item.hpp"
#include "features/vulnerabilities/snapshot/snapshot.hpp"

namespace opsteward::vuln {

/// The sets of attributes of a snapshot, cut into their components.
class AttributeTable {
  public:
    explicit AttributeTable(const Snapshot& snapshot);

    /// Nothing when the set is none: then nothing is known.
    const std::optional<AttributeSet::Views>& operator[](std::uint32_t number) const { return sets_[number < sets_.size() ? number : 0]; }

  private:
    std::vector<std::optional<AttributeSet::Views>> sets_;
};

enum class Fit : std::uint8_t { kNo = 0, kPossible = 1, kYes = 2 };

/// How sure it is that a version that is in a range is meant: of one exact version 100, of a range with both ends 90, with one end 85, of all versions 80;
/// 10 when the version is not known.
std::uint8_t ConfidenceOf(RangeKind kind, Item::Version version);

/// `place` is where the item's version stands in the block; it counts only where it is known.
Fit FitOf(const Range& range, const Item& item, std::uint32_t place, const AttributeTable& attributes);

/// Something of a record that an item is in.
struct Hit {
    std::uint32_t target;   ///< Range::target
    std::uint32_t product;
    std::uint32_t range;    ///< in the product's block
    std::uint8_t confidence;
    bool is_possible;       ///< Fit::kPossible
    bool is_vulnerable;     ///< Range::is_vulnerable, and of an item that findings are about
};

/// Appends the hits of an item on one product.
Result<void> MatchProduct(const Snapshot& snapshot, const AttributeTable& attributes, std::uint32_t product, const Item& item, std::vector<Hit>& hits);
/// On its own product, and on those whose names are patterns that it fits.
Result<void> MatchItem(const Snapshot& snapshot, const AttributeTable& attributes, const Item& item, std::vector<Hit>& hits);

}  // namespace opsteward::vuln
