// Configurations as NVD 2.0 writes them, which CVE JSON 5 took over as cpeApplicability.
#pragma once

#include <vector>

#include "features/vulnerabilities/feed/json_parts.hpp"
#include "features/vulnerabilities/record/vulnerability.hpp"

namespace opsteward::vuln {

/// Reads one configuration; several, when nodes have children (NVD 1.x) and it says the same as those. An AND that lacks a part that could not be read has
/// that as a node without criteria, so that it is never taken for less than it asks.
void ReadConfiguration(Json value, Origin origin, std::vector<Configuration>& into, std::uint64_t& odd);

}  // namespace opsteward::vuln
