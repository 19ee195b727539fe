// Members of groups and of a rule's lists that never matter, and how wide a rule is.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "features/firewall/analysis/verdict.hpp"

namespace opsteward::firewall {

enum class MemberReason : std::uint8_t {
    kEarlierRules,  ///< all that the rule matches by it is decided by active rules before that have no unknown parts
    kOtherMember,   ///< another member of the list has all of it; of two that are the same, the later one is told
    kEmpty,         ///< the rule matches nothing by it
};
/// "earlier_rules", "other_member" or "empty".
std::string_view NameOf(MemberReason reason);

struct DeadMember {
    std::size_t rule = 0;    ///< place in RuleBase::rules
    std::size_t list = 0;    ///< place in Rule::members
    std::size_t member = 0;  ///< place in MemberList::members
    MemberReason reason = MemberReason::kEmpty;
    std::optional<std::size_t> other;  ///< of kOtherMember: its place in the list

    bool operator==(const DeadMember&) const = default;
};

/// Of active rules that are not dead. Whether one member has another is asked of their products one by one: what only several together have is not told. It
/// is not asked of rules with unknown parts that may be one member's own.
std::vector<DeadMember> FindDeadMembers(const CompiledRules& rules, const std::vector<RuleVerdict>& verdicts, const JudgeOptions& options);

struct Breadth {
    double log2_packets = 0;  ///< of how many packets it may match, at most; 0 also when it matches none
    bool has_any_source = false;       ///< every address of a family it has
    bool has_any_destination = false;
    bool has_any_service = false;

    bool operator==(const Breadth&) const = default;
};
Breadth BreadthOf(const Rule& rule);

}  // namespace opsteward::firewall
