// Which rules of two rule bases are the same, in the same order.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "features/firewall/model/rule_base.hpp"

namespace opsteward::firewall {

inline constexpr std::size_t kNoPartner = std::numeric_limits<std::size_t>::max();

/// Whether both match the same and do the same: names, comments and places do not count, but where unknown parts
/// may be of them (HaveSameConditions).
bool MeansTheSame(const Rule& a, const Rule& b);

/// Of each rule in `after` its partner in `before`, or kNoPartner: partners mean the same, and stand in the same order on both sides. Rules that mean the same
/// are paired first with first; then as many as the order allows are kept. O(n log n).
std::vector<std::size_t> AlignRules(std::span<const Rule> before, std::span<const Rule> after);

}  // namespace opsteward::firewall
