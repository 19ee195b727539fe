// Scanner reports told to people: a page of text, whatever the report holds. What others wrote stands on one line with its control characters made visible.
#pragma once

#include <string>

#include "base/language.hpp"
#include "features/vulnerabilities/scan_reports/compare.hpp"
#include "features/vulnerabilities/scan_reports/report.hpp"

namespace opsteward::cli {

/// Tool, targets, checks, findings by severity and state, what was not understood, and the most serious findings.
std::string ScanReportText(const scans::Report& report, Language language);

/// The four lists with their counts.
std::string ScanComparisonText(const scans::Comparison& comparison, const scans::Report& earlier, const scans::Report& later, Language language);

}  // namespace opsteward::cli
