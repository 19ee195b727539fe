#include "base/civil_time.hpp"
#include "platform/console/procedure/api.hpp"
#include "platform/console/procedure/api_json.hpp"
#include "platform/console/procedure/board_page.hpp"

namespace opsteward::console::compliance {

using web::TextJson;

namespace {

Result<net::Response> ShowProcedure(const web::RequestContext& context, Surroundings& surroundings) {
    OPS_TRY(const auto board,
            surroundings.boards.For(context.principal().UnitsFor(kMayReadBoard), std::nullopt, context.now));
    const procedure::Pack& pack = *board->pack;
    json::array faults;
    for (const auto& fault : surroundings.procedure().faults()) {
        faults.push_back(TextJson({procedure::DescribeFault(fault, Language::kZhHant), procedure::DescribeFault(fault, Language::kEnglish)}));
    }
    json::array refused;
    for (const Text& problem : board->refused_checks) refused.push_back(TextJson(problem));
    return web::JsonResponse(json::object{{"id", pack.id},
                                          {"title", TextJson(pack.title)},
                                          {"version", pack.version},
                                          {"effective", FormatIsoDate(pack.effective)},
                                          {"digest", pack.digest},
                                          {"clauses", pack.clauses.size()},
                                          {"checks", pack.checks.size()},
                                          {"duties", pack.duties.size()},
                                          {"faults", std::move(faults)},
                                          {"refused_checks", std::move(refused)},
                                          {"judged_at", board->clauses.empty() ? json::value(nullptr) : KnownTimeJson(board->clauses.front().judged_at)}});
}

Result<net::Response> PostEvaluate(const web::RequestContext& context, Surroundings& surroundings) {
    OPS_TRY(const std::int64_t id, EvaluateNow(context, surroundings));
    return web::JsonResponse(json::object{{"job", json::object{{"id", id}, {"kind", "procedure.evaluate"}}}}, 202);
}

Result<net::Response> ListTasks(const web::RequestContext& context, Surroundings& surroundings) {
    json::array items;
    if (surroundings.services->all_tasks) {
        OPS_TRY(const auto tasks, surroundings.services->all_tasks(context));
        for (const auto& task : tasks) items.push_back(TaskJson(task));
    }
    return web::JsonResponse(json::object{{"items", std::move(items)}});
}

}  // namespace

std::vector<web::Route> ProcedureApiRoutes(const SharedSurroundings& surroundings) {
    return {
        {net::Method::kGet, "/api/v1/procedure", kMayReadBoard,
         [surroundings](const web::RequestContext& context) { return ShowProcedure(context, *surroundings); },
         web::ApiDoc{.summary = "The procedure in use, faults of its files, and checks that were refused",
                     .response_schema = R"({"$ref":"#/components/schemas/Procedure"})"}},
        {net::Method::kPost, "/api/v1/procedure/evaluate", kMayManage,
         [surroundings](const web::RequestContext& context) { return PostEvaluate(context, *surroundings); },
         web::ApiDoc{.summary = "Judge every clause now; gives the job",
                     .response_schema = R"({"type":"object","required":["job"],"additionalProperties":false,"properties":{
                         "job":{"type":"object","required":["id","kind"],"additionalProperties":false,"properties":{
                             "id":{"type":"integer"},"kind":{"type":"string"}}}}})",
                     .success_status = 202}},
        {net::Method::kGet, "/api/v1/tasks", web::kSignedIn,
         [surroundings](const web::RequestContext& context) { return ListTasks(context, *surroundings); },
         web::ApiDoc{.summary = "What the person has to do, in the language of Accept-Language",
                     .response_schema = R"({"type":"object","required":["items"],"additionalProperties":false,"properties":{
                         "items":{"type":"array","items":{"$ref":"#/components/schemas/Task"}}}})"}},
    };
}

}  // namespace opsteward::console::compliance
