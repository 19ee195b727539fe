#include "platform/console/procedure/api.hpp"
#include "platform/console/procedure/api_json.hpp"
#include "platform/console/procedure/duty_query.hpp"
#include "platform/web/json_fields.hpp"

namespace opsteward::console::compliance {

namespace {

/// The time that a parameter names, or `otherwise`.
Result<Instant> TimeParameter(const web::RequestContext& context, std::string_view name, bool is_end, Instant otherwise) {
    const std::string_view text = context.request.query.Get(name);
    if (text.empty()) return otherwise;
    const auto time = ParseRfc3339(text, is_end);
    if (time.ok()) return *time;
    const Text& why = time.error().caller_text;
    return Error::Of(ErrorCode::kInvalidInput, "參數 " + std::string(name) + "：" + why.zh, "The parameter " + std::string(name) + ": " + why.en);
}

Result<net::Response> ListDuties(const web::RequestContext& context, Surroundings& surroundings) {
    constexpr std::chrono::days kAround{366};
    OPS_TRY(const DutyFilter filter, ReadDutyFilter(context, {}));
    OPS_TRY(const Instant from, TimeParameter(context, "from", false, context.now - kAround));
    OPS_TRY(const Instant until, TimeParameter(context, "until", true, context.now + kAround));
    const auto pack = surroundings.procedure().pack();
    OPS_TRY(const auto tree, surroundings.units.Tree(context.principal().UnitsFor(kMayReadDuties), context.now));
    OPS_TRY(const auto rounds, FindRounds(context, surroundings, *pack, filter, from, until));
    json::array items;
    for (const auto& listed : rounds) {
        if (listed.round.due_at >= from && listed.round.due_at <= until) items.push_back(DutyRoundJson(*pack, *tree, listed.round, context.now));
    }
    return web::JsonResponse(json::object{{"items", std::move(items)}});
}

Result<net::Response> AnswerWith(const web::RequestContext& context, Surroundings& surroundings, std::int64_t id) {
    OPS_TRY(const auto round, surroundings.procedure().FindDuty(id));
    OPS_TRY(const auto tree, surroundings.units.Tree({round.unit_id}, context.now));
    return web::JsonResponse(DutyRoundJson(*surroundings.procedure().pack(), *tree, round, context.now));
}

Result<net::Response> ShowDuty(const web::RequestContext& context, Surroundings& surroundings) {
    OPS_TRY(const auto round, RoundOf(context, surroundings, kMayReadDuties));
    return AnswerWith(context, surroundings, round.id);
}

Result<net::Response> PostComplete(const web::RequestContext& context, Surroundings& surroundings) {
    OPS_TRY(const auto round, RoundOf(context, surroundings, kMayReadDuties));
    OPS_TRY(const json::object body, context.JsonBody());
    OPS_CHECK(web::OnlyFields(body, {"note"}));
    constexpr std::size_t kMaxBytes = 16'000;
    OPS_TRY(const std::string note, web::RequiredString(body, "note", kMaxBytes));
    OPS_CHECK(CompleteDuty(context, surroundings, round, note));
    return AnswerWith(context, surroundings, round.id);
}

}  // namespace

std::vector<web::Route> DutyApiRoutes(const SharedSurroundings& surroundings) {
    constexpr std::string_view kRound = R"({"$ref":"#/components/schemas/DutyRound"})";
    return {
        {net::Method::kGet, "/api/v1/duties", kMayReadDuties,
         [surroundings](const web::RequestContext& context) { return ListDuties(context, *surroundings); },
         web::ApiDoc{.summary = "Rounds of duties in the order of their due dates",
                     .response_schema = R"({"type":"object","required":["items"],"additionalProperties":false,"properties":{
                         "items":{"type":"array","items":{"$ref":"#/components/schemas/DutyRound"}}}})",
                     .query = {{"from", "Due from this time or date on; a year ago by default"},
                               {"until", "Due until this time or date; in a year by default"},
                               {"state", "open (overdue or due), overdue, due, coming or done", R"({"type":"string","enum":["open","overdue","due","coming","done"]})"},
                               {"unit", "Id of a unit: it and those below it", R"({"type":"integer"})"},
                               {"owner", "Key of the role that owns the duty"},
                               {"duty", "Id of the duty in the procedure"}}}},
        {net::Method::kGet, "/api/v1/duties/{id}", kMayReadDuties,
         [surroundings](const web::RequestContext& context) { return ShowDuty(context, *surroundings); },
         web::ApiDoc{.summary = "One round of a duty", .response_schema = kRound}},
        {net::Method::kPost, "/api/v1/duties/{id}/complete", kMayComplete,
         [surroundings](const web::RequestContext& context) { return PostComplete(context, *surroundings); },
         web::ApiDoc{.summary = "Record that a round of a duty is done; only by those who hold its role in the unit",
                     .request_schema = R"({"type":"object","required":["note"],"additionalProperties":false,"properties":{
                         "note":{"type":"string","minLength":1,"maxLength":4000,"description":"What was done, and with what result"}}})",
                     .response_schema = kRound}},
    };
}

}  // namespace opsteward::console::compliance
