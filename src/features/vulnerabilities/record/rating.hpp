// How grave a vulnerability is taken to be.
#pragma once

#include <cstdint>
#include <string_view>

#include "features/vulnerabilities/record/vulnerability.hpp"

namespace opsteward::vuln {

enum class Severity : std::uint8_t { kUnscored = 0, kNone, kLow, kMedium, kHigh, kCritical };
/// "unscored", "none", "low", "medium", "high" or "critical".
std::string_view SeverityName(Severity severity);

/// The score that counts: the highest of CVSS 4.0 and 3.x over all sources; where there is none, the highest of 2.0.
/// Nothing when nobody scored it. A metric with a vector alone has been given its score before.
const Metric* DecidingMetric(const Vulnerability& record);

/// By the qualitative scales of CVSS: 0.1, 4.0, 7.0, 9.0; 2.0 has none above high. Known to be exploited counts as high at least, and without a score
/// as high too. Never low for want of a score.
Severity RateSeverity(const Metric* deciding, bool is_known_exploited);
Severity RateSeverity(std::uint8_t score_tenths, std::uint8_t version, bool is_known_exploited);

}  // namespace opsteward::vuln
