// A job while it runs: what its handler sees of it, and what the keeper has to write of it, and when.
#pragma once

#include <condition_variable>

#include "base/mutex.hpp"
#include "platform/jobs/scheduler.hpp"
#include "platform/jobs/store.hpp"

namespace opsteward::jobs {

/// Thread-safe: the handler, its worker and the keeper share it.
class Run final : public JobContext {
  public:
    /// `kind` and `clock` outlive it. `on_news` is called, without a lock held, when there is something new to write.
    Run(const JobKind& kind, store::Claim claim, std::string token, const Clock& clock, std::function<void()> on_news);

    // The handler's side.
    std::int64_t id() const override { return claim_.id; }
    const json::value& payload() const override { return claim_.payload; }
    Instant now() const override { return clock_.Now(); }
    void Progress(double ratio, const Text& what) override OPS_EXCLUDES(mutex_);
    void Log(const Text& line) override OPS_EXCLUDES(mutex_);
    bool is_cancelled() const override OPS_EXCLUDES(mutex_);

    // The worker's side.
    const JobKind& kind() const { return kind_; }
    const std::string& token() const { return token_; }
    int attempts() const { return claim_.attempts; }  ///< this one included
    void RequestStop() OPS_EXCLUDES(mutex_);
    bool is_stopping() const OPS_EXCLUDES(mutex_);
    bool is_cancel_requested() const OPS_EXCLUDES(mutex_);
    bool is_lost() const OPS_EXCLUDES(mutex_);  ///< seen to be held by another, or by nobody
    /// What was logged and not written yet.
    std::vector<LogLine> unwritten_lines() const OPS_EXCLUDES(mutex_);

    // The keeper's side.
    enum class Need { kNothing, kLook, kRenewal };
    /// What is to be done now. The look counts as done: a wish for another that comes during it stays.
    Need TakeNeed(Instant now) OPS_EXCLUDES(mutex_);
    Instant next_need() const OPS_EXCLUDES(mutex_);
    /// Somebody may have cancelled it: the next look is due now.
    void LookSoon() OPS_EXCLUDES(mutex_);
    struct News {
        store::Report report;
        std::uint64_t number = 0;  ///< how much had been said by then
        bool has_any = false;      ///< since the last time
    };
    News MakeNews(Instant now) const OPS_EXCLUDES(mutex_);
    /// `news` was written at `now`, and this came of it.
    void TakeRenewal(const News& news, const store::Hold& hold, Instant now) OPS_EXCLUDES(mutex_);
    /// A look without writing showed this.
    void TakeLook(const store::Hold& hold) OPS_EXCLUDES(mutex_);

    /// Worker and keeper write one after the other. The worker's last transaction holds the job's row for as long as the effect takes;
    /// the keeper, who has other leases to renew, must not stand and wait for it.
    class Writing {
      public:
        explicit Writing(Run& run);             ///< waits for its turn
        Writing(Run& run, std::try_to_lock_t);  ///< see has_turn()
        ~Writing();
        Writing(const Writing&) = delete;
        Writing& operator=(const Writing&) = delete;
        bool has_turn() const { return has_turn_; }

      private:
        Run& run_;
        bool has_turn_ = true;
    };

  private:
    /// Counts one more thing said; true when it is the first since the last writing.
    bool AddNews() OPS_REQUIRES(mutex_);
    void TakeHold(const store::Hold& hold) OPS_REQUIRES(mutex_);
    Instant NextRenewal() const OPS_REQUIRES(mutex_);

    const JobKind& kind_;
    const store::Claim claim_;
    const std::string token_;
    const Clock& clock_;
    const std::function<void()> on_news_;

    mutable Mutex mutex_;
    std::condition_variable written_;
    bool is_being_written_ OPS_GUARDED_BY(mutex_) = false;
    bool is_stopping_ OPS_GUARDED_BY(mutex_) = false;
    bool is_cancel_requested_ OPS_GUARDED_BY(mutex_) = false;
    bool is_lost_ OPS_GUARDED_BY(mutex_) = false;
    double progress_ OPS_GUARDED_BY(mutex_) = 0;
    Text doing_ OPS_GUARDED_BY(mutex_);
    std::vector<LogLine> lines_ OPS_GUARDED_BY(mutex_);  ///< not written yet
    std::size_t lines_logged_ OPS_GUARDED_BY(mutex_) = 0;
    std::uint64_t news_ OPS_GUARDED_BY(mutex_) = 0;      ///< counts what was said
    std::uint64_t news_written_ OPS_GUARDED_BY(mutex_) = 0;
    Instant renewed_at_ OPS_GUARDED_BY(mutex_);
    Instant look_at_ OPS_GUARDED_BY(mutex_);
};

}  // namespace opsteward::jobs
