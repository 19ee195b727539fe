// An entry of an extended access list of Cisco ASA (Cisco ASA Series Command Reference, "access-list extended").
#pragma once

#include <string>
#include <string_view>

#include "features/firewall/formats/asa/objects.hpp"
#include "features/firewall/formats/asa/text.hpp"
#include "features/firewall/formats/readers.hpp"
#include "features/firewall/formats/rule_parts.hpp"

namespace opsteward::firewall {

struct AsaBudgets {
    explicit AsaBudgets(const ReadBounds& bounds) : ranges(bounds.ranges), members(bounds.member_ranges) {}

    RangeBudget ranges;
    RangeBudget members;
};

/// `words` stand behind "access-list NAME extended"; `zones` is where the list is asked. False: some word is not understood, which is an unknown part then.
bool ReadAsaRule(AsaCursor words, const ZonePair& zones, AsaObjects& objects, AsaBudgets& budgets, Rule& rule);

}  // namespace opsteward::firewall
