// Whether a scan would have found a finding again.
#pragma once

#include <optional>

#include "features/vulnerabilities/scan_reports/report.hpp"

namespace opsteward::scans {

/// Reports of different tools, or of forms that name checks and components differently, are only ever matched by CVE.
bool IsSameTool(const Report& one, const Report& other);

/// Why `later` says nothing about `finding` of `earlier`, although it has the target; nothing when it looked: the scan and the target's came to their end, the
/// check ran, it could log in where it has to, and the port was tried. Both reports are of the same tool.
std::optional<Text> WhyNotLookedAt(const Report& earlier, const Finding& finding, const Report& later, const Target& target);

}  // namespace opsteward::scans
