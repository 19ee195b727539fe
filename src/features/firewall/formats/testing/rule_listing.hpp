// A configuration that was read, as lines that a test holds against those written down beside its input.
#pragma once

#include <string>
#include <vector>

#include "features/firewall/model/configuration.hpp"

namespace opsteward::firewall::testing {

/// Version and host name, rule bases with their rules, products, unknown parts, members and counters, then networks behind zones, facts, unknown lines, and the
/// names of items.
std::vector<std::string> ListConfiguration(const Configuration& configuration);

/// "tcp 80, udp 53-54, icmp 8/*".
std::string ListServices(const NumberSet& services);

}  // namespace opsteward::firewall::testing
