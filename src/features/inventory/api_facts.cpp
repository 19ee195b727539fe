#include "base/text.hpp"
#include "features/inventory/http_api.hpp"
#include "features/inventory/api_input.hpp"
#include "features/inventory/api_json.hpp"
#include "features/inventory/findings.hpp"
#include "features/inventory/page_parts.hpp"

namespace opsteward::inventory {
namespace {

Error NoSuchTopic() { return Error::Of(ErrorCode::kNotFound, "沒有這類觀測資料。", "There are no facts of this kind."); }

Result<net::Response> Facts(const web::RequestContext& context, const Surroundings& surroundings) {
    const Topic* const topic = FindTopic(context.Parameter("topic"));
    if (topic == nullptr) return NoSuchTopic();
    FactQuery query;
    query.text = Trim(context.request.query.Get("text"));
    OPS_TRY(query.approval, WordParameter<ApprovalFilter>(context, "approval",
                                                          {{"any", ApprovalFilter::kAny},
                                                           {"unapproved", ApprovalFilter::kUnapproved},
                                                           {"to_decide", ApprovalFilter::kToDecide}},
                                                          ApprovalFilter::kAny));
    OPS_TRY(const int limit, LimitOf(context));
    OPS_TRY(const auto after, NumberParameter(context, "after"));
    query.after_id = after.value_or(0);
    query.limit = limit + 1;  // one more tells whether there are more
    OPS_TRY(const FactPage page, surroundings.database.Read<FactPage>([&](db::Session& session) -> Result<FactPage> {
        OPS_TRY(const Device device, DeviceOf(context, session));
        query.device_id = device.id;
        return ReadFacts(session, *topic, query);
    }));
    const auto shown = std::min(page.rows.size(), static_cast<std::size_t>(limit));
    json::array items;
    for (std::size_t i = 0; i < shown; ++i) items.push_back(FactAnswer(*topic, page.rows[i]));
    const json::value next = page.rows.size() > shown ? json::value(page.rows[shown - 1].id) : json::value(nullptr);
    return web::JsonResponse(
        json::object{{"topic", topic->name}, {"items", std::move(items)}, {"total", page.total}, {"next", next}});
}

Result<net::Response> ShowCoverage(const web::RequestContext& context, const Surroundings& surroundings) {
    json::array items;
    OPS_CHECK(surroundings.database.ReadWith([&](db::Session& session) -> Result<void> {
        OPS_TRY(const Device device, DeviceOf(context, session));
        OPS_TRY(const auto coverage, CoverageOf(session, device.id));
        OPS_TRY(auto counts, CountFacts(session, device.id));
        for (const Topic& topic : AllTopics()) {
            const auto known = coverage.find(topic.name);
            items.push_back(CoverageAnswer(topic, known == coverage.end() ? nullptr : &known->second, counts[topic.name]));
        }
        return Ok();
    }));
    return web::JsonResponse(json::object{{"items", std::move(items)}});
}

Result<net::Response> Changes(const web::RequestContext& context, const Surroundings& surroundings) {
    ChangeFilter filter;
    filter.topic = context.request.query.Get("topic");
    if (!filter.topic.empty() && FindTopic(filter.topic) == nullptr) return NoSuchTopic();
    OPS_TRY(filter.kind, WordParameter<std::optional<ChangeKind>>(context, "kind",
                                                                  {{"appeared", ChangeKind::kAppeared},
                                                                   {"changed", ChangeKind::kChanged},
                                                                   {"disappeared", ChangeKind::kDisappeared},
                                                                   {"first_observed", ChangeKind::kFirstObserved},
                                                                   {"observed", ChangeKind::kObserved},
                                                                   {"not_observed", ChangeKind::kNotObserved}},
                                                                  std::nullopt));
    filter.text = Trim(context.request.query.Get("text"));
    OPS_TRY(const int limit, LimitOf(context));
    OPS_TRY(const auto after, NumberParameter(context, "after"));
    filter.before_id = after.value_or(0);
    filter.limit = limit + 1;
    OPS_TRY(const auto changes,
            surroundings.database.Read<std::vector<StoredChange>>([&](db::Session& session) -> Result<std::vector<StoredChange>> {
                OPS_TRY(const Device device, DeviceOf(context, session));
                filter.device_id = device.id;
                return ReadChanges(session, filter);
            }));
    const auto shown = std::min(changes.size(), static_cast<std::size_t>(limit));
    json::array items;
    for (std::size_t i = 0; i < shown; ++i) items.push_back(ChangeAnswer(changes[i]));
    const json::value next = changes.size() > shown ? json::value(changes[shown - 1].id) : json::value(nullptr);
    return web::JsonResponse(json::object{{"items", std::move(items)}, {"next", next}});
}

Result<net::Response> Findings(const web::RequestContext& context, const Surroundings& surroundings) {
    OPS_TRY(const Device device,
            surroundings.database.Read<Device>([&](db::Session& session) { return DeviceOf(context, session); }));
    OPS_TRY(const auto findings, FindingsOn(surroundings.procedure, device.unit_id, device.id));
    json::array items;
    for (const DeviceFinding& finding : findings) items.push_back(FindingAnswer(finding));
    return web::JsonResponse(json::object{{"items", std::move(items)}});
}

constexpr std::string_view kFacts = R"({
    "type": "object", "additionalProperties": false, "required": ["topic", "items", "total", "next"],
    "properties": {"topic": {"type": "string"}, "items": {"type": "array", "items": {"$ref": "#/components/schemas/Fact"}},
                   "total": {"type": "integer", "description": "Rows that fit, on all pages"},
                   "next": {"type": ["integer", "null"], "description": "Give it as `after` for what follows; null: that was all"}}})";
