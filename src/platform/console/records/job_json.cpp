#include "platform/console/records/job_json.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "platform/web/request_context.hpp"

namespace opsteward::console::records {

namespace {

constexpr std::string_view kJobSchema = R"({
    "type": "object", "additionalProperties": false,
    "required": ["id", "kind", "state", "created_at", "run_at", "started_at", "finished_at", "attempts", "progress", "doing", "error",
                 "requested_by", "cancel_requested"],
    "properties": {
        "id": {"type": "integer", "minimum": 1},
        "kind": {"type": "string"},
        "state": {"type": "string", "enum": ["queued", "running", "succeeded", "failed", "cancelled"]},
        "created_at": {"type": "string", "format": "date-time"},
        "run_at": {"type": "string", "format": "date-time", "description": "not before"},
        "started_at": {"type": ["string", "null"], "format": "date-time"},
        "finished_at": {"type": ["string", "null"], "format": "date-time"},
        "attempts": {"type": "integer", "minimum": 0},
        "progress": {"type": "number", "minimum": 0, "maximum": 1},
        "doing": {"$ref": "#/components/schemas/Text"},
        "error": {"$ref": "#/components/schemas/Text"},
        "requested_by": {"type": "string"},
        "cancel_requested": {"type": "boolean"}}})";

constexpr std::string_view kJobDetailSchema = R"({
    "type": "object", "additionalProperties": false, "required": ["job", "payload", "log"],
    "properties": {
        "job": {"$ref": "#/components/schemas/Job"},
        "payload": {"description": "what the job works on; any JSON"},
        "log": {"type": "array", "items": {
            "type": "object", "additionalProperties": false, "required": ["at", "text"], "properties": {
                "at": {"type": "string", "format": "date-time"},
                "text": {"$ref": "#/components/schemas/Text"}}}}}})";

}  // namespace

Result<int> LimitOf(const net::FormFields& query, int when_absent) {
    const std::string_view text = query.Get("limit");
    if (text.empty()) return when_absent;
    const auto limit = ParseInt(text);
    if (limit && *limit >= 1 && *limit <= kMaxLimit) return static_cast<int>(*limit);
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("參數 limit 必須是 1 到 {} 的整數。", kMaxLimit),
                     fmt::format("The parameter limit has to be an integer from 1 to {}.", kMaxLimit));
}

json::object JobJson(const jobs::Job& job) {
    return {{"id", job.id},
            {"kind", job.kind},
            {"state", jobs::JobStateKey(job.state)},
            {"created_at", web::TimeJson(job.created_at)},
            {"run_at", web::TimeJson(job.run_at)},
            {"started_at", web::TimeJson(job.started_at)},
            {"finished_at", web::TimeJson(job.finished_at)},
            {"attempts", job.attempts},
            {"progress", job.progress},
            {"doing", web::TextJson(job.doing)},
            {"error", web::TextJson(job.error)},
            {"requested_by", job.requested_by},
            {"cancel_requested", job.cancel_requested}};
}

json::object JobDetailJson(const jobs::Job& job, const std::vector<jobs::LogLine>& log) {
    json::array lines;
    for (const jobs::LogLine& line : log) {
        lines.push_back(json::object{{"at", web::TimeJson(line.at)}, {"text", web::TextJson(line.text)}});
    }
    return {{"job", JobJson(job)}, {"payload", job.payload}, {"log", std::move(lines)}};
}

std::vector<web::SchemaSpec> JobSchemas() {
    return {{"Job", kJobSchema}, {"JobDetail", kJobDetailSchema}};
}

}  // namespace opsteward::console::records
