// Expressions of nft's JSON (libnftables-json(5)) as nft itself would write them, for people.
#pragma once

#include <string>

#include "base/json.hpp"

namespace opsteward::firewall {

/// The statements of a rule: "ip saddr 192.0.2.0/24 tcp dport { 22, 80-90 } accept". Long lists are cut with "…".
std::string NftRuleText(const json::array& statements);
/// One element of a set or map.
std::string NftValueText(const json::value& value);

}  // namespace opsteward::firewall
