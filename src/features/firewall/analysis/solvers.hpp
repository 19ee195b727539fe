// A solver for each family of a rule base: what one thread works with.
#pragma once

#include <vector>

#include "features/firewall/analysis/coverage.hpp"

namespace opsteward::firewall {

class Solvers {
  public:
    explicit Solvers(const CompiledRules& rules) : rules_(&rules), ipv4_(rules.Of(Family::kIpv4)), ipv6_(rules.Of(Family::kIpv6)) {}

    const CompiledRules& rules() const { return *rules_; }
    const RuleBase& base() const { return rules_->base(); }
    CoverageSolver& Of(Family family) { return family == Family::kIpv4 ? ipv4_ : ipv6_; }

    /// Whether all that was asked about is covered; else the first packet that was found not to be.
    struct Answer {
        Coverage coverage = Coverage::kCovered;
        Packet witness;
        std::vector<std::size_t> covering;  ///< of AskRule, when it is covered: rules that together cover it, ascending
    };
    Answer Ask(Family family, const Product& product, const Blockers& blockers, Budget& budget);
    Answer AskRule(std::size_t rule, const Blockers& blockers, Budget& budget);
    /// Of what two rules have in common.
    Answer AskOverlap(std::size_t rule, std::size_t other, const Blockers& blockers, Budget& budget);

    /// Rules that count, but for this one, and have traffic in common with it, ascending.
    std::vector<std::size_t> Meeting(std::size_t rule, const Blockers& blockers) const;
    /// How many packets two rules have in common, those that are in several products counted as often; 0: none.
    double OverlapOf(std::size_t rule, std::size_t other) const;

  private:
    const CompiledRules* rules_;
    CoverageSolver ipv4_;
    CoverageSolver ipv6_;
    IntervalStore store_;
};

}  // namespace opsteward::firewall
