#include "platform/console/records/audit_page.hpp"
#include "platform/console/records/audit_reading.hpp"
#include "platform/console/records/job_actions.hpp"
#include "platform/console/records/job_json.hpp"
#include "platform/console/records/seal_view.hpp"

namespace opsteward::console::records {

namespace {

constexpr int kDefaultLimit = 50;

json::value SealJson(const audit::Seal* seal) {
    if (seal == nullptr) return nullptr;
    return json::object{{"checkpoint", seal->tree_size}, {"at", web::TimeJson(seal->at)}};
}

json::object EntryJson(const audit::Entry& entry, const RowSeals& seals) {
    const audit::Change& change = entry.change;
    return {{"sequence", entry.sequence},
            {"at", web::TimeJson(entry.at)},
            {"actor",
             json::object{{"id", entry.actor.user_id}, {"name", entry.actor.name}, {"address", entry.actor.address}}},
            {"action", change.action},
            {"subject",
             json::object{{"kind", change.subject_kind}, {"id", change.subject_id}, {"name", change.subject_name}}},
            {"unit_id", change.unit_id ? json::value(*change.unit_id) : json::value(nullptr)},
            {"before", change.before},
            {"after", change.after},
            {"hash", entry.hash},
            {"sealed", SealJson(seals.Of(entry.sequence))}};
}

Result<net::Response> GetEntries(const web::RequestContext& context, const Services& services) {
    OPS_TRY(const AuditReach reach, ReachOf(context, services.identity));
    OPS_TRY(audit::Filter filter, ApiFilterOf(context.request.query, reach));
    OPS_TRY(const int limit, LimitOf(context.request.query, kDefaultLimit));
    filter.limit = limit + 1;
    std::vector<audit::Entry> entries;
    RowSeals seals;
    OPS_CHECK(services.database.ReadWith([&](db::Session& session) -> Result<void> {
        OPS_TRY(entries, audit::Search(session, filter));
        OPS_TRY(seals, ReadRowSeals(services, session, entries));
        return Ok();
    }));
    const bool is_more = entries.size() > static_cast<std::size_t>(limit);
    if (is_more) entries.pop_back();
    json::array items;
    for (const audit::Entry& entry : entries) items.push_back(EntryJson(entry, seals));
    const json::value next = is_more ? json::value(entries.back().sequence) : json::value(nullptr);
    return web::JsonResponse(json::object{{"items", std::move(items)}, {"next_before", next}});
}

Result<net::Response> GetEntry(const web::RequestContext& context, const Services& services) {
    OPS_TRY(const std::int64_t sequence, context.IdParameter("sequence"));
    OPS_TRY(const AuditReach reach, ReachOf(context, services.identity));
    LinkedEntry row;
    RowSeals seals;
    OPS_CHECK(services.database.ReadWith([&](db::Session& session) -> Result<void> {
        OPS_TRY(row, FindEntry(session, sequence, reach));
        OPS_TRY(seals, ReadRowSeals(services, session, {&row.entry, 1}));
        return Ok();
    }));
    json::object answer = EntryJson(row.entry, seals);
    answer["previous_hash"] = row.previous_hash;
    return web::JsonResponse(answer);
}

Result<net::Response> PostVerify(const web::RequestContext& context, const Services& services) {
    OPS_TRY(const jobs::Job job, RunNow(services, context, kVerifyJob));
    return web::JsonResponse(JobJson(job), 202);
}

// "before" and "after" are whatever the module that made the change wrote: any JSON value.
constexpr std::string_view kEntrySchema = R"({
    "type": "object", "additionalProperties": false,
    "required": ["sequence", "at", "actor", "action", "subject", "unit_id", "before", "after", "hash", "sealed"],
    "properties": {
        "sequence": {"type": "integer", "minimum": 1},
        "at": {"type": "string", "format": "date-time"},
        "actor": {"type": "object", "additionalProperties": false, "required": ["id", "name", "address"], "properties": {
            "id": {"type": "integer", "description": "0: the program itself"},
            "name": {"type": "string"},
            "address": {"type": "string", "description": "IP address, or empty"}}},
        "action": {"type": "string", "description": "object.verb"},
        "subject": {"type": "object", "additionalProperties": false, "required": ["kind", "id", "name"], "properties": {
            "kind": {"type": "string"}, "id": {"type": "string"}, "name": {"type": "string"}}},
        "unit_id": {"type": ["integer", "null"]},
        "before": {"description": "null: it did not exist"},
        "after": {"description": "null: it is gone, or nothing is kept of it"},
        "hash": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "sealed": {"type": ["object", "null"], "additionalProperties": false, "required": ["checkpoint", "at"],
            "description": "null: not sealed yet in the log vault of the server that answers", "properties": {
            "checkpoint": {"type": "integer", "minimum": 1, "description": "size of the tree in the first checkpoint that holds the row"},
            "at": {"type": "string", "format": "date-time"}}},
        "previous_hash": {"type": "string", "pattern": "^([0-9a-f]{64})?$", "description": "only of a single row; empty for the first"}}})";

}  // namespace

std::vector<web::Route> AuditApiRoutes(std::shared_ptr<const Services> services) {
    const web::ApiDoc list{
        .summary = "Rows of the audit trail, newest first",
        .response_schema =
            R"({"type":"object","additionalProperties":false,"required":["items","next_before"],"properties":{)"
            R"("items":{"type":"array","items":{"$ref":"#/components/schemas/AuditEntry"}},)"
            R"("next_before":{"type":["integer","null"],"description":"before of the next page; null: there is none"}}})",
        .query = {{"q", "in action, subject or person"},
                  {"actor", "sign-in name"},
                  {"kind", "kind of subject"},
                  {"id", "id of the subject"},
                  {"from", "time, or date in Taipei (RFC 3339)"},
                  {"until", "time, exclusive, or date in Taipei, whole (RFC 3339)"},
                  {"before", "only rows with a smaller sequence", R"({"type":"integer","minimum":1})"},
                  {"limit", "at most so many", kLimitSchema}}};
    const web::ApiDoc one{.summary = "One row, with the hash before it",
                          .response_schema = R"({"$ref":"#/components/schemas/AuditEntry"})"};
    const web::ApiDoc verify{.summary = "Walks the chain and recomputes every hash; gives the job that does it",
                             .response_schema = kJobReference,
                             .success_status = 202};
    return {{net::Method::kGet, "/api/v1/audit", kMayReadAudit,
             [services](const web::RequestContext& context) { return GetEntries(context, *services); }, list},
            {net::Method::kGet, "/api/v1/audit/{sequence}", kMayReadAudit,
             [services](const web::RequestContext& context) { return GetEntry(context, *services); }, one},
            {net::Method::kPost, "/api/v1/audit/verify", kMayReadAudit,
             [services](const web::RequestContext& context) { return PostVerify(context, *services); }, verify}};
}

std::vector<web::SchemaSpec> AuditSchemas() {
    return {{"AuditEntry", kEntrySchema}};
}

}  // namespace opsteward::console::records
