// Configurations of more than one criterion, on one host after the other.
#pragma once

#include <cstdint>
#include <vector>

#include "features/vulnerabilities/match/product_match.hpp"
#include "features/vulnerabilities/snapshot/snapshot.hpp"

namespace opsteward::vuln {

/// Kleene's three values: what is not known of a host is kPossible, and stays so when it is negated.
class ConfigurationState {
  public:
    explicit ConfigurationState(const Snapshot& snapshot);

    /// What is told of the next host at all: whether something of such a kind that is not there may be there unseen.
    void BeginHost(bool knows_system, bool knows_hardware);
    /// The host has what the leaf asks for.
    void Mark(std::uint32_t leaf, Fit fit);
    /// After all marks of the host.
    Fit Evaluate(std::uint32_t configuration);

  private:
    Fit LeafState(std::uint32_t leaf) const;
    Fit NodeState(const NodeEntry& node) const;
    Fit Work(const ConfigurationEntry& configuration) const;

    const Snapshot& snapshot_;
    std::uint32_t unseen_parts_ = 0;
    // A mark is of the host whose number it bears, so that nothing is cleared between hosts.
    std::uint32_t host_ = 0;
    std::vector<std::uint32_t> leaf_marks_;
    std::vector<std::uint32_t> configuration_marks_;
};

}  // namespace opsteward::vuln