constexpr std::string_view kChanges = R"({
    "type": "object", "additionalProperties": false, "required": ["items", "next"],
    "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/FactChange"}},
                   "next": {"type": ["integer", "null"], "description": "Give it as `after` for what follows; null: that was all"}}})";
constexpr std::string_view kCoverage = R"({
    "type": "object", "additionalProperties": false, "required": ["items"],
    "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/TopicCoverage"}}}})";
constexpr std::string_view kFindings = R"({
    "type": "object", "additionalProperties": false, "required": ["items"],
    "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/DeviceFinding"}}}})";

web::QueryParameter After() { return {"after", "The `next` of the answer before", R"({"type":"integer"})"}; }
web::QueryParameter Limit() { return {"limit", "100 by default", R"({"type":"integer","minimum":1,"maximum":1000})"}; }

}  // namespace

std::vector<web::Route> FactApiRoutes(std::shared_ptr<const Surroundings> surroundings) {
    const auto bind = [&](auto* function) {
        return [function, surroundings](const web::RequestContext& context) { return function(context, *surroundings); };
    };
    return {
        {net::Method::kGet, "/api/v1/devices/{id}/facts/{topic}", kMayRead, bind(Facts),
         web::ApiDoc{.summary = "What is known of a device in one topic; the topics stand in its coverage",
                     .response_schema = kFacts,
                     .query = {{"text", "In any text or whole number, without regard to ASCII case"},
                               {"approval", "For topics that are approved", R"({"enum":["any","unapproved","to_decide"]})"},
                               After(),
                               Limit()}}},
        {net::Method::kGet, "/api/v1/devices/{id}/coverage", kMayRead, bind(ShowCoverage),
         web::ApiDoc{.summary = "Which topics of a device are observed, and why others are not", .response_schema = kCoverage}},
        {net::Method::kGet, "/api/v1/devices/{id}/changes", kMayRead, bind(Changes),
         web::ApiDoc{.summary = "The history of a device, newest first",
                     .response_schema = kChanges,
                     .query = {{"topic", "Only this topic"},
                               {"kind", "Only changes of this kind",
                                R"({"enum":["appeared","changed","disappeared","first_observed","observed","not_observed"]})"},
                               {"text", "In the subject, without regard to ASCII case"},
                               After(),
                               Limit()}}},
        {net::Method::kGet, "/api/v1/devices/{id}/findings", kMayRead, bind(Findings),
         web::ApiDoc{.summary = "What the procedure found on a device, not met first", .response_schema = kFindings}}};
}

}  // namespace opsteward::inventory
