// The period that a rule's comment says it was requested for.
#pragma once

#include <string_view>

#include "features/firewall/idle/rule_history.hpp"

namespace opsteward::firewall {

/// "REQ-2026-031 exp=2026-12-31", anywhere in the comment: a request is letters, '-', four digits, '-', digits; "exp=" is followed by a date as ParseDate reads
/// it (of either calendar, without blanks), whose whole day in Taipei still belongs to the period. Of several the last counts; what is no date counts for
/// nothing.
RequestedPeriod FindRequestedPeriod(std::string_view comment);

}  // namespace opsteward::firewall
