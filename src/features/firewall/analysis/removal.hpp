// Whether anything would change if a rule were not there.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "features/firewall/analysis/verdict.hpp"

namespace opsteward::firewall {

enum class RemovalEffect : std::uint8_t {
    kNothing,    ///< proved: every packet has the same outcome without it, whatever unknown parts do
    kMayChange,  ///< the example may have the other outcome; without unknown parts it has
    kUndecided,  ///< the budget was spent
};
/// "nothing", "may_change" or "undecided".
std::string_view NameOf(RemovalEffect effect);

struct Removal {
    RemovalEffect effect = RemovalEffect::kUndecided;
    std::optional<Packet> example;     ///< of kMayChange
    std::optional<std::size_t> below;  ///< of kMayChange: the rule that would decide of the example instead; none: the fallback

    bool operator==(const Removal&) const = default;
};

/// Of every rule. A rule that is dead or not active changes nothing. A last rule that does what the fallback does changes nothing either: whether it stands
/// there for its log is not asked.
std::vector<Removal> JudgeRemovals(const CompiledRules& rules, const JudgeOptions& options);

}  // namespace opsteward::firewall
