#include "features/firewall/idle/idle_verdict.hpp"

#include <algorithm>
#include <array>

#include "features/firewall/idle/idle_text.hpp"

namespace opsteward::firewall {
namespace {

constexpr std::int64_t kDay = 86'400;

/// The time watched without a gap up to the last observation; a rule is not watched before it was made.
std::optional<Period> WindowOf(const RuleHistory& history, const Observation& observation) {
    if (observation.watched.empty()) return std::nullopt;
    Period window = observation.watched.back();
    if (history.created) window.first = std::min(std::max(window.first, *history.created), window.last);
    return window;
}

/// Why the window begins no earlier.
IdleObstacle ShortnessOf(const RuleHistory& history, const Observation& observation, const Period& window, std::int64_t limit) {
    if (history.created && *history.created > limit) return IdleObstacle::kNewRule;
    for (const CounterBreak& lost : observation.breaks) {
        if (lost.lost.first >= window.first || lost.lost.last < window.first) continue;
        return lost.kind == BreakKind::kReset ? IdleObstacle::kReset : lost.kind == BreakKind::kRestart ? IdleObstacle::kRestart : IdleObstacle::kRoleChange;
    }
    const bool has_gap = observation.watched.size() > 1 && !observation.has_counter;
    return has_gap ? IdleObstacle::kLogGap : IdleObstacle::kShortWindow;
}

/// The last use of all; where several may be, the one that is known to be latest.
std::optional<Use> LastUse(const Observation& observation) {
    if (observation.uses.empty()) return std::nullopt;
    return *std::ranges::max_element(observation.uses, {}, [](const Use& use) { return std::pair(use.earliest, use.latest); });
}

void JudgeUse(const RuleHistory& history, const Observation& observation, std::int64_t now, std::int64_t limit, std::int64_t freshness, IdleVerdict& verdict) {
    const auto used_after = [&](const Use& use) { return use.earliest >= limit; };
    const auto maybe_after = [&](const Use& use) { return use.latest >= limit; };
    if (std::ranges::any_of(observation.uses, used_after)) {
        verdict.state = IdleState::kUsed;
        return;
    }
    verdict.state = IdleState::kNotEvaluable;
    const auto window = WindowOf(history, observation);
    if (!observation.has_counter && !observation.has_log) {
        verdict.obstacle = IdleObstacle::kNoEvidence;
    } else if (!window || window->last < now - freshness) {
        verdict.obstacle = IdleObstacle::kStale;
    } else if (std::ranges::any_of(observation.uses, maybe_after)) {
        verdict.obstacle = IdleObstacle::kUncertainTime;
    } else if (window->first > limit) {
        verdict.obstacle = ShortnessOf(history, observation, *window, limit);
    } else {
        // Logs alone know of never only where they go back to the rule's making.
        const bool is_whole = history.created && window->first <= *history.created;
        const bool is_never = observation.uses.empty() && (observation.has_counter ? observation.counts_never : is_whole);
        verdict.state = is_never ? IdleState::kNeverUsed : IdleState::kIdle;
    }
}

void Propose(const RuleHistory& history, const IdleOptions& options, IdleVerdict& verdict) {
    verdict.is_past_period = history.requested.end && *history.requested.end <= options.now;
    std::optional<std::int64_t> changed = history.changed;
    if (history.created && (!changed || *history.created > *changed)) changed = history.created;
    if (changed && *changed > options.now - options.changed_days * kDay) verdict.objections.push_back(ChangedObjection(*changed));
    const bool is_kept = history.keep && !history.keep->reason.empty() && (!history.keep->until || *history.keep->until > options.now);
    if (is_kept) verdict.objections.push_back(KeepObjection(*history.keep));
    const bool is_due = verdict.state == IdleState::kIdle || verdict.state == IdleState::kNeverUsed || verdict.is_past_period;
    verdict.is_proposed = is_due && verdict.objections.empty();
}

}  // namespace

std::string_view NameOf(IdleState state) {
    static constexpr std::array<std::string_view, 4> kNames{"used", "idle", "never_used", "not_evaluable"};
    return kNames[static_cast<std::size_t>(state)];
}

std::string_view NameOf(IdleObstacle obstacle) {
    static constexpr std::array<std::string_view, 10> kNames{"none",  "no_evidence", "stale",       "short_window", "new_rule",
                                                             "reset", "restart",     "role_change", "log_gap",      "uncertain_time"};
    return kNames[static_cast<std::size_t>(obstacle)];
}

IdleVerdict JudgeIdle(const RuleHistory& history, const IdleOptions& options) {
    const Observation observation = Observe(history, options.now, options.trusts_device);
    IdleVerdict verdict;
    if (const auto window = WindowOf(history, observation)) {
        verdict.window_start = window->first;
        verdict.window_end = window->last;
    }
    verdict.last_use = LastUse(observation);
    JudgeUse(history, observation, options.now, options.now - options.limit_days * kDay, options.freshness_days * kDay, verdict);
    Propose(history, options, verdict);
    verdict.reason = ReasonOf(verdict, options);
    verdict.evidence = EvidenceOf(history, observation, verdict, options);
    return verdict;
}

}  // namespace opsteward::firewall
