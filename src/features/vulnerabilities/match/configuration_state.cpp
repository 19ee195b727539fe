#include "features/vulnerabilities/match/configuration_state.hpp"

#include <algorithm>

namespace opsteward::vuln {

namespace {

Fit Negated(Fit fit) { return fit == Fit::kYes ? Fit::kNo : fit == Fit::kNo ? Fit::kYes : Fit::kPossible; }

constexpr std::uint32_t kFitBits = 2;
constexpr std::uint32_t kMaxHosts = UINT32_MAX >> kFitBits;

}  // namespace

ConfigurationState::ConfigurationState(const Snapshot& snapshot)
    : snapshot_(snapshot), leaf_marks_(snapshot.leaves().size()), configuration_marks_(snapshot.configurations().size()) {}

void ConfigurationState::BeginHost(bool knows_system, bool knows_hardware) {
    if (++host_ == kMaxHosts) {
        std::ranges::fill(leaf_marks_, 0);
        std::ranges::fill(configuration_marks_, 0);
        host_ = 1;
    }
    unseen_parts_ =
        LeafEntry::kUntold | (knows_system ? 0U : LeafEntry::kOperatingSystem) | (knows_hardware ? 0U : LeafEntry::kHardware);
}

void ConfigurationState::Mark(std::uint32_t leaf, Fit fit) {
    std::uint32_t& mark = leaf_marks_[leaf];
    mark = std::max(mark, host_ << kFitBits | static_cast<std::uint32_t>(fit));
}

Fit ConfigurationState::LeafState(std::uint32_t leaf) const {
    const std::uint32_t mark = leaf_marks_[leaf];
    if (mark >> kFitBits == host_) return static_cast<Fit>(mark & ((1U << kFitBits) - 1));
    return (snapshot_.leaves()[leaf].parts & unseen_parts_) != 0 ? Fit::kPossible : Fit::kNo;
}

Fit ConfigurationState::NodeState(const NodeEntry& node) const {
    Fit fit = Fit::kYes;
    for (std::uint32_t leaf = node.first_leaf; leaf < node.first_leaf + node.leaves; ++leaf) fit = std::min(fit, LeafState(leaf));
    return (node.flags & ConfigurationEntry::kNegated) != 0 ? Negated(fit) : fit;
}

Fit ConfigurationState::Work(const ConfigurationEntry& configuration) const {
    const bool needs_all = (configuration.flags & ConfigurationEntry::kNeedsAll) != 0;
    Fit fit = needs_all ? Fit::kYes : Fit::kNo;
    for (const NodeEntry& node : snapshot_.nodes().subspan(configuration.first_node, configuration.nodes)) {
        const Fit one = NodeState(node);
        fit = needs_all ? std::min(fit, one) : std::max(fit, one);
    }
    return (configuration.flags & ConfigurationEntry::kNegated) != 0 ? Negated(fit) : fit;
}

Fit ConfigurationState::Evaluate(std::uint32_t configuration) {
    std::uint32_t& mark = configuration_marks_[configuration];
    if (mark >> kFitBits != host_) mark = host_ << kFitBits | static_cast<std::uint32_t>(Work(snapshot_.configurations()[configuration]));
    return static_cast<Fit>(mark & ((1U << kFitBits) - 1));
}

}  // namespace opsteward::vuln
