// A scanner's report of any of the formats: bytes in, model out.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.hpp"
#include "features/vulnerabilities/scan_reports/report.hpp"

namespace opsteward::scans {

inline constexpr std::size_t kMaxReportBytes = std::size_t{2} << 30;

/// The format is told by the content, never by a name. kInvalidInput for a format that is not known (naming those that are) and for what is damaged or ends too
/// early (saying where); kTooLarge above `max_bytes` or a limit of depth or count. Takes the bytes, since the tree is built upon them.
Result<Report> ReadReport(std::string bytes, std::size_t max_bytes = kMaxReportBytes);

}  // namespace opsteward::scans
