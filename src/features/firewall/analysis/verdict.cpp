#include "features/firewall/analysis/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <numeric>

#include "base/work_together.hpp"
#include "base/log.hpp"
#include "features/firewall/analysis/cover.hpp"
#include "features/firewall/analysis/evaluate.hpp"
#include "features/firewall/analysis/solvers.hpp"

namespace opsteward::firewall {

namespace {

constexpr std::size_t kRulesAtOnce = 16;

class Judge {
  public:
    Judge(const CompiledRules& rules, const Evaluator& evaluator, const Budget& budget) : solvers_(rules), evaluator_(evaluator), budget_(budget) {}

    RuleVerdict VerdictOf(std::size_t rule) {
        if (!base().rules[rule].IsActive()) return {VerdictKind::kInactive, VerdictCause::kNone, {}, {}, {}};
        if (IsEmpty(rule)) return {VerdictKind::kDead, VerdictCause::kEmpty, {}, {}, {}};
        RuleVerdict verdict = Prove(rule);
        if (verdict.witness && !Replays(rule, verdict)) {
            log::error("firewall analysis: the example of rule {} of {} ({}) is not decided by it when it is replayed; its verdict is withheld", rule,
                       base().name, base().rules[rule].id);
            return {};
        }
        return verdict;
    }

  private:
    const RuleBase& base() const { return solvers_.base(); }
    bool IsUncertain(std::size_t rule) const { return !base().rules[rule].unknown.empty(); }
    bool IsEmpty(std::size_t rule) const {
        const auto number = static_cast<std::uint32_t>(rule);
        return solvers_.rules().Of(Family::kIpv4).ProductsOf(number).empty() && solvers_.rules().Of(Family::kIpv6).ProductsOf(number).empty();
    }

    RuleVerdict Prove(std::size_t rule) {
        Budget budget = budget_;
        const Blockers all{static_cast<std::uint32_t>(rule), kCertain | kUncertain, kNoRule};
        const Blockers certain{static_cast<std::uint32_t>(rule), kCertain, kNoRule};
        const Solvers::Answer answer = solvers_.AskRule(rule, all, budget);
        if (answer.coverage == Coverage::kUncovered) {
            if (IsUncertain(rule)) return {VerdictKind::kLiveUnless, VerdictCause::kOwnUnknownPart, {}, {}, answer.witness};
            return {VerdictKind::kLive, VerdictCause::kNone, {}, {}, answer.witness};
        }
        const bool has_uncertain = !solvers_.Meeting(rule, {static_cast<std::uint32_t>(rule), kUncertain, kNoRule}).empty();
        if (!has_uncertain) return answer.coverage == Coverage::kCovered ? Dead(rule, answer.covering) : RuleVerdict{};
        const Solvers::Answer without = solvers_.AskRule(rule, certain, budget);
        if (without.coverage == Coverage::kCovered) return Dead(rule, without.covering);
        if (without.coverage == Coverage::kUndecided || answer.coverage == Coverage::kUndecided) return {};
        Budget for_cover = budget_;
        return {VerdictKind::kLiveUnless, VerdictCause::kEarlierUnknownPart, SmallCover(solvers_, rule, answer.covering, {}, for_cover), {}, without.witness};
    }

    RuleVerdict Dead(std::size_t rule, const std::vector<std::size_t>& covering) {
        RuleVerdict verdict{VerdictKind::kDead, VerdictCause::kNone, {}, {}, {}};
        Budget budget = budget_;
        const std::uint8_t opposed = OpposedTo(base().rules[rule].action);
        const Part other_outcome = LargestPart(rule, opposed, budget);
        if (other_outcome.rule) {
            const Part own_outcome = LargestPart(rule, static_cast<std::uint8_t>(~opposed), budget);
            verdict.opposed = other_outcome.rule;
            verdict.witness = other_outcome.packet;
            if (own_outcome.rule) verdict.cause = VerdictCause::kPartlyShadowed;
            else if (own_outcome.is_proved) verdict.cause = VerdictCause::kShadowed;
        } else if (other_outcome.is_proved) {
            verdict.cause = VerdictCause::kRedundant;
        }
        Budget for_cover = budget_;
        verdict.covered_by = SmallCover(solvers_, rule, covering, verdict.opposed, for_cover);
        return verdict;
    }

