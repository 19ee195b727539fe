#include "platform/console/records/job_actions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

namespace opsteward::console::records {

namespace {

/// Failed jobs that are looked at; where more failed, the newest tell.
constexpr int kFailuresRead = 50;

void TellOthers(const Services& services, std::string_view kind) {
    services.wake_jobs();
    services.events.Publish(kJobsChannel, kJobsChannel, kind);
}

using Operation = Result<void> (*)(db::Transaction&, std::int64_t, const audit::Actor&, Instant);

Result<jobs::Job> Change(const Services& services, const web::RequestContext& context, std::int64_t id,
                         Operation operation) {
    OPS_TRY(jobs::Job job, services.database.Write<jobs::Job>([&](db::Transaction& transaction) -> Result<jobs::Job> {
        OPS_CHECK(operation(transaction, id, context.actor(), context.now));
        return jobs::FindJob(transaction, id);
    }));
    TellOthers(services, job.kind);
    return job;
}

}  // namespace

Result<jobs::Job> RunNow(const Services& services, const web::RequestContext& context, std::string_view kind) {
    const auto kinds = services.job_kinds();
    const auto known = std::ranges::find(kinds, kind, &jobs::JobKind::key);
    if (known == kinds.end()) {
        return Error::Of(ErrorCode::kNotFound, fmt::format("沒有「{}」這種工作。", kind),
                         fmt::format("There is no kind of job \"{}\".", kind));
    }
    if (known->schedule.empty()) {
        return Error::Of(
            ErrorCode::kInvalidInput, "這種工作由其他操作帶著對象排入，不能單獨執行。",
            "Jobs of this kind are queued for a certain subject by other operations and can't be run alone.");
    }
    OPS_TRY(jobs::Job job, services.database.Write<jobs::Job>([&](db::Transaction& transaction) -> Result<jobs::Job> {
        OPS_TRY(const std::int64_t id,
                jobs::RunNow(transaction, kind, json::object{}, "now", std::nullopt, context.actor(), context.now));
        return jobs::FindJob(transaction, id);
    }));
    TellOthers(services, job.kind);
    return job;
}

Result<jobs::Job> Cancel(const Services& services, const web::RequestContext& context, std::int64_t id) {
    return Change(services, context, id, jobs::CancelJob);
}

Result<jobs::Job> Retry(const Services& services, const web::RequestContext& context, std::int64_t id) {
    return Change(services, context, id, jobs::RetryJob);
}

Result<std::optional<jobs::Job>> LastEnded(db::Session& session, std::string_view kind) {
    std::optional<jobs::Job> last;
    for (const auto state : {jobs::JobState::kSucceeded, jobs::JobState::kFailed, jobs::JobState::kCancelled}) {
        OPS_TRY(std::vector<jobs::Job> found, jobs::ListJobs(session, kind, state, 0, 1));
        if (!found.empty() && (!last || last->finished_at < found.front().finished_at)) last = std::move(found.front());
    }
    return last;
}

Result<std::vector<jobs::Job>> FailingJobs(db::Session& session) {
    OPS_TRY(const std::vector<jobs::Job> failed,
            jobs::ListJobs(session, {}, jobs::JobState::kFailed, 0, kFailuresRead));
    std::vector<jobs::Job> failing;
    std::set<std::string> seen;
    for (const jobs::Job& job : failed) {
        if (!seen.insert(job.kind).second) continue;
        OPS_TRY(std::optional<jobs::Job> last, LastEnded(session, job.kind));
        if (last && last->state == jobs::JobState::kFailed) failing.push_back(std::move(*last));
    }
    return failing;
}

}  // namespace opsteward::console::records
