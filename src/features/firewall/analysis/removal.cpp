#include "features/firewall/analysis/removal.hpp"

#include <array>
#include <memory>

#include "base/work_together.hpp"
#include "features/firewall/analysis/solvers.hpp"

namespace opsteward::firewall {

namespace {

/// What the rule decides of may have the other outcome below it only where a rule of the other outcome, or the fallback, is not kept from it by rules without
/// unknown parts. Those with unknown parts keep nothing off.
Removal RemovalOf(Solvers& solvers, std::size_t rule, Budget budget) {
    const RuleBase& base = solvers.base();
    if (!base.rules[rule].IsActive()) return {RemovalEffect::kNothing, {}, {}};
    const Action action = base.rules[rule].action;
    const auto number = static_cast<std::uint32_t>(rule);
    Removal removal{RemovalEffect::kNothing, {}, {}};
    for (const std::size_t other : solvers.Meeting(rule, {kNoRule, OpposedTo(action), kNoRule})) {
        if (other < rule) continue;
        const Solvers::Answer answer = solvers.AskOverlap(rule, other, {static_cast<std::uint32_t>(other), kCertain, number}, budget);
        if (answer.coverage == Coverage::kUncovered) return {RemovalEffect::kMayChange, answer.witness, other};
        if (answer.coverage == Coverage::kUndecided) removal.effect = RemovalEffect::kUndecided;
    }
    if (LetsThrough(base.fallback) == LetsThrough(action)) return removal;
    const Solvers::Answer answer = solvers.AskRule(rule, {kNoRule, kCertain, number}, budget);
    if (answer.coverage == Coverage::kUncovered) return {RemovalEffect::kMayChange, answer.witness, {}};
    if (answer.coverage == Coverage::kUndecided) removal.effect = RemovalEffect::kUndecided;
    return removal;
}

}  // namespace

std::string_view NameOf(RemovalEffect effect) {
    static constexpr std::array<std::string_view, 3> kNames{"nothing", "may_change", "undecided"};
    return kNames[static_cast<std::size_t>(effect)];
}

std::vector<Removal> JudgeRemovals(const CompiledRules& rules, const JudgeOptions& options) {
    std::vector<Removal> removals(rules.base().rules.size());
    const Budget budget = options.BudgetOfEach(removals.size());
    WorkTogether(options.threads, removals.size(), [&] {
        return [&, solvers = std::make_shared<Solvers>(rules)](std::size_t rule) {
            if (options.is_cancelled()) return false;
            removals[rule] = RemovalOf(*solvers, rule, budget);
            return true;
        };
    });
    return removals;
}

}  // namespace opsteward::firewall
