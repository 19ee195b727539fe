// All that is judged of a configuration, together.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "features/firewall/analysis/members.hpp"
#include "features/firewall/analysis/removal.hpp"
#include "features/firewall/analysis/verdict.hpp"
#include "features/firewall/hygiene/hygiene.hpp"
#include "features/firewall/model/configuration.hpp"

namespace opsteward::firewall {

struct RuleBaseCheck {
    // One for each rule, in their order.
    std::vector<RuleVerdict> verdicts;
    std::vector<Removal> removals;
    std::vector<Breadth> breadths;

    std::vector<DeadMember> dead_members;
    std::vector<std::size_t> reversed;  ///< places of rules that look turned round, ascending
};

/// The configuration must outlive it.
struct ConfigurationCheck {
    const Configuration* configuration = nullptr;
    std::vector<RuleBaseCheck> rule_bases;  ///< as Configuration::rule_bases
    std::vector<HygieneFinding> hygiene;
};

ConfigurationCheck CheckConfiguration(const Configuration& configuration, const JudgeOptions& judge, const HygieneOptions& hygiene);

/// What kind of its verdict a rule has: "shadowed", "partly_shadowed", "redundant", "empty", "covered" (dead, without telling whether its traffic has another
/// outcome), "disabled", "ended"; "own_unknown_part", "earlier_unknown_part"; of a live rule without which nothing would change "redundant_below", else "".
std::string_view KindOf(const Rule& rule, const RuleVerdict& verdict, const Removal& removal);

struct CheckTotals {
    std::size_t rules = 0;
    std::map<VerdictKind, std::size_t> verdicts;
    std::map<std::string_view, std::size_t> kinds;  ///< by KindOf()
    std::size_t dead_members = 0;
    std::size_t reversed = 0;
    std::map<HygieneLevel, std::size_t> hygiene;

    std::size_t Of(VerdictKind kind) const;
    std::size_t OfKind(std::string_view kind) const;
};
CheckTotals TotalsOf(const ConfigurationCheck& check);

}  // namespace opsteward::firewall
