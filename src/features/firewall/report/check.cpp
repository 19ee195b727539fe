#include "features/firewall/report/check.hpp"

#include "features/firewall/analysis/reversed.hpp"

namespace opsteward::firewall {

namespace {

RuleBaseCheck CheckRules(const RuleBase& base, const std::vector<ZoneNetworks>& networks, const JudgeOptions& options) {
    const CompiledRules rules(base);
    RuleBaseCheck check;
    check.verdicts = JudgeRules(rules, options);
    check.removals = JudgeRemovals(rules, options);
    check.breadths.reserve(base.rules.size());
    for (const Rule& rule : base.rules) check.breadths.push_back(BreadthOf(rule));
    check.dead_members = FindDeadMembers(rules, check.verdicts, options);
    check.reversed = FindReversedRules(base, networks);
    return check;
}

template <typename Key>
std::size_t CountOf(const std::map<Key, std::size_t>& counts, Key key) {
    const auto found = counts.find(key);
    return found == counts.end() ? 0 : found->second;
}

}  // namespace

ConfigurationCheck CheckConfiguration(const Configuration& configuration, const JudgeOptions& judge, const HygieneOptions& hygiene) {
    ConfigurationCheck check;
    check.configuration = &configuration;
    check.rule_bases.reserve(configuration.rule_bases.size());
    for (const RuleBase& base : configuration.rule_bases) check.rule_bases.push_back(CheckRules(base, configuration.networks, judge));
    check.hygiene = CheckHygiene(configuration, hygiene);
    return check;
}

std::string_view KindOf(const Rule& rule, const RuleVerdict& verdict, const Removal& removal) {
    switch (verdict.kind) {
        case VerdictKind::kInactive: return rule.is_enabled ? "ended" : "disabled";
        case VerdictKind::kDead: return verdict.cause == VerdictCause::kNone ? "covered" : NameOf(verdict.cause);
        case VerdictKind::kLiveUnless: return NameOf(verdict.cause);
        case VerdictKind::kLive: return removal.effect == RemovalEffect::kNothing ? "redundant_below" : "";
        case VerdictKind::kUndecided: return "";
    }
    return "";
}

std::size_t CheckTotals::Of(VerdictKind kind) const { return CountOf(verdicts, kind); }
std::size_t CheckTotals::OfKind(std::string_view kind) const { return CountOf(kinds, kind); }

CheckTotals TotalsOf(const ConfigurationCheck& check) {
    CheckTotals totals;
    for (std::size_t i = 0; i < check.rule_bases.size(); ++i) {
        const RuleBaseCheck& one = check.rule_bases[i];
        const std::vector<Rule>& rules = check.configuration->rule_bases[i].rules;
        totals.rules += rules.size();
        for (std::size_t k = 0; k < rules.size(); ++k) {
            ++totals.verdicts[one.verdicts[k].kind];
            const std::string_view kind = KindOf(rules[k], one.verdicts[k], one.removals[k]);
            if (!kind.empty()) ++totals.kinds[kind];
        }
        totals.dead_members += one.dead_members.size();
        totals.reversed += one.reversed.size();
    }
    for (const HygieneFinding& finding : check.hygiene) ++totals.hygiene[finding.level];
    return totals;
}

}  // namespace opsteward::firewall
