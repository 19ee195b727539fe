// What the scheduler does to the tables jobs, job_log and job_schedule. Every write to a running job is fenced by its lease token: it
// finds the row only as long as nobody else has taken the job over.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/jobs/scheduler.hpp"

namespace opsteward::jobs::store {

/// Writes the schedule of a kind if it is new or was changed; removes it when the kind has none any more.
Result<void> PlanKind(db::Transaction& transaction, const JobKind& kind, Instant now);
/// Puts the scheduled run in the queue when it is due and the one before is done; moves the schedule on. True when it was due.
/// Runs that were missed are made up for by one.
Result<bool> EnqueueScheduled(db::Transaction& transaction, const JobKind& kind, Instant now);

struct Outlook {
    bool is_work_due = false;      ///< a scheduled run, a queued job or a lost one
    std::optional<Instant> next;   ///< when something will be due, if that is known
};
/// Of the kinds named.
Result<Outlook> LookAhead(db::Session& session, std::span<const JobKind> kinds, Instant now);

struct Claim {
    enum class Outcome {
        kNothingDue,
        kClaimed,
        kSettled,  ///< a job whose worker was lost was ended instead: cancelled meanwhile, or lost too often
    };
    Outcome outcome = Outcome::kNothingDue;
    std::int64_t id = 0;
    std::string kind;
    json::value payload;
    int attempts = 0;  ///< this one included
};
/// Takes the job that has been due for longest, for `kind.lease`.
Result<Claim> ClaimNext(db::Transaction& transaction, std::span<const JobKind> kinds, std::string_view token, Instant now);

struct Hold {
    bool is_held = false;           ///< the token still fits
    bool cancel_requested = false;
};
Result<Hold> LookAtHold(db::Session& session, std::int64_t id, std::string_view token);

struct Report {
    Instant lease_until;
    double progress = 0;
    Text doing;
    std::vector<LogLine> lines;
};
/// Renews the lease and writes what has been going on.
Result<Hold> Renew(db::Transaction& transaction, std::int64_t id, std::string_view token, const Report& report);

struct Ending {
    JobState state = JobState::kSucceeded;  ///< kQueued: runs again at run_at
    Instant now;
    Instant run_at;                         ///< of kQueued
    bool is_attempt_counted = true;         ///< false: an interruption that was nobody's fault
    Text error;
    std::vector<LogLine> lines;
};
/// False when the lease was lost; then nothing was written. kSucceeded and kQueued are refused (false) also when a person has cancelled.
Result<bool> End(db::Transaction& transaction, std::int64_t id, std::string_view token, const Ending& ending);

/// Removes finished jobs of the kind that are older than kind.keep, but never the latest one; gives how many, at most some hundreds.
Result<std::int64_t> RemoveOld(db::Transaction& transaction, const JobKind& kind, Instant now);

}  // namespace opsteward::jobs::store
