// Jobs: work that runs later, again and again, or long. Leased through the database, so that several servers may share one and a
// killed one's work is taken up again.
//
// A handler computes freely, without a transaction, and returns its effect; the effect and the completion become durable in one
// transaction that is fenced by the lease, so that a job takes effect exactly once, whoever ran it and however often.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/language.hpp"
#include "base/result.hpp"
#include "db/database.hpp"
#include "db/migration.hpp"
#include "platform/audit/trail.hpp"

namespace opsteward::jobs {

/// What a job does to the records, run in the transaction that completes it. May be empty.
using Effect = std::function<Result<void>(db::Transaction&)>;

/// What a handler sees of its job. Its calls are thread-safe.
class JobContext {
  public:
    virtual ~JobContext() = default;
    virtual std::int64_t id() const = 0;
    virtual const json::value& payload() const = 0;
    virtual Instant now() const = 0;
    /// 0 … 1 and what is being done; shown live. Renews the lease.
    virtual void Progress(double ratio, const Text& what) = 0;
    virtual void Log(const Text& line) = 0;
    /// A person cancelled it, the program is stopping, or the lease was lost: return kCancelled soon.
    virtual bool is_cancelled() const = 0;
};

struct JobKind {
    std::string key;                ///< "inventory.observe"
    Text title;
    std::string schedule;           ///< "" (on demand), "every 60s", or five cron fields in Taipei time ("15 2 * * *")
    std::chrono::seconds lease{60};
    int max_attempts = 5;           ///< then failed; between attempts 10 s · 2^n, at most an hour, plus up to a tenth at random
    std::chrono::days keep{30};     ///< finished jobs of this kind are removed after it (the latest one stays)
    std::function<Result<Effect>(JobContext&)> handler;
};

enum class JobState { kQueued, kRunning, kSucceeded, kFailed, kCancelled };
std::string_view JobStateKey(JobState state);  ///< "queued" …

struct Job {
    std::int64_t id = 0;
    std::string kind;
    JobState state = JobState::kQueued;
    json::value payload;
    Instant created_at;
    Instant run_at;
    std::optional<Instant> started_at;
    std::optional<Instant> finished_at;
    int attempts = 0;
    double progress = 0;
    Text doing;
    Text error;
    std::string requested_by;
    bool cancel_requested = false;
};
struct LogLine {
    Instant at;
    Text text;
};

struct JobCount {
    std::string kind;
    JobState state = JobState::kQueued;
    std::int64_t count = 0;
};

/// Puts a job in the queue, in the caller's transaction. With a `dedupe_key` that a queued job of the kind already has, that job's id is
/// given and nothing added (its run_at is brought forward if this one is earlier). Payloads have at most 64 KiB as text.
Result<std::int64_t> Enqueue(db::Transaction& transaction, std::string_view kind, const json::value& payload,
                             std::string_view dedupe_key, Instant run_at, const audit::Actor& actor);
/// A person has a job run now: Enqueue, and the audit row that says so, in the unit that it is about.
Result<std::int64_t> RunNow(db::Transaction& transaction, std::string_view kind, const json::value& payload, std::string_view dedupe_key,
                            std::optional<std::int64_t> unit_id, const audit::Actor& actor, Instant now);

Result<std::vector<Job>> ListJobs(db::Session& session, std::string_view kind, std::optional<JobState> state, std::int64_t before_id, int limit);
Result<Job> FindJob(db::Session& session, std::int64_t id);
Result<std::vector<LogLine>> JobLog(db::Session& session, std::int64_t id);
/// How many jobs there are of each kind and state, finished ones as long as they are kept.
Result<std::vector<JobCount>> CountJobs(db::Session& session);
/// When each scheduled kind runs next.
Result<std::map<std::string, Instant, std::less<>>> NextRuns(db::Session& session);
/// A queued job is cancelled at once; a running one is asked to stop, and takes no effect any more. Writes audit.
Result<void> CancelJob(db::Transaction& transaction, std::int64_t id, const audit::Actor& actor, Instant now);
/// A failed or cancelled job is queued again. Writes audit.
Result<void> RetryJob(db::Transaction& transaction, std::int64_t id, const audit::Actor& actor, Instant now);

class Scheduler {
  public:
    /// `on_change(job id, kind)` is called after a visible change of a job, from any thread (for live pages).
    Scheduler(db::Database& database, const Clock& clock, std::vector<JobKind> kinds,
              std::function<void(std::int64_t, std::string_view)> on_change = {});
    ~Scheduler();  ///< Stop()

    /// Starts the threads. Scheduled kinds get their next run; "every …" kinds run at once the first time.
    void Start(std::size_t workers = 2);
    /// Asks running handlers to stop and waits; what was interrupted is queued again.
    void Stop();
    /// Looks at the queue now (call after a commit that enqueued something).
    void Wake();
    /// For tests and the command line: runs what is due on the caller's thread until nothing is; gives how many ran.
    Result<int> RunDue();

    const std::vector<JobKind>& kinds() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// The next time after `after` that matches five cron fields (minute hour day-of-month month day-of-week; lists, ranges, steps;
/// POSIX crontab(5) rule for day fields) in Taipei time, or "every <n>s|m|h". kInvalidInput says which field is wrong.
Result<Instant> NextRun(std::string_view schedule, Instant after);

std::span<const db::Migration> Migrations();

}  // namespace opsteward::jobs
