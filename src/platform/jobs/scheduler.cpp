// The threads of the scheduler. Workers claim jobs, run their handlers and write how they ended; the keeper looks what is due, renews
// the leases of what runs, and writes what it says meanwhile.
#include "platform/jobs/scheduler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <stop_token>
#include <thread>

#include "base/log.hpp"
#include "base/mutex.hpp"
#include "crypto/crypto.hpp"
#include "platform/jobs/run.hpp"
#include "platform/jobs/store.hpp"

namespace opsteward::jobs {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// How long the keeper waits at most: other servers put jobs in the queue without telling this one.
constexpr milliseconds kLongestPause = seconds(10);
/// After work was found: to see what is due next, and whether it could be taken at all.
constexpr milliseconds kPauseAfterFind = seconds(1);
constexpr milliseconds kOutagePause = seconds(5);
/// Of a transaction that fails while the database answers, for a reason that may pass.
constexpr int kMaxTries = 3;

/// Runs what others wrote; what it throws becomes an error.
template <typename T, typename Body>
Result<T> Guarded(const Body& body) {
    try {
        return body();
    } catch (const std::exception& thrown) {
        return Error::Hidden(ErrorCode::kInternal, fmt::format("exception: {}", thrown.what()));
    } catch (...) {
        return Error::Hidden(ErrorCode::kInternal, "an exception of an unknown type");
    }
}

/// 10 s · 2^n, at most an hour, plus up to a tenth at random, so that what failed together does not come back together.
milliseconds BackOff(int failed_attempts) {
    constexpr milliseconds kFirst = seconds(10);
    constexpr milliseconds kLongest = std::chrono::hours(1);
    const milliseconds pause = std::min(kLongest, kFirst * (1 << std::clamp(failed_attempts - 1, 0, 9)));
    const auto random = crypto::RandomBytes(2);
    return pause + pause / 10 * (random[0] * 256 + random[1]) / 65536;
}

/// What becomes of a job whose handler, or whose effect, gave this error.
store::Ending EndingOf(const Run& run, const Error& error, Instant now) {
    store::Ending ending{JobState::kQueued, now, now, true, error.caller_text, {}};
    if (error.code == ErrorCode::kCancelled && run.is_cancel_requested()) {
        ending.state = JobState::kCancelled;
        ending.error = {};
        return ending;
    }
    if (error.code == ErrorCode::kCancelled && run.is_stopping()) {
        ending.is_attempt_counted = false;
        ending.error = {};
        return ending;
    }
    log::warn("job {} ({}) failed, attempt {} of {}: {}", run.id(), run.kind().key, run.attempts(), run.kind().max_attempts,
              error.operator_text);
    ending.lines.push_back({now,
                            {fmt::format("第 {} 次執行失敗：{}", run.attempts(), error.caller_text.zh),
                             fmt::format("Attempt {} failed: {}", run.attempts(), error.caller_text.en)}});
    if (run.attempts() >= run.kind().max_attempts) {
        ending.state = JobState::kFailed;
    } else {
        ending.run_at = now + BackOff(run.attempts());
    }
    return ending;
}

}  // namespace

class Scheduler::Impl {
  public:
    Impl(db::Database& database, const Clock& clock, std::vector<JobKind> kinds,
         std::function<void(std::int64_t, std::string_view)> on_change)
        : database_(database),
          clock_(clock),
          kinds_(WithSchedulesChecked(std::move(kinds), clock.Now())),
          on_change_(std::move(on_change)) {}

    void Start(std::size_t workers) OPS_EXCLUDES(mutex_);
    void Stop() OPS_EXCLUDES(mutex_);
    void Wake() OPS_EXCLUDES(mutex_);
    Result<int> RunDue() OPS_EXCLUDES(mutex_);
    const std::vector<JobKind>& kinds() const { return kinds_; }

  private:
    using RunPtr = std::shared_ptr<Run>;

    static std::vector<JobKind> WithSchedulesChecked(std::vector<JobKind> kinds, Instant now);
    void Notify(std::int64_t id, std::string_view kind) const {
        if (on_change_) on_change_(id, kind);
    }

    // What is due.
    Result<void> Plan() OPS_EXCLUDES(mutex_);
    Result<store::Outlook> LookAhead();
    Result<void> EnqueueDue();
    Result<RunPtr> Claim() OPS_EXCLUDES(mutex_);

