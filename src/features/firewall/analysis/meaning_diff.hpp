// Which traffic another rule base treats otherwise: allowed before and blocked after, or the other way round.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "features/firewall/analysis/coverage.hpp"

namespace opsteward::firewall {

/// Traffic that one rule decided of before and one decides of after, with another outcome.
struct MeaningChange {
    std::optional<std::size_t> before;  ///< place in the rules before; none: the fallback
    std::optional<std::size_t> after;   ///< place in the rules after; none: the fallback
    bool was_allowed = false;           ///< before; after it is the other way round
    /// It is so only when the rules named match where they have unknown parts, and others of that kind before them do not. Where both have a rule with the same
    /// unknown parts (HaveSameConditions), the same packets are taken to fulfil them.
    bool is_conditional = false;
    std::vector<Traffic> traffic;  ///< zones by their numbers in MeaningDifference::zones
    Packet example;                ///< of the first; replayed in both

    bool operator==(const MeaningChange&) const = default;
};

struct MeaningDifference {
    std::vector<std::string> zones;  ///< of both, by name: those of before first
    std::vector<MeaningChange> changes;
    bool is_complete = true;  ///< false: there is more, or the budget was spent

    bool operator==(const MeaningDifference&) const = default;
};

struct DifferenceOptions {
    std::size_t most_products = 500;
    Budget budget{2'000'000, 2'000'000'000};  ///< of all together
};

/// Zones that only one side names are, on the other, its "*" where it has one; else the traffic of rules for all zones only. No differences and is_complete:
/// proved to mean the same. Only what rules that are not the same on both sides match is looked at.
MeaningDifference CompareMeaning(const RuleBase& before, const RuleBase& after, const DifferenceOptions& options);

}  // namespace opsteward::firewall
