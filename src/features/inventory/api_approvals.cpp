#include "features/inventory/actions.hpp"
#include "features/inventory/http_api.hpp"
#include "features/inventory/api_input.hpp"
#include "features/inventory/api_json.hpp"
#include "features/inventory/page_parts.hpp"

namespace opsteward::inventory {
namespace {

Result<Device> ReadDevice(const web::RequestContext& context, const Surroundings& surroundings) {
    return surroundings.database.Read<Device>([&](db::Session& session) { return DeviceOf(context, session, kMayApprove); });
}

Result<net::Response> List(const web::RequestContext& context, const Surroundings& surroundings) {
    OPS_TRY(const bool with_ended, WordParameter<bool>(context, "state", {{"in_force", false}, {"any", true}}, false));
    OPS_TRY(const int limit, LimitOf(context));
    OPS_TRY(const auto after, NumberParameter(context, "after"));
    using Records = std::vector<ApprovalRecord>;
    OPS_TRY(const Records records, surroundings.database.Read<Records>([&](db::Session& session) -> Result<Records> {
        OPS_TRY(const Device device, DeviceOf(context, session));
        return ReadApprovals(session, device.id, with_ended, limit + 1, after.value_or(0));
    }));
    const auto shown = std::min(records.size(), static_cast<std::size_t>(limit));
    json::array items;
    for (std::size_t i = 0; i < shown; ++i) items.push_back(ApprovalAnswer(records[i]));
    const json::value next = records.size() > shown ? json::value(records[shown - 1].id) : json::value(nullptr);
    return web::JsonResponse(json::object{{"items", std::move(items)}, {"next", next}});
}

Result<net::Response> GrantAll(const web::RequestContext& context, const Surroundings& surroundings) {
    OPS_TRY(const Device device, ReadDevice(context, surroundings));
    OPS_TRY(const json::object body, context.JsonBody());
    OPS_TRY(const Grant grant, ReadGrant(body, device.id));
    OPS_TRY(const auto ids, Approve(surroundings, context.actor(), grant, context.now));
    json::array items;
    OPS_CHECK(surroundings.database.ReadWith([&](db::Session& session) -> Result<void> {
        for (const std::int64_t id : ids) {
            OPS_TRY(const ApprovalRecord record, FindApproval(session, device.id, id));
            items.push_back(ApprovalAnswer(record));
        }
        return Ok();
    }));
    return web::JsonResponse(json::object{{"items", std::move(items)}}, 201);
}

Result<net::Response> End(const web::RequestContext& context, const Surroundings& surroundings) {
    OPS_TRY(const Device device, ReadDevice(context, surroundings));
    OPS_TRY(const std::int64_t id, context.IdParameter("approval"));
    OPS_TRY(const json::object body, context.JsonBody());
    OPS_TRY(const std::string reason, ReadReason(body));
    OPS_CHECK(Withdraw(surroundings, context.actor(), device.id, id, reason, context.now));
    OPS_TRY(const ApprovalRecord record, surroundings.database.Read<ApprovalRecord>(
                                             [&](db::Session& session) { return FindApproval(session, device.id, id); }));
    return web::JsonResponse(ApprovalAnswer(record));
}

Result<net::Response> Seen(const web::RequestContext& context, const Surroundings& surroundings) {
    OPS_TRY(const Approval kind,
            WordParameter<Approval>(
                context, "kind",
                {{"listener", Approval::kListener}, {"account", Approval::kAccount}, {"software", Approval::kSoftware}},
                Approval::kNone));
    json::array items;
    OPS_CHECK(surroundings.database.ReadWith([&](db::Session& session) -> Result<void> {
        OPS_TRY(const Device device, DeviceOf(context, session));
        for (const Approval one : {Approval::kListener, Approval::kAccount, Approval::kSoftware}) {
            if (kind != Approval::kNone && kind != one) continue;
            OPS_TRY(const auto candidates, ReadCandidates(session, device.id, one));
            for (const Candidate& candidate : candidates) items.push_back(CandidateAnswer(candidate));
        }
        return Ok();
    }));
    return web::JsonResponse(json::object{{"items", std::move(items)}});
}

constexpr std::string_view kPage = R"({
    "type": "object", "additionalProperties": false, "required": ["items", "next"],
    "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/Approval"}},
                   "next": {"type": ["integer", "null"], "description": "Give it as `after` for what follows; null: that was all"}}})";
constexpr std::string_view kGranted = R"({
    "type": "object", "additionalProperties": false, "required": ["items"],
    "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/Approval"}}}})";
constexpr std::string_view kCandidates = R"({
    "type": "object", "additionalProperties": false, "required": ["items"],
    "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/ApprovalCandidate"}}}})";
constexpr std::string_view kReason = R"({
    "type": "object", "additionalProperties": false, "required": ["reason"],
    "properties": {"reason": {"type": "string", "minLength": 1, "maxLength": 1000}}})";

}  // namespace

std::vector<web::Route> ApprovalApiRoutes(std::shared_ptr<const Surroundings> surroundings) {
    const auto bind = [&](auto* function) {
        return [function, surroundings](const web::RequestContext& context) { return function(context, *surroundings); };
    };
    return {{net::Method::kGet, "/api/v1/devices/{id}/approvals", kMayRead, bind(List),
             web::ApiDoc{.summary = "What is approved on a device, newest first",
                         .response_schema = kPage,
                         .query = {{"state", "In force by default", R"({"enum":["in_force","any"]})"},
                                   {"after", "The `next` of the answer before", R"({"type":"integer"})"},
                                   {"limit", "100 by default", R"({"type":"integer","minimum":1,"maximum":1000})"}}}},
            {net::Method::kPost, "/api/v1/devices/{id}/approvals", kMayApprove, bind(GrantAll),
             web::ApiDoc{.summary = "Approve; an approval in force of the same subject is replaced",
                         .request_schema = R"({"$ref":"#/components/schemas/ApprovalGrant"})",
                         .response_schema = kGranted,
                         .success_status = 201}},
            {net::Method::kGet, "/api/v1/devices/{id}/approvals/seen", kMayRead, bind(Seen),
             web::ApiDoc{.summary = "What is there and not approved, as the subjects that would approve it",
                         .response_schema = kCandidates,
                         .query = {{"kind", "Only this kind", R"({"enum":["listener","account","software"]})"}}}},
            {net::Method::kPost, "/api/v1/devices/{id}/approvals/{approval}/withdraw", kMayApprove, bind(End),
             web::ApiDoc{.summary = "Withdraw an approval",
                         .request_schema = kReason,
                         .response_schema = R"({"$ref":"#/components/schemas/Approval"})"}}};
}

}  // namespace opsteward::inventory