    // One job.
    void Execute(const RunPtr& run) OPS_EXCLUDES(mutex_);
    void Conclude(Run& run, const Result<Effect>& outcome) OPS_EXCLUDES(mutex_);
    Result<bool> WriteEnd(Run& run, store::Ending ending, const Effect& effect, bool& is_effect_at_fault);
    void RemoveOld(const JobKind& kind);

    // The keeper.
    class KeeperInUse;
    void Keep(const std::stop_token& stop) OPS_EXCLUDES(mutex_);
    milliseconds KeepRuns() OPS_EXCLUDES(mutex_);
    Result<void> KeepRun(Run& run, Instant now);
    milliseconds FindWork() OPS_EXCLUDES(mutex_);
    void WakeKeeper() OPS_EXCLUDES(mutex_);

    // The workers.
    void Work() OPS_EXCLUDES(mutex_);
    std::optional<std::uint64_t> WaitForWork(bool has_run) OPS_EXCLUDES(mutex_);

    /// Whether it went well; the log hears once of an outage, and once of its end.
    template <typename T>
    bool Survived(const Result<T>& result) OPS_EXCLUDES(mutex_);
    std::uint64_t wakes() OPS_EXCLUDES(mutex_);
    /// Gives the database time to come back, unless somebody called Wake() since `wakes`; false when the program is stopping.
    bool PauseForOutage(std::uint64_t wakes) OPS_EXCLUDES(mutex_);

    db::Database& database_;
    const Clock& clock_;
    const std::vector<JobKind> kinds_;
    const std::function<void(std::int64_t, std::string_view)> on_change_;

    Mutex mutex_;
    std::condition_variable keeper_condition_;  ///< is_woken_, or the keeper's stop token
    std::condition_variable work_condition_;    ///< announced_, is_stopping_
    std::condition_variable pause_condition_;   ///< wakes_, is_stopping_, running_
    std::vector<std::thread> workers_ OPS_GUARDED_BY(mutex_);
    std::jthread keeper_ OPS_GUARDED_BY(mutex_);
    std::size_t keeper_users_ OPS_GUARDED_BY(mutex_) = 0;
    std::vector<RunPtr> running_ OPS_GUARDED_BY(mutex_);
    std::size_t idle_workers_ OPS_GUARDED_BY(mutex_) = 0;
    /// The keeper counts up one each time it finds work; a worker that then finds nothing left notes up to which it has looked.
    std::uint64_t announced_ OPS_GUARDED_BY(mutex_) = 0;
    std::uint64_t exhausted_ OPS_GUARDED_BY(mutex_) = 0;
    std::uint64_t wakes_ OPS_GUARDED_BY(mutex_) = 0;
    bool is_woken_ OPS_GUARDED_BY(mutex_) = false;
    bool is_stopping_ OPS_GUARDED_BY(mutex_) = false;
    bool is_planned_ OPS_GUARDED_BY(mutex_) = false;
    bool is_away_ OPS_GUARDED_BY(mutex_) = false;
};

// ---- What is due

std::vector<JobKind> Scheduler::Impl::WithSchedulesChecked(std::vector<JobKind> kinds, Instant now) {
    for (JobKind& kind : kinds) {
        if (kind.schedule.empty()) continue;
        const auto next = NextRun(kind.schedule, now);
        if (next.ok()) continue;
        log::error("jobs of kind {} run on demand only: {}", kind.key, next.error().operator_text);
        kind.schedule.clear();
    }
    return kinds;
}

Result<void> Scheduler::Impl::Plan() {
    {
        const MutexLock lock(mutex_);
        if (is_planned_) return Ok();
    }
    OPS_CHECK(database_.WriteWith([&](db::Transaction& transaction) -> Result<void> {
        for (const JobKind& kind : kinds_) OPS_CHECK(store::PlanKind(transaction, kind, clock_.Now()));
        return Ok();
    }));
    const MutexLock lock(mutex_);
    is_planned_ = true;
    return Ok();
}

Result<store::Outlook> Scheduler::Impl::LookAhead() {
    return database_.Read<store::Outlook>([&](db::Session& session) { return store::LookAhead(session, kinds_, clock_.Now()); });
}

Result<void> Scheduler::Impl::EnqueueDue() {
    return database_.WriteWith([&](db::Transaction& transaction) -> Result<void> {
        for (const JobKind& kind : kinds_) {
            if (!kind.schedule.empty()) OPS_CHECK(store::EnqueueScheduled(transaction, kind, clock_.Now()));
        }
        return Ok();
    });
}

