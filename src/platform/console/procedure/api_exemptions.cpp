#include <algorithm>

#include "platform/console/procedure/api.hpp"
#include "platform/console/procedure/api_json.hpp"
#include "platform/web/json_fields.hpp"

namespace opsteward::console::compliance {

using procedure::Exemption;

namespace {

Result<net::Response> ListExemptions(const web::RequestContext& context, Surroundings& surroundings) {
    constexpr ExemptionState kStates[] = {ExemptionState::kWaiting, ExemptionState::kInForce, ExemptionState::kEnded, ExemptionState::kRejected,
                                          ExemptionState::kWithdrawn};
    const std::string_view wanted = context.request.query.Get("state");
    if (!wanted.empty() && std::ranges::find(kStates, wanted, ExemptionStateKey) == std::end(kStates)) {
        return Error::Of(ErrorCode::kInvalidInput, "參數 state 的值不認得。", "The value of the parameter state is not known.");
    }
    OPS_TRY(const auto exemptions, VisibleExemptions(context, surroundings, context.request.query.Get("clause")));
    OPS_TRY(const auto tree, surroundings.units.Tree(context.principal().UnitsFor(kMayReadBoard), context.now));
    json::array items;
    for (const Exemption& one : exemptions) {
        if (wanted.empty() || ExemptionStateKey(StateOf(one, context.now)) == wanted) items.push_back(ExemptionJson(*tree, one, context.now));
    }
    return web::JsonResponse(json::object{{"items", std::move(items)}});
}

Result<net::Response> AnswerWith(const web::RequestContext& context, Surroundings& surroundings, std::int64_t id, int status) {
    OPS_TRY(const auto exemptions, surroundings.procedure().Exemptions());
    const auto found = std::ranges::find(exemptions, id, &Exemption::id);
    if (found == exemptions.end()) return Error::Hidden(ErrorCode::kNotFound, "the exemption is gone");
    OPS_TRY(const auto tree, surroundings.units.Tree({found->unit_id}, context.now));
    return web::JsonResponse(ExemptionJson(*tree, *found, context.now), status);
}

Result<net::Response> PostRequest(const web::RequestContext& context, Surroundings& surroundings) {
    constexpr std::size_t kMaxBytes = 16'000;
    OPS_TRY(const json::object body, context.JsonBody());
    OPS_CHECK(web::OnlyFields(body, {"clause", "unit_id", "reason", "ends"}));
    OPS_TRY(const std::string clause, web::RequiredString(body, "clause"));
    OPS_TRY(const std::int64_t unit_id, web::RequiredInt(body, "unit_id"));
    OPS_TRY(const std::string reason, web::RequiredString(body, "reason", kMaxBytes));
    OPS_TRY(const std::string ends, web::RequiredString(body, "ends"));
    OPS_TRY(const std::int64_t id, RequestExemption(context, surroundings, {clause, unit_id, reason, ends}));
    return AnswerWith(context, surroundings, id, 201);
}

Result<net::Response> PostDecision(const web::RequestContext& context, Surroundings& surroundings, bool approve) {
    OPS_TRY(const Exemption exemption, ExemptionOf(context, surroundings));
    OPS_CHECK(DecideExemption(context, surroundings, exemption, approve));
    return AnswerWith(context, surroundings, exemption.id, 200);
}

Result<net::Response> PostWithdraw(const web::RequestContext& context, Surroundings& surroundings) {
    OPS_TRY(const Exemption exemption, ExemptionOf(context, surroundings));
    OPS_CHECK(WithdrawExemption(context, surroundings, exemption));
    return AnswerWith(context, surroundings, exemption.id, 200);
}

}  // namespace

std::vector<web::Route> ExemptionApiRoutes(const SharedSurroundings& surroundings) {
    constexpr std::string_view kExemption = R"({"$ref":"#/components/schemas/Exemption"})";
    return {
        {net::Method::kGet, "/api/v1/exemptions", kMayReadBoard,
         [surroundings](const web::RequestContext& context) { return ListExemptions(context, *surroundings); },
         web::ApiDoc{.summary = "Requests that a clause does not apply to a unit, newest first",
                     .response_schema = R"({"type":"object","required":["items"],"additionalProperties":false,"properties":{
                         "items":{"type":"array","items":{"$ref":"#/components/schemas/Exemption"}}}})",
                     .query = {{"clause", "Id of a clause"},
                               {"state", "Only in this state", R"({"type":"string","enum":["waiting","in_force","ended","rejected","withdrawn"]})"}}}},
        {net::Method::kPost, "/api/v1/exemptions", kMayRequest,
         [surroundings](const web::RequestContext& context) { return PostRequest(context, *surroundings); },
         web::ApiDoc{.summary = "Ask that a clause be judged not applicable to a unit until a day",
                     .request_schema = R"({"type":"object","required":["clause","unit_id","reason","ends"],"additionalProperties":false,"properties":{
                         "clause":{"type":"string"},"unit_id":{"type":"integer"},"reason":{"type":"string","minLength":1,"maxLength":4000},
                         "ends":{"type":"string","description":"2026-06-30, or as people write it: 115.6.30"}}})",
                     .response_schema = kExemption,
                     .success_status = 201}},
        {net::Method::kPost, "/api/v1/exemptions/{id}/approve", kMayDecide,
         [surroundings](const web::RequestContext& context) { return PostDecision(context, *surroundings, true); },
         web::ApiDoc{.summary = "Approve a request; not by the person who asked", .response_schema = kExemption}},
        {net::Method::kPost, "/api/v1/exemptions/{id}/reject", kMayDecide,
         [surroundings](const web::RequestContext& context) { return PostDecision(context, *surroundings, false); },
         web::ApiDoc{.summary = "Reject a request; not by the person who asked", .response_schema = kExemption}},
        {net::Method::kPost, "/api/v1/exemptions/{id}/withdraw", kMayReadBoard,
         [surroundings](const web::RequestContext& context) { return PostWithdraw(context, *surroundings); },
         web::ApiDoc{.summary = "Withdraw a request that waits or is in force", .response_schema = kExemption}},
    };
}

}  // namespace opsteward::console::compliance
