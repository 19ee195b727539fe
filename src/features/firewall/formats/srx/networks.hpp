// Which networks lie behind the zones of Junos.
#pragma once

#include <string_view>
#include <vector>

#include "features/firewall/formats/word_tree.hpp"
#include "features/firewall/formats/zone_routes.hpp"

namespace opsteward::firewall {

/// Of the device or a logical system: addresses of `interfaces`, zones' interfaces, static routes of `routing-options` and of each routing instance (Junos OS
/// Static Routing User Guide).
std::vector<ZoneNetworks> SrxNetworks(std::string_view scope, WordNode system, RangeBudget& budget);

}  // namespace opsteward::firewall
