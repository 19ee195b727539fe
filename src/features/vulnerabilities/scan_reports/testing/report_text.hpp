// A report as lines of text, for holding it against what is kept beside a sample.
#pragma once

#include <string>

#include "features/vulnerabilities/scan_reports/report.hpp"

namespace opsteward::scans::testing {

/// Everything but long texts, of which the first 60 characters stand, on one line each.
std::string Describe(const Report& report);

}  // namespace opsteward::scans::testing
