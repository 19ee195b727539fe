// Traffic as people write it, for questions about more than one packet:
// "src=10.0.0.0/8,2001:db8::/32 dst=192.0.2.10 service=tcp/443,udp/53 in=inside out=dmz state=new".
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "features/firewall/model/rule_base.hpp"

namespace opsteward::firewall {

/// Each name has one value or several with commas between; what is left out is any. Addresses: one, a network or a range; services: ParseService(); zones by
/// their names, of which "*" is one where the rule base has it: all that no rule names. One Traffic for each family that both ends have. kInvalidInput names
/// the part that is wrong.
Result<std::vector<Traffic>> ParseTraffic(std::string_view text, const RuleBase& rules);

/// Names and values as above, of which lists longer than `most` end with "…". What is any is left out.
std::vector<std::pair<std::string, std::string>> TrafficFields(const Traffic& traffic, const std::vector<std::string>& zones, std::size_t most);

}  // namespace opsteward::firewall
