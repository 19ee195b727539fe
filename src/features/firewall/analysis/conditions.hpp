// Unknown parts of rules as conditions: what the model does not know of a packet, and what is the same about it in two rules.
#pragma once

#include <cstddef>
#include <vector>

#include "features/firewall/model/rule_base.hpp"

namespace opsteward::firewall {

/// Whether every unknown part holds for the rule as a whole (a schedule), and none may be one member's own (a name, a country): then each of its members, and the
/// rule, matches just those packets of its products for which the conditions hold.
bool HoldForWholeRule(const std::vector<UnknownPart>& parts);

/// Whether the same packets fulfil both rules' unknown parts: they are written the same, and where they may be one member's own, so are text and members.
bool HaveSameConditions(const Rule& a, const Rule& b);

/// Parts of a rule base's rules, in their order.
struct SplitRules {
    RuleBase base;
    std::vector<std::size_t> origins;  ///< of each part, the place of the rule that it is of
};

SplitRules WholeRules(RuleBase base);
/// Rules of one id and uuid with the same conditions, which hold for the whole rule, and with other traffic come apart on both sides: what both have, which then
/// means the same, and behind it the rest. Else what both match would seem to change, since the one might match where the other does not. Both with one numbering
/// of zones.
void SplitChangedRules(SplitRules& before, SplitRules& after);

}  // namespace opsteward::firewall
