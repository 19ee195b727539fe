// One rule of iptables-save: what it matches, and where it sends what matches (iptables(8), iptables-extensions(8)).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "features/firewall/formats/chain_walk.hpp"
#include "features/firewall/formats/iptables/sets.hpp"
#include "features/firewall/formats/readers.hpp"
#include "features/firewall/formats/rule_parts.hpp"
#include "features/firewall/formats/zone_names.hpp"

namespace opsteward::firewall {

/// What all rules of a text share.
struct IptablesWorld {
    explicit IptablesWorld(const ReadBounds& bounds) : ranges(bounds.ranges), members(bounds.member_ranges) {}

    ZoneNames zones{'+'};
    Ipsets sets;
    RangeBudget ranges;
    RangeBudget members;
};

struct IptablesRule {
    ChainRule rule;
    std::string target;        ///< of -j and -g; a chain of the user's, where `rule.verdict` is kJump or kGoto
    bool is_understood = true; ///< else at least one word is not
};

/// `words` are those behind "-A CHAIN".
IptablesRule ReadIptablesRule(const std::vector<std::string>& words, std::size_t first, std::size_t line, Family family, IptablesWorld& world);

}  // namespace opsteward::firewall
