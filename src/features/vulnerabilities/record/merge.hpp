// One record made of what several feeds say of the same vulnerability.
#pragma once

#include <vector>

#include "features/vulnerabilities/record/vulnerability.hpp"

namespace opsteward::vuln {

/// Merges records of one id; at least one. Of the same origin the one modified last decides, and what it does not have is kept of the one before: feeds that
/// stop enriching a record must not make what was known disappear. `base`, when there is one, is what was merged before, and counts as the oldest.
///  - rejected, when the last record of NVD or of the numbering authority says so: then it has no configurations and packages;
///  - scores of all sources, one for each (origin, source, version);
///  - configurations of NVD; where it has none, the numbering authority's, then those of data publishers;
///  - packages of every origin. The records that are merged hold all of an origin's, if they hold any, so those of `base` of that origin go.
Vulnerability MergeRecords(std::optional<Vulnerability> base, std::vector<Vulnerability> records);

}  // namespace opsteward::vuln
