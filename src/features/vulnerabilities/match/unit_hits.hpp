// What one package, or one system, is found in, worked out once for all hosts that have it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "features/vulnerabilities/match/product_match.hpp"

namespace opsteward::vuln {

/// A leaf that a unit fulfils.
struct LeafHit {
    Hit hit;  ///< the surest, one that is vulnerable before one that is not; its target is the leaf. Where that is negated, no finding is about it: not vulnerable
    std::uint32_t configuration;
    bool is_fulfilled;  ///< for sure, if by another hit
};

struct UnitHits {
    /// Criteria that decide alone, by record: the surest of each. Their targets are slots.
    std::vector<Hit> plain;
    std::vector<LeafHit> leaves;  ///< by leaf
};

/// Over all items that the unit is.
Result<UnitHits> HitsOfUnit(const Snapshot& snapshot, const AttributeTable& attributes, std::span<const Item> items);

/// Whether a says more surely than b that its record applies.
bool IsSurer(const Hit& a, const Hit& b);

}  // namespace opsteward::vuln
