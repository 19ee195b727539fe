// What CVE JSON 5 says under "affected" (CVE record format 5.1, definitions product and versions).
#pragma once

#include "features/vulnerabilities/feed/json_parts.hpp"
#include "features/vulnerabilities/record/vulnerability.hpp"

namespace opsteward::vuln {

/// Adds what the list of one container says: a configuration of the products that have CPE names, with their versions; of what is a package of Red Hat's, a
/// package of OSV's ecosystem "Red Hat:…" (the numbers are those of RPM packages, not of the product that the CPE names).
/// Products without CPE names, and versions that are commits of git, say nothing that could be matched.
void ReadAffected(Json list, Origin origin, Vulnerability& record, std::uint64_t& odd);

}  // namespace opsteward::vuln