    /// A rule that decides of some of another's traffic, with a packet; none, `is_proved` where that is so and not only the budget spent.
    struct Part {
        std::optional<std::size_t> rule;
        Packet packet;
        bool is_proved = true;
    };

    /// Of the rules of these classes without unknown parts the one that has most of the rule's traffic, among those that do decide of some of it.
    Part LargestPart(std::size_t rule, std::uint8_t classes, Budget& budget) {
        const Blockers of_outcome{static_cast<std::uint32_t>(rule), static_cast<std::uint8_t>(classes & kCertain), kNoRule};
        std::vector<std::pair<double, std::size_t>> ordered;
        for (const std::size_t other : solvers_.Meeting(rule, of_outcome)) ordered.emplace_back(-solvers_.OverlapOf(rule, other), other);
        std::ranges::sort(ordered);
        Part part;
        for (const auto& [overlap, other] : ordered) {
            const Solvers::Answer answer = solvers_.AskOverlap(rule, other, {static_cast<std::uint32_t>(other), kCertain, kNoRule}, budget);
            if (answer.coverage == Coverage::kUncovered) return {other, answer.witness, true};
            part.is_proved = part.is_proved && answer.coverage == Coverage::kCovered;
        }
        return part;
    }

    bool Replays(std::size_t rule, const RuleVerdict& verdict) const {
        const Decision decision = evaluator_.Evaluate(*verdict.witness);
        if (verdict.kind == VerdictKind::kLive) return decision.rule == rule && decision.may_decide.empty();
        if (verdict.kind == VerdictKind::kDead) return decision.rule == verdict.opposed && Matches(base().rules[rule], *verdict.witness);
        return decision.rule == rule || std::ranges::find(decision.may_decide, rule) != decision.may_decide.end();
    }

    Solvers solvers_;
    const Evaluator& evaluator_;
    const Budget& budget_;
};

}  // namespace

std::string_view NameOf(VerdictKind kind) {
    static constexpr std::array<std::string_view, 5> kNames{"live", "dead", "live_unless", "undecided", "inactive"};
    return kNames[static_cast<std::size_t>(kind)];
}

std::string_view NameOf(VerdictCause cause) {
    static constexpr std::array<std::string_view, 7> kNames{"none",  "shadowed",         "partly_shadowed",     "redundant",
                                                            "empty", "own_unknown_part", "earlier_unknown_part"};
    return kNames[static_cast<std::size_t>(cause)];
}

Budget JudgeOptions::BudgetOfEach(std::size_t rules) const {
    const auto share = [rules](std::uint64_t each, std::uint64_t all) { return std::min(each, std::max<std::uint64_t>(all / std::max<std::size_t>(rules, 1), 1)); };
    return {share(budget.nodes, total.nodes), share(budget.steps, total.steps)};
}

void JudgeSomeRules(const CompiledRules& rules, std::span<const std::size_t> places, const JudgeOptions& options, std::vector<RuleVerdict>& verdicts) {
    const std::size_t pieces = (places.size() + kRulesAtOnce - 1) / kRulesAtOnce;
    const Evaluator evaluator(rules.base());
    const Budget budget = options.BudgetOfEach(rules.base().rules.size());
    WorkTogether(options.threads, pieces, [&] {
        return [&, judge = std::make_shared<Judge>(rules, evaluator, budget)](std::size_t piece) {
            const auto some = places.subspan(piece * kRulesAtOnce, std::min(kRulesAtOnce, places.size() - piece * kRulesAtOnce));
            for (const std::size_t place : some) {
                if (options.is_cancelled()) return false;
                verdicts[place] = judge->VerdictOf(place);
            }
            return true;
        };
    });
}

std::vector<RuleVerdict> JudgeRules(const CompiledRules& rules, const JudgeOptions& options) {
    std::vector<RuleVerdict> verdicts(rules.base().rules.size());
    // Also when it is cancelled.
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
        if (!rules.base().rules[i].IsActive()) verdicts[i].kind = VerdictKind::kInactive;
    }
    std::vector<std::size_t> places(verdicts.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    JudgeSomeRules(rules, places, options, verdicts);
    return verdicts;
}

std::vector<RuleVerdict> JudgeRules(const RuleBase& base, const JudgeOptions& options) { return JudgeRules(CompiledRules(base), options); }

}  // namespace opsteward::firewall
