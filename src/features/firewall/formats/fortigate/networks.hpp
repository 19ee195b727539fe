// Which networks lie behind FortiOS's interfaces and zones.
#pragma once

#include <string>
#include <vector>

#include "features/firewall/formats/fortigate/objects.hpp"
#include "features/firewall/formats/zone_routes.hpp"

namespace opsteward::firewall {

/// Of a VDOM: interfaces of "system interface" in any of `scopes` that are its own, "router static" and "static6", a table for each VRF. Interfaces that are in
/// no zone are one each. What leaves by SD-WAN is behind none.
std::vector<ZoneNetworks> FortigateNetworks(const std::string& vdom, FortigateObjects& objects, const std::vector<FortigateNodeId>& scopes,
                                            RangeBudget& budget);

}  // namespace opsteward::firewall
