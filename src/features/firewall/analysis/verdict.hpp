// Whether each rule of a rule base ever decides of a packet, proved.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "features/firewall/analysis/coverage.hpp"

namespace opsteward::firewall {

enum class VerdictKind : std::uint8_t {
    kLive,        ///< it decides of the witness
    kDead,        ///< no packet reaches it: active rules without unknown parts come first, or it matches nothing
    kLiveUnless,  ///< it may decide of the witness: it, or rules before it, have unknown parts
    kUndecided,   ///< the budget was spent
    kInactive,    ///< disabled or ended
};
/// "live", "dead", "live_unless", "undecided" or "inactive".
std::string_view NameOf(VerdictKind kind);

enum class VerdictCause : std::uint8_t {
    kNone,              ///< live, or dead and what happens to its traffic instead was not decided
    kShadowed,          ///< dead: all of its traffic meets with the other outcome
    kPartlyShadowed,    ///< dead: some meets with the other outcome, some with its own
    kRedundant,         ///< dead: all of its traffic has its outcome already
    kEmpty,             ///< dead: it matches nothing
    kOwnUnknownPart,    ///< live unless its own unknown parts never fit
    kEarlierUnknownPart ///< live unless earlier rules with unknown parts match all that they may: then it would be dead
};
/// "none", "shadowed", "partly_shadowed", "redundant", "empty", "own_unknown_part" or "earlier_unknown_part".
std::string_view NameOf(VerdictCause cause);

struct RuleVerdict {
    VerdictKind kind = VerdictKind::kUndecided;
    VerdictCause cause = VerdictCause::kNone;
    /// Places in RuleBase::rules, ascending. Of a dead rule: rules that together cover it, of which none can be left out but `opposed`; chosen among those
    /// that the proof used, greedily by how much of it they have. Of kEarlierUnknownPart: the same with the rules that have unknown parts.
    std::vector<std::size_t> covered_by;
    /// Of a dead rule that is shadowed, wholly or in part: the one with the other outcome that has most of its traffic and does decide of some. Among
    /// covered_by.
    std::optional<std::size_t> opposed;
    /// Live: a packet that it decides of. Live unless: one that it may decide of. Shadowed: one that `opposed` decides of.
    std::optional<Packet> witness;

    bool operator==(const RuleVerdict&) const = default;
};

struct JudgeOptions {
    unsigned threads = 0;  ///< 0: as many as there are processors, at most 8
    Budget budget;         ///< of each rule, at most
    /// Of all rules together, shared out evenly: what one does not spend is not another's, so that answers do not depend on threads.
    Budget total{40'000'000, 40'000'000'000};
    std::function<bool()> is_cancelled = [] { return false; };  ///< asked before each rule or member, of any thread; then the rest is undecided

    Budget BudgetOfEach(std::size_t rules) const;
};

/// One verdict a rule. Each witness was replayed through Evaluate(); were one to fail there, the log says so and the rule is undecided.
std::vector<RuleVerdict> JudgeRules(const CompiledRules& rules, const JudgeOptions& options);
std::vector<RuleVerdict> JudgeRules(const RuleBase& base, const JudgeOptions& options);
/// Of some rules alone: `verdicts`, one a rule, is filled at their places.
void JudgeSomeRules(const CompiledRules& rules, std::span<const std::size_t> places, const JudgeOptions& options, std::vector<RuleVerdict>& verdicts);

}  // namespace opsteward::firewall
