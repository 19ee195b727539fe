// What a rule base does with some traffic: is it allowed already, by which rules, or blocked by which.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "features/firewall/analysis/evaluate.hpp"
#include "features/firewall/analysis/solvers.hpp"

namespace opsteward::firewall {

enum class Extent : std::uint8_t {
    kEmpty,      ///< it was no traffic at all
    kAllowed,    ///< every packet, whatever unknown parts do
    kBlocked,    ///< every packet, whatever unknown parts do
    kPartly,     ///< some packets surely are allowed, some surely blocked
    kDepends,    ///< on unknown parts, whether it is all allowed, all blocked or partly
    kUndecided,  ///< the budget was spent
};
/// "empty", "allowed", "blocked", "partly", "depends" or "undecided".
std::string_view NameOf(Extent extent);

/// A rule that decides of some of the traffic.
struct DecidingRule {
    std::optional<std::size_t> rule;  ///< none: the fallback
    /// kAllowed or kBlocked: what happens to the example for sure; kDepends: the rule decides of it unless unknown parts, its own or those of rules before, say
    /// otherwise.
    Outcome outcome = Outcome::kDepends;
    Packet example;

    bool operator==(const DecidingRule&) const = default;
};

struct TrafficAnswer {
    static constexpr std::size_t kMostDeciding = 200;

    Extent extent = Extent::kEmpty;
    std::vector<DecidingRule> deciding;  ///< in the order of the rules, the fallback last
    bool has_more = false;               ///< there are more than kMostDeciding
    /// A packet of each outcome, where there is one.
    std::optional<Packet> allowed;
    std::optional<Packet> blocked;
    std::optional<Packet> depends;

    bool operator==(const TrafficAnswer&) const = default;
};

/// Precondition: `rules` were compiled with the traffic among `also`. `budget` is each rule's. Examples were replayed through Evaluate(); were one to fail, the
/// log says so and the answer is undecided.
TrafficAnswer AskTraffic(Solvers& solvers, const std::vector<Traffic>& traffic, const Budget& budget);
TrafficAnswer AskTraffic(const RuleBase& base, const std::vector<Traffic>& traffic, const Budget& budget);

}  // namespace opsteward::firewall
