// What a FortiOS configuration says of the device itself.
#pragma once

#include <vector>

#include "features/firewall/formats/fortigate/objects.hpp"
#include "features/firewall/model/configuration.hpp"

namespace opsteward::firewall {

/// Facts of one scope (a VDOM, or what is global); their kinds and properties: docs/formats/firewall-configuration.md. A default is told where a full
/// configuration always has the section.
void AddFortigateFacts(const FortigateTree& tree, FortigateNodeId scope, std::vector<DeviceFact>& facts);

}  // namespace opsteward::firewall
