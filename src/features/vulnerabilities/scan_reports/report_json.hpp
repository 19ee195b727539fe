// Reports and comparisons as JSON (docs/formats/scan-reports.md).
#pragma once

#include "base/json.hpp"
#include "features/vulnerabilities/scan_reports/compare.hpp"
#include "features/vulnerabilities/scan_reports/report.hpp"

namespace opsteward::scans {

/// The whole model. Of a check set with a list of ids, the list itself too.
json::value ToJson(const Report& report);
/// A finding with its target's name instead of the index.
json::value ToJson(const Report& report, const Finding& finding);
/// The four lists, each with the findings of the report where they were seen last.
json::value ToJson(const Comparison& comparison, const Report& earlier, const Report& later);

}  // namespace opsteward::scans
