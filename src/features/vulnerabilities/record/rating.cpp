#include "features/vulnerabilities/record/rating.hpp"

#include <algorithm>
#include <array>

namespace opsteward::vuln {

std::string_view SeverityName(Severity severity) {
    static constexpr std::array<std::string_view, 6> kNames{"unscored", "none", "low", "medium", "high", "critical"};
    return kNames[std::min<std::size_t>(static_cast<std::size_t>(severity), kNames.size() - 1)];
}

const Metric* DecidingMetric(const Vulnerability& record) {
    const Metric* deciding = nullptr;
    for (const Metric& metric : record.metrics) {
        if (metric.score_tenths == Metric::kUnscored) continue;
        const bool is_newer_kind = deciding != nullptr && metric.version >= 30 && deciding->version < 30;
        const bool is_older_kind = deciding != nullptr && metric.version < 30 && deciding->version >= 30;
        if (deciding == nullptr || is_newer_kind || (!is_older_kind && metric.score_tenths > deciding->score_tenths)) deciding = &metric;
    }
    return deciding;
}

Severity RateSeverity(std::uint8_t score_tenths, std::uint8_t version, bool is_known_exploited) {
    Severity severity = Severity::kUnscored;
    if (score_tenths != Metric::kUnscored) {
        severity = score_tenths >= 90 && version >= 30 ? Severity::kCritical
                   : score_tenths >= 70                ? Severity::kHigh
                   : score_tenths >= 40                ? Severity::kMedium
                   : score_tenths >= 1                 ? Severity::kLow
                                                       : Severity::kNone;
    }
    return is_known_exploited ? std::max(severity, Severity::kHigh) : severity;
}

Severity RateSeverity(const Metric* deciding, bool is_known_exploited) {
    if (deciding == nullptr) return RateSeverity(Metric::kUnscored, 0, is_known_exploited);
    return RateSeverity(deciding->score_tenths, deciding->version, is_known_exploited);
}

}  // namespace opsteward::vuln
