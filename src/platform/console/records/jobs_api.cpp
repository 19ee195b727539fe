#include <fmt/format.h>

#include "base/text.hpp"
#include "platform/console/records/job_actions.hpp"
#include "platform/console/records/job_json.hpp"
#include "platform/console/records/job_words.hpp"
#include "platform/console/records/jobs_page.hpp"
#include "platform/web/json_fields.hpp"

namespace opsteward::console::records {

namespace {

constexpr int kDefaultLimit = 50;

Result<net::Response> GetJobs(const web::RequestContext& context, const Services& services) {
    const net::FormFields& query = context.request.query;
    const auto state = ParseJobState(query.Get("state"));
    if (!state && !query.Get("state").empty()) {
        return Error::Of(ErrorCode::kInvalidInput,
                         "參數 state 必須是 queued、running、succeeded、failed 或 cancelled。",
                         "The parameter state has to be queued, running, succeeded, failed or cancelled.");
    }
    OPS_TRY(const int limit, LimitOf(query, kDefaultLimit));
    const std::int64_t before = ParseInt(query.Get("before")).value_or(0);
    OPS_TRY(std::vector<jobs::Job> found, services.database.Read<std::vector<jobs::Job>>([&](db::Session& session) {
        return jobs::ListJobs(session, query.Get("kind"), state, before, limit + 1);
    }));
    const bool is_more = found.size() > static_cast<std::size_t>(limit);
    if (is_more) found.pop_back();
    json::array items;
    for (const jobs::Job& job : found) items.push_back(JobJson(job));
    const json::value next = is_more ? json::value(found.back().id) : json::value(nullptr);
    return web::JsonResponse(json::object{{"items", std::move(items)}, {"next_before", next}});
}

Result<net::Response> GetJob(const web::RequestContext& context, const Services& services) {
    OPS_TRY(const std::int64_t id, context.IdParameter());
    OPS_TRY(const json::object answer,
            services.database.Read<json::object>([&](db::Session& session) -> Result<json::object> {
                OPS_TRY(const jobs::Job job, jobs::FindJob(session, id));
                OPS_TRY(const std::vector<jobs::LogLine> log, jobs::JobLog(session, id));
                return JobDetailJson(job, log);
            }));
    return web::JsonResponse(answer);
}

Result<net::Response> PostJob(const web::RequestContext& context, const Services& services) {
    OPS_TRY(const json::object body, context.JsonBody());
    OPS_CHECK(web::OnlyFields(body, {"kind"}));
    OPS_TRY(const std::string kind, web::RequiredString(body, "kind", 100));
    OPS_TRY(const jobs::Job job, RunNow(services, context, kind));
    return web::JsonResponse(JobJson(job), 202);
}

Result<net::Response> PostCancel(const web::RequestContext& context, const Services& services) {
    OPS_TRY(const std::int64_t id, context.IdParameter());
    OPS_TRY(const jobs::Job job, Cancel(services, context, id));
    return web::JsonResponse(JobJson(job));
}

Result<net::Response> PostRetry(const web::RequestContext& context, const Services& services) {
    OPS_TRY(const std::int64_t id, context.IdParameter());
    OPS_TRY(const jobs::Job job, Retry(services, context, id));
    return web::JsonResponse(JobJson(job));
}

}  // namespace

std::vector<web::Route> JobApiRoutes(std::shared_ptr<const Services> services) {
    const auto with = [&services](auto handler) {
        return [services, handler](const web::RequestContext& context) { return handler(context, *services); };
    };
    const web::ApiDoc list{
        .summary = "Jobs, newest first",
        .response_schema =
            R"({"type":"object","additionalProperties":false,"required":["items","next_before"],"properties":{)"
            R"("items":{"type":"array","items":{"$ref":"#/components/schemas/Job"}},)"
            R"("next_before":{"type":["integer","null"],"description":"before of the next page; null: there is none"}}})",
        .query = {{"kind", "only jobs of this kind"},
                  {"state", "only jobs in this state",
                   R"({"type":"string","enum":["queued","running","succeeded","failed","cancelled"]})"},
                  {"before", "only jobs with a smaller id", R"({"type":"integer","minimum":1})"},
                  {"limit", "at most so many", kLimitSchema}}};
    const web::ApiDoc one{.summary = "One job with its log",
                          .response_schema = R"({"$ref":"#/components/schemas/JobDetail"})"};
    const web::ApiDoc run{
        .summary = "Queues a scheduled kind of job for now",
        .request_schema =
            R"({"type":"object","additionalProperties":false,"required":["kind"],"properties":{"kind":{"type":"string","maxLength":100}}})",
        .response_schema = kJobReference,
        .success_status = 202};
    const web::ApiDoc cancel{.summary = "Cancels a queued job, asks a running one to stop",
                             .response_schema = kJobReference};
    const web::ApiDoc retry{.summary = "Queues a failed or cancelled job again", .response_schema = kJobReference};
    return {{net::Method::kGet, "/api/v1/jobs", kMayReadJobs, with(GetJobs), list},
            {net::Method::kGet, "/api/v1/jobs/{id}", kMayReadJobs, with(GetJob), one},
            {net::Method::kPost, "/api/v1/jobs", kMayManageJobs, with(PostJob), run},
            {net::Method::kPost, "/api/v1/jobs/{id}/cancel", kMayManageJobs, with(PostCancel), cancel},
            {net::Method::kPost, "/api/v1/jobs/{id}/retry", kMayManageJobs, with(PostRetry), retry}};
}

}  // namespace opsteward::console::records