/// Takes the next job that is due; null when nothing is.
Result<Scheduler::Impl::RunPtr> Scheduler::Impl::Claim() {
    while (true) {
        std::string token = crypto::RandomToken(16);
        OPS_TRY(store::Claim claim, database_.Write<store::Claim>([&](db::Transaction& transaction) {
            return store::ClaimNext(transaction, kinds_, token, clock_.Now());
        }));
        if (claim.outcome == store::Claim::Outcome::kNothingDue) return RunPtr();
        const auto kind = std::ranges::find(kinds_, claim.kind, &JobKind::key);
        if (claim.outcome == store::Claim::Outcome::kSettled) {
            log::warn("job {} ({}) was left by its worker and is not run again", claim.id, kind->key);
            Notify(claim.id, kind->key);
            continue;
        }
        auto run = std::make_shared<Run>(*kind, std::move(claim), std::move(token), clock_, [this] { WakeKeeper(); });
        {
            const MutexLock lock(mutex_);
            if (is_stopping_) run->RequestStop();
            running_.push_back(run);
        }
        WakeKeeper();
        Notify(run->id(), kind->key);
        return run;
    }
}

// ---- One job

void Scheduler::Impl::Execute(const RunPtr& run) {
    Result<Effect> outcome = Error::Hidden(ErrorCode::kCancelled, "stopped before it began");
    if (!run->is_stopping()) outcome = Guarded<Effect>([&] { return run->kind().handler(*run); });
    Conclude(*run, outcome);
    {
        const MutexLock lock(mutex_);
        std::erase(running_, run);
    }
    pause_condition_.notify_all();
    Notify(run->id(), run->kind().key);
    RemoveOld(run->kind());
}

/// Writes how it ended, for as long as the lease holds and the program runs. If that never succeeds, the lease ends by itself and
/// another worker takes the job up.
void Scheduler::Impl::Conclude(Run& run, const Result<Effect>& outcome) {
    if (run.is_lost()) {
        log::warn("job {} ({}) was taken over by another worker; what it did here is left out", run.id(), run.kind().key);
        return;
    }
    const Instant now = clock_.Now();
    Effect effect = outcome.ok() ? *outcome : Effect();
    store::Ending ending{JobState::kSucceeded, now, now, true, {}, {}};
    if (!outcome.ok()) ending = EndingOf(run, outcome.error(), now);
    for (int tries = 1;; ++tries) {
        const std::uint64_t wakes_before = wakes();
        bool is_effect_at_fault = false;
        const auto written = WriteEnd(run, ending, effect, is_effect_at_fault);
        if (written.ok()) {
            Survived(written);
            if (!*written) log::warn("job {} ({}) is not held any more; what it did here is left out", run.id(), run.kind().key);
            return;
        }
        const ErrorCode code = written.error().code;
        const bool is_away = code == ErrorCode::kUnavailable && !database_.Ping().ok();
        // The connection broke, or another transaction was faster: the next try sees what that one wrote.
        const bool may_pass = code == ErrorCode::kUnavailable || code == ErrorCode::kConflict;
        if (!is_away && may_pass && tries < kMaxTries) continue;
        if (!is_away && is_effect_at_fault) {
            ending = EndingOf(run, written.error(), clock_.Now());
            effect = {};
            continue;
        }
        Survived(written);
        if (!PauseForOutage(wakes_before)) {
            log::warn("the end of job {} ({}) could not be written; it is run again after its lease", run.id(), run.kind().key);
            return;
        }
    }
}

/// False when the lease is lost. `is_effect_at_fault` when the error comes out of the effect.
Result<bool> Scheduler::Impl::WriteEnd(Run& run, store::Ending ending, const Effect& effect, bool& is_effect_at_fault) {
    const Run::Writing turn(run);
    std::vector<LogLine> lines = run.unwritten_lines();
    lines.insert(lines.end(), ending.lines.begin(), ending.lines.end());
    ending.lines = std::move(lines);
    return database_.Write<bool>([&](db::Transaction& transaction) -> Result<bool> {
        is_effect_at_fault = false;
        OPS_TRY(const bool has_ended, store::End(transaction, run.id(), run.token(), ending));
        if (!has_ended) {
            // A person cancelled it at the last moment, or the lease is lost.
            const store::Ending cancelled{JobState::kCancelled, ending.now, ending.now, true, {}, ending.lines};
            return store::End(transaction, run.id(), run.token(), cancelled);
        }
        if (!effect) return true;
        auto done = Guarded<void>([&] { return effect(transaction); });
        if (done.ok()) return true;
        is_effect_at_fault = true;
        return std::move(done).error();
    });
}

