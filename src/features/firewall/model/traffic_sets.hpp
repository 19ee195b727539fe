// Products of sets cut with, and taken from, each other.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "features/firewall/model/rule_base.hpp"

namespace opsteward::firewall {

/// Every packet of the family.
Traffic AnyTraffic(Family family, const NumberSet& all_zones);

/// Nothing where a dimension is left empty.
std::optional<Traffic> Intersection(const Traffic& a, const Traffic& b);
std::vector<Traffic> Intersection(std::span<const Traffic> a, std::span<const Traffic> b);
bool Intersects(const Traffic& a, const Traffic& b);
bool Covers(const Traffic& a, const Traffic& b);

/// Takes `what` away from the union `from`. False, and `from` as it was, when more than `most` products would be left.
bool Subtract(std::vector<Traffic>& from, const Traffic& what, std::size_t most);

/// Joins products that differ in one dimension alone, so that a list of a thousand pairs becomes few products. The union stays the same.
void Merge(std::vector<Traffic>& products);

/// How many ranges it is made of: what it takes to store and to work with it.
std::size_t RangesOf(const Traffic& traffic);

}  // namespace opsteward::firewall
