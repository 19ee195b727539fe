// Small rule bases by chance with every feature of the model, all packets that they can tell apart, and what enumerating those says of the analysis.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "features/firewall/model/rule_base.hpp"

namespace opsteward::firewall::testing {

/// Three to eight rules: zones, both families, sets with gaps, several products, ICMP, source ports, states, unknown parts, disabled and ended rules, member
/// lists.
RuleBase MakeBase(std::mt19937& random);
/// Some rules of it inserted, removed, moved, edited or disabled, sometimes the fallback turned.
RuleBase Changed(const RuleBase& base, std::mt19937& random);
std::vector<Traffic> MakeTraffic(std::mt19937& random);

/// What is wrong with the verdicts, the effects of removal, the dead members, an answer, a difference of meaning or verdicts after a change; empty: nothing.
/// Each runs the analysis and holds it against every packet.
std::string HoldVerdicts(const RuleBase& base);
std::string HoldRemovals(const RuleBase& base);
std::string HoldMembers(const RuleBase& base);
std::string HoldAnswer(const RuleBase& base, const std::vector<Traffic>& traffic);
std::string HoldDifference(const RuleBase& before, const RuleBase& after);
std::string HoldRecheck(const RuleBase& before, const RuleBase& after);

/// Makes a base and a change of it, holds all of the above; what is wrong, with the rules. `seed` makes it the same each time.
std::string HoldCase(unsigned seed);

}  // namespace opsteward::firewall::testing
