// A filter rule of OPNsense and pfSense, in the form of <filter><rule> and in that of OPNsense's <OPNsense><Firewall><Filter>.
#pragma once

#include <string>
#include <string_view>

#include "features/firewall/formats/chain_walk.hpp"
#include "features/firewall/formats/opnsense/objects.hpp"
#include "features/firewall/formats/rule_parts.hpp"

namespace opsteward::firewall {

/// Where a rule stands among all: floating ones are asked first, then those of groups, then those of interfaces.
enum class OpnsensePlace : std::uint8_t { kFloating, kGroup, kInterface };

/// What decides when a rule is asked.
struct OpnsenseOrder {
    OpnsensePlace place = OpnsensePlace::kInterface;
    bool is_quick = true;  ///< else what comes later may decide otherwise
    bool is_in = true;     ///< asked of what comes in by its interfaces
    bool is_out = false;   ///< asked of what goes out
    std::string list;      ///< "floating", or the interface as the rule names it
};

struct OpnsenseRule {
    Rule rule;  ///< without its traffic
    ChainVerdict verdict = ChainVerdict::kDeny;
    OpnsenseOrder order;
    RuleParts parts;  ///< without its zones
    NamedLists lists;
    std::string interfaces;
    bool is_not_interfaces = false;
    bool has_ipv4 = true;
    bool has_ipv6 = true;
};

/// `node` is a <rule>. Elements that are not understood are noted, and an unknown part of the rule.
OpnsenseRule ReadOpnsenseRule(pugi::xml_node node, const OpnsenseXml& xml, OpnsenseObjects& objects, ReaderNotes& notes);
/// The traffic of a rule at one side.
void FillOpnsenseTraffic(const OpnsenseRule& read, bool is_in, OpnsenseObjects& objects, RangeBudget& ranges, RangeBudget& members, Rule& rule);

}  // namespace opsteward::firewall
