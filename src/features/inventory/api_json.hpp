// Records as the API gives them; api_schemas.cpp describes the same.
#pragma once

#include <cstdint>
#include <optional>

#include "base/json.hpp"
#include "features/inventory/approval_store.hpp"
#include "features/inventory/device_store.hpp"
#include "features/inventory/fact_store.hpp"
#include "features/inventory/findings.hpp"
#include "features/inventory/topic.hpp"

namespace opsteward::inventory {

json::object DeviceAnswer(const Device& device);
json::object SummaryAnswer(const DeviceSummary& summary, int findings);
json::object FactAnswer(const Topic& topic, const FactRow& row);
/// `coverage` null: never reported.
json::object CoverageAnswer(const Topic& topic, const Coverage* coverage, const TopicCount& count);
json::object ChangeAnswer(const StoredChange& stored);
json::object ApprovalAnswer(const ApprovalRecord& record);
json::object CandidateAnswer(const Candidate& candidate);
json::object FindingAnswer(const DeviceFinding& finding);

}  // namespace opsteward::inventory
