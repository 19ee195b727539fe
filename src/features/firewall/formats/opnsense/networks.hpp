// Which networks lie behind the interfaces of OPNsense and pfSense.
#pragma once

#include <vector>

#include "features/firewall/formats/opnsense/objects.hpp"
#include "features/firewall/formats/opnsense/xml.hpp"
#include "features/firewall/formats/zone_routes.hpp"

namespace opsteward::firewall {

/// By <interfaces>, <virtualip>, <staticroutes> and their gateways, which are <gateways><gateway_item> or OPNsense's <OPNsense><Gateways>. The default route
/// leaves by the gateway that is marked or named as the default; where none is, by the only interface that has a gateway of the family.
std::vector<ZoneNetworks> OpnsenseNetworks(const OpnsenseXml& xml, OpnsenseObjects& objects, RangeBudget& budget);

}  // namespace opsteward::firewall
