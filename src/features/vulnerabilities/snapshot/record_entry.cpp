#include "features/vulnerabilities/snapshot/record_entry.hpp"

#include <algorithm>

#include "features/vulnerabilities/cvss/cvss.hpp"
#include "features/vulnerabilities/record/rating.hpp"

namespace opsteward::vuln {

void ScoreVectors(Vulnerability& record) {
    for (Metric& metric : record.metrics) {
        if (metric.score_tenths != Metric::kUnscored) continue;
        if (const auto score = cvss::BaseScoreTenths(metric.vector)) metric.score_tenths = static_cast<std::uint8_t>(*score);
    }
}

RecordEntry MakeRecordEntry(const Vulnerability& record, std::string& strings, SharedStrings& shared) {
    RecordEntry entry{};
    entry.id_offset = static_cast<std::uint32_t>(strings.size());
    entry.id_size = static_cast<std::uint8_t>(record.id.size());
    strings += record.id;
    entry.status = static_cast<std::uint8_t>(record.status);
    entry.is_known_exploited = record.known_exploited.has_value() ? 1 : 0;
    entry.score_tenths = Metric::kUnscored;
    if (const Metric* metric = DecidingMetric(record)) {
        const std::string_view scorer = std::string_view(metric->source).substr(0, UINT8_MAX);
        entry.scorer_offset = shared.OffsetOf(scorer);
        entry.scorer_size = static_cast<std::uint8_t>(scorer.size());
        entry.score_tenths = metric->score_tenths;
        entry.score_version = metric->version;
        entry.score_origin = static_cast<std::uint8_t>(metric->origin);
    }
    entry.probability = record.exploit_prediction ? record.exploit_prediction->probability : kUnpredicted;
    entry.percentile = record.exploit_prediction ? record.exploit_prediction->percentile : 0;
    return entry;
}

}  // namespace opsteward::vuln
