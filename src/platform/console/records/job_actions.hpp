// What people do to jobs, and what they have to know of them.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "platform/console/services.hpp"
#include "platform/jobs/scheduler.hpp"
#include "platform/web/request_context.hpp"

namespace opsteward::console::records {

inline constexpr std::string_view kMayReadJobs = "jobs.read";
inline constexpr std::string_view kMayManageJobs = "jobs.manage";

/// Queues a scheduled kind for now, unless such a run waits already. Writes audit. kNotFound for an unknown kind,
/// kInvalidInput for one that runs on demand only: it would not know on what.
Result<jobs::Job> RunNow(const Services& services, const web::RequestContext& context, std::string_view kind);
/// The job as it is afterwards; errors as jobs::CancelJob and jobs::RetryJob.
Result<jobs::Job> Cancel(const Services& services, const web::RequestContext& context, std::int64_t id);
Result<jobs::Job> Retry(const Services& services, const web::RequestContext& context, std::int64_t id);

/// The job of the kind that ended last; nothing when none has.
Result<std::optional<jobs::Job>> LastEnded(db::Session& session, std::string_view kind);
/// Of each kind whose last ended job failed, that job; newest first.
Result<std::vector<jobs::Job>> FailingJobs(db::Session& session);

}  // namespace opsteward::console::records
