// Times as scanners write them.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "features/vulnerabilities/scan_reports/report_builder.hpp"

namespace opsteward::scans {

/// Seconds since 1970, as nmap and Nessus write them; nothing outside the years 1 to 9999.
std::optional<Instant> ReadEpoch(std::string_view seconds);

/// RFC 3339 (xs:dateTime), or C's asctime ("Tue Jun 25 10:39:42 2013"). Without a zone the time is taken for Taipei's, which `builder` notes; what is no time
/// is noted as well. Nothing for an empty text.
std::optional<Instant> ReadScanTime(std::string_view text, std::string_view place, ReportBuilder& builder);

}  // namespace opsteward::scans
