// Which networks lie behind the zones of PAN-OS.
#pragma once

#include <string>
#include <vector>

#include "features/firewall/formats/word_tree.hpp"
#include "features/firewall/formats/zone_routes.hpp"

namespace opsteward::firewall {

/// Of a device: addresses of `network interface`, static routes of virtual routers and logical routers (PAN-OS Networking Administrator's Guide, "Static
/// Routes"). Addresses that are names of objects, or variables, are not told.
RoutedInterfaces PaloAltoRoutes(WordNode device);
/// The zones of a virtual system with their interfaces.
std::vector<ZoneInterfaces> PaloAltoZoneInterfaces(WordNode system);

}  // namespace opsteward::firewall
