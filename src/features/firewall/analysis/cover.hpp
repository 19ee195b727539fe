// Few rules that together cover a rule, for people to read.
#pragma once

#include <optional>
#include <vector>

#include "features/firewall/analysis/solvers.hpp"

namespace opsteward::firewall {

/// Of the rules in `from`, which together cover `rule`: first `always`, then again and again the one with most of the rule's traffic among those that have a
/// packet not yet covered; then those that can be left out go, but for `always`. Ascending. When the budget is spent before, all of `from`.
std::vector<std::size_t> SmallCover(Solvers& solvers, std::size_t rule, const std::vector<std::size_t>& from, std::optional<std::size_t> always,
                                    Budget& budget);

}  // namespace opsteward::firewall
