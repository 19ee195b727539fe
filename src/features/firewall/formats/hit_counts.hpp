// Counters of rules that a device prints apart from its configuration.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "features/firewall/model/configuration.hpp"

namespace opsteward::firewall {

struct HitCount {
    std::string rule_base;  ///< as RuleBase::name; empty: not told, any that has the rule
    std::string rule;       ///< as Rule::id
    std::size_t line = 0;
    RuleCounter counter;

    bool operator==(const HitCount&) const = default;
};
struct HitCounts {
    std::vector<HitCount> counts;
    std::vector<UnknownLine> unknown;
};

/// PAN-OS: the XML of `show rule-hit-count vsys vsys-name … rule-base security rules all`. A time of 0 is none; the four are seconds since 1970 (PAN-OS XML
/// API). kInvalidInput when it is no such answer.
Result<HitCounts> ReadPaloAltoHitCounts(std::string_view text);
/// Junos: what `show security policies hit-count` prints: index, from zone, to zone, name, count. Ids as ReadSrx gives them.
Result<HitCounts> ReadSrxHitCounts(std::string_view text);

/// Gives the rules their counters; what they had is kept where the count does not tell it. Returns how many counts met a rule. Of ASA and OPNsense, whose rule
/// bases follow lists, a count is also that of each way that ends in its rule ("out1:1" of "in1:2/out1:1") and that has no count of its own.
std::size_t AddHitCounts(const HitCounts& counts, Configuration& configuration);

}  // namespace opsteward::firewall
