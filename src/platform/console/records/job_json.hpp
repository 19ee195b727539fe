// Jobs as the API shows them, and the limits its lists share.
#pragma once

#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "net/http_message.hpp"
#include "platform/jobs/scheduler.hpp"
#include "platform/web/route.hpp"

namespace opsteward::console::records {

inline constexpr int kMaxLimit = 200;
inline constexpr std::string_view kLimitSchema = R"({"type":"integer","minimum":1,"maximum":200,"default":50})";
inline constexpr std::string_view kJobReference = R"({"$ref":"#/components/schemas/Job"})";

/// The parameter `limit`, 1 to kMaxLimit; kInvalidInput else.
Result<int> LimitOf(const net::FormFields& query, int when_absent);

/// As the schema "Job".
json::object JobJson(const jobs::Job& job);
/// As the schema "JobDetail": with payload and log.
json::object JobDetailJson(const jobs::Job& job, const std::vector<jobs::LogLine>& log);
/// Job and JobDetail; other modules may refer to them.
std::vector<web::SchemaSpec> JobSchemas();

}  // namespace opsteward::console::records