void Scheduler::Impl::RemoveOld(const JobKind& kind) {
    const auto removed = database_.Write<std::int64_t>(
        [&](db::Transaction& transaction) { return store::RemoveOld(transaction, kind, clock_.Now()); });
    Survived(removed);
}

// ---- The keeper

void Scheduler::Impl::Keep(const std::stop_token& stop) {
    while (true) {
        const milliseconds until_need = KeepRuns();
        const milliseconds pause = std::min(until_need, FindWork());
        MutexLock lock(mutex_);
        if (!is_woken_ && !stop.stop_requested()) lock.WaitFor(keeper_condition_, std::max(pause, milliseconds(1)));
        is_woken_ = false;
        if (stop.stop_requested()) return;
    }
}

/// Gives how long until one of them needs it again.
milliseconds Scheduler::Impl::KeepRuns() {
    std::vector<RunPtr> runs;
    {
        const MutexLock lock(mutex_);
        runs = running_;
    }
    milliseconds pause = kLongestPause;
    for (const RunPtr& run : runs) {
        const Instant now = clock_.Now();
        if (!Survived(KeepRun(*run, now))) return kOutagePause;
        // What it needs now its worker is just writing.
        const Instant next = run->next_need();
        pause = std::min(pause, next > now ? next - now : kPauseAfterFind);
    }
    return pause;
}

Result<void> Scheduler::Impl::KeepRun(Run& run, Instant now) {
    const Run::Writing turn(run, std::try_to_lock);
    const Run::Need need = turn.has_turn() ? run.TakeNeed(now) : Run::Need::kNothing;
    if (need == Run::Need::kNothing) return Ok();
    if (need == Run::Need::kLook) {
        OPS_TRY(const store::Hold hold, database_.Read<store::Hold>([&](db::Session& session) {
            return store::LookAtHold(session, run.id(), run.token());
        }));
        run.TakeLook(hold);
        return Ok();
    }
    const Run::News news = run.MakeNews(now);
    OPS_TRY(const store::Hold hold, database_.Write<store::Hold>([&](db::Transaction& transaction) {
        return store::Renew(transaction, run.id(), run.token(), news.report);
    }));
    run.TakeRenewal(news, hold, now);
    if (news.has_any && hold.is_held) Notify(run.id(), run.kind().key);
    return Ok();
}

/// Announces work to idle workers; gives how long until there may be more.
milliseconds Scheduler::Impl::FindWork() {
    {
        const MutexLock lock(mutex_);
        if (idle_workers_ == 0 || is_stopping_) return kLongestPause;
    }
    if (!Survived(Plan())) return kOutagePause;
    const auto outlook = LookAhead();
    if (!Survived(outlook)) return kOutagePause;
    if (!outlook->is_work_due) return outlook->next ? std::min(kLongestPause, *outlook->next - clock_.Now()) : kLongestPause;
    if (!Survived(EnqueueDue())) return kOutagePause;
    {
        const MutexLock lock(mutex_);
        ++announced_;
    }
    work_condition_.notify_all();
    return kPauseAfterFind;
}

void Scheduler::Impl::WakeKeeper() {
    {
        const MutexLock lock(mutex_);
        is_woken_ = true;
    }
    keeper_condition_.notify_all();
}

/// The keeper runs as long as somebody uses it: the workers, or RunDue().
class Scheduler::Impl::KeeperInUse {
  public:
    explicit KeeperInUse(Impl& impl) : impl_(impl) {
        const MutexLock lock(impl.mutex_);
        if (++impl.keeper_users_ == 1) impl.keeper_ = std::jthread([&impl](const std::stop_token& stop) { impl.Keep(stop); });
    }
    ~KeeperInUse() {
        std::jthread keeper;
        {
            const MutexLock lock(impl_.mutex_);
            if (--impl_.keeper_users_ > 0) return;
            keeper = std::move(impl_.keeper_);
            keeper.request_stop();
        }
        impl_.keeper_condition_.notify_all();
    }
    KeeperInUse(const KeeperInUse&) = delete;
    KeeperInUse& operator=(const KeeperInUse&) = delete;

