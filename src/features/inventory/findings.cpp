#include "features/inventory/findings.hpp"

#include <algorithm>

namespace opsteward::inventory {

Result<std::map<std::int64_t, int>> CountFindings(const procedure::Procedure* procedure, const std::set<std::int64_t>& units) {
    std::map<std::int64_t, int> counts;
    if (procedure == nullptr || units.empty()) return counts;
    OPS_TRY(const auto board, procedure->BoardFor(units, std::nullopt));
    for (const auto& clause : board->clauses) {
        for (const auto& finding : clause.findings) {
            if (finding.device_id) ++counts[*finding.device_id];
        }
    }
    return counts;
}

Result<std::vector<DeviceFinding>> FindingsOn(const procedure::Procedure* procedure, std::int64_t unit_id,
                                              std::int64_t device_id) {
    std::vector<DeviceFinding> findings;
    if (procedure == nullptr) return findings;
    OPS_TRY(const auto board, procedure->BoardFor({unit_id}, std::nullopt));
    for (const auto& clause : board->clauses) {
        for (const auto& finding : clause.findings) {
            if (finding.device_id == device_id) findings.push_back({clause.clause->id, clause.clause->title, finding});
        }
    }
    std::ranges::stable_sort(findings, {},
                             [](const DeviceFinding& one) { return one.finding.severity == procedure::State::kNotMet ? 0 : 1; });
    return findings;
}

}  // namespace opsteward::inventory
