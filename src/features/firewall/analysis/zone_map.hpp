// Two rule bases with one numbering of their zones.
#pragma once

#include <string>
#include <vector>

#include "features/firewall/model/rule_base.hpp"

namespace opsteward::firewall {

/// The zones of both by name, those of `before` first.
std::vector<std::string> ZonesOfBoth(const RuleBase& before, const RuleBase& after);

/// The rule base with `zones` as its zones, which have all of its own. What only the other names belongs to its "*" where it has one, else to sets of all zones
/// only.
RuleBase WithZones(const RuleBase& base, const std::vector<std::string>& zones);

}  // namespace opsteward::firewall