  private:
    Impl& impl_;
};

// ---- The workers

void Scheduler::Impl::Work() {
    const KeeperInUse keeper(*this);
    bool has_run = true;
    while (const auto announced = WaitForWork(has_run)) {
        const std::uint64_t wakes_before = wakes();
        const auto run = Claim();
        has_run = run.ok() && *run != nullptr;
        if (has_run) {
            Execute(*run);
            continue;
        }
        if (!Survived(run)) PauseForOutage(wakes_before);
        const MutexLock lock(mutex_);
        exhausted_ = std::max(exhausted_, *announced);
    }
}

/// The number of the announcement; nothing when the program is stopping.
std::optional<std::uint64_t> Scheduler::Impl::WaitForWork(bool has_run) {
    MutexLock lock(mutex_);
    if (has_run && exhausted_ == announced_) {
        // While all were busy nobody looked. (Who found nothing wakes nobody: the keeper looks again by itself, after a pause.)
        is_woken_ = true;
        keeper_condition_.notify_all();
    }
    ++idle_workers_;
    while (!is_stopping_ && exhausted_ == announced_) lock.Wait(work_condition_);
    --idle_workers_;
    if (is_stopping_) return std::nullopt;
    return announced_;
}

template <typename T>
bool Scheduler::Impl::Survived(const Result<T>& result) {
    const MutexLock lock(mutex_);
    if (result.ok() && is_away_) log::info("jobs: the database answers again");
    if (!result.ok() && !is_away_) log::warn("jobs: waiting for the database: {}", result.error().operator_text);
    is_away_ = !result.ok();
    return result.ok();
}

std::uint64_t Scheduler::Impl::wakes() {
    const MutexLock lock(mutex_);
    return wakes_;
}

bool Scheduler::Impl::PauseForOutage(std::uint64_t wakes) {
    MutexLock lock(mutex_);
    if (!is_stopping_ && wakes_ == wakes) lock.WaitFor(pause_condition_, kOutagePause);
    return !is_stopping_;
}

// ---- From outside

void Scheduler::Impl::Start(std::size_t workers) {
    const MutexLock lock(mutex_);
    if (!workers_.empty()) return;
    for (std::size_t i = 0; i < workers; ++i) workers_.emplace_back([this] { Work(); });
}

void Scheduler::Impl::Stop() {
    std::vector<std::thread> workers;
    {
        const MutexLock lock(mutex_);
        is_stopping_ = true;
        for (const RunPtr& run : running_) run->RequestStop();
        workers.swap(workers_);
    }
    work_condition_.notify_all();
    pause_condition_.notify_all();
    for (std::thread& worker : workers) worker.join();
    MutexLock lock(mutex_);
    // What RunDue() runs on another thread.
    while (!running_.empty()) lock.Wait(pause_condition_);
    is_stopping_ = false;
}

void Scheduler::Impl::Wake() {
    {
        const MutexLock lock(mutex_);
        ++wakes_;
        for (const RunPtr& run : running_) run->LookSoon();
    }
    pause_condition_.notify_all();
    WakeKeeper();
}

Result<int> Scheduler::Impl::RunDue() {
    const KeeperInUse keeper(*this);
    OPS_CHECK(Plan());
    int ran = 0;
    while (true) {
        OPS_TRY(const store::Outlook outlook, LookAhead());
        if (!outlook.is_work_due) return ran;
        OPS_CHECK(EnqueueDue());
        OPS_TRY(const RunPtr run, Claim());
        if (run == nullptr) return ran;
        Execute(run);
        ++ran;
        if (run->is_stopping()) return ran;
    }
}

// ---- The class of the header

Scheduler::Scheduler(db::Database& database, const Clock& clock, std::vector<JobKind> kinds,
                     std::function<void(std::int64_t, std::string_view)> on_change)
    : impl_(std::make_unique<Impl>(database, clock, std::move(kinds), std::move(on_change))) {}

Scheduler::~Scheduler() { Stop(); }

void Scheduler::Start(std::size_t workers) { impl_->Start(workers); }
void Scheduler::Stop() { impl_->Stop(); }
void Scheduler::Wake() { impl_->Wake(); }
Result<int> Scheduler::RunDue() { return impl_->RunDue(); }
const std::vector<JobKind>& Scheduler::kinds() const { return impl_->kinds(); }

}  // namespace opsteward::jobs
