// What OpenVAS/GVM's XML and CSV have in common.
#pragma once

#include <string_view>

#include "features/vulnerabilities/scan_reports/report_builder.hpp"

namespace opsteward::scans {

/// "443/tcp", "general/tcp", "https (443/tcp)": general is no port.
void ReadOpenVasPort(std::string_view port, Finding& finding);

/// By the word of the report (threat) and the score, whichever is the more serious: GVM has no "critical" in older releases. A false positive is put aside.
void RateOpenVas(std::string_view threat, std::string_view score, std::string_view place, Finding& finding, ReportBuilder& builder);

/// Whether a quality-of-detection type is of the checks that log in (Greenbone, "Quality of Detection": package, registry, executable_version and theirs).
bool IsAuthenticatedQod(std::string_view type);

}  // namespace opsteward::scans
