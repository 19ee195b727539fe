#include "platform/jobs/run.hpp"

#include <algorithm>
#include <cmath>

namespace opsteward::jobs {

namespace {

using std::chrono::seconds;

/// One look is one read by primary key; this is how soon a cancellation made on another server is noticed.
constexpr seconds kLookInterval{5};
constexpr seconds kShortestWriteInterval{1};
/// Of one attempt. A handler in a loop must not fill the disk.
constexpr std::size_t kMaxLines = 2000;

}  // namespace

Run::Run(const JobKind& kind, store::Claim claim, std::string token, const Clock& clock, std::function<void()> on_news)
    : kind_(kind),
      claim_(std::move(claim)),
      token_(std::move(token)),
      clock_(clock),
      on_news_(std::move(on_news)),
      renewed_at_(clock.Now()),
      look_at_(renewed_at_ + kLookInterval) {}

void Run::Progress(double ratio, const Text& what) {
    bool is_first = false;
    {
        const MutexLock lock(mutex_);
        progress_ = std::isfinite(ratio) ? std::clamp(ratio, 0.0, 1.0) : progress_;
        doing_ = what;
        is_first = AddNews();
    }
    if (is_first) on_news_();
}

void Run::Log(const Text& line) {
    bool is_first = false;
    {
        const MutexLock lock(mutex_);
        if (lines_logged_ > kMaxLines) return;
        if (++lines_logged_ > kMaxLines) {
            lines_.push_back({clock_.Now(), {"紀錄過多，之後的不再保留。", "Too many lines; what follows is not kept."}});
        } else {
            lines_.push_back({clock_.Now(), line});
        }
        is_first = AddNews();
    }
    if (is_first) on_news_();
}

bool Run::AddNews() {
    ++news_;
    return news_ == news_written_ + 1;
}

bool Run::is_cancelled() const {
    const MutexLock lock(mutex_);
    return is_stopping_ || is_cancel_requested_ || is_lost_;
}

void Run::RequestStop() {
    const MutexLock lock(mutex_);
    is_stopping_ = true;
}

bool Run::is_stopping() const {
    const MutexLock lock(mutex_);
    return is_stopping_;
}

bool Run::is_cancel_requested() const {
    const MutexLock lock(mutex_);
    return is_cancel_requested_;
}

bool Run::is_lost() const {
    const MutexLock lock(mutex_);
    return is_lost_;
}

std::vector<LogLine> Run::unwritten_lines() const {
    const MutexLock lock(mutex_);
    return lines_;
}

Instant Run::NextRenewal() const {
    const auto third = std::chrono::duration_cast<std::chrono::milliseconds>(kind_.lease) / 3;
    if (news_ == news_written_) return renewed_at_ + third;
    return renewed_at_ + std::min<std::chrono::milliseconds>(third, kShortestWriteInterval);
}

Instant Run::next_need() const {
    const MutexLock lock(mutex_);
    return is_lost_ ? Instant::max() : std::min(NextRenewal(), look_at_);
}

Run::Need Run::TakeNeed(Instant now) {
    const MutexLock lock(mutex_);
    const bool is_renewal_due = NextRenewal() <= now;
    if (is_lost_ || (!is_renewal_due && look_at_ > now)) return Need::kNothing;
    look_at_ = now + kLookInterval;
    return is_renewal_due ? Need::kRenewal : Need::kLook;
}

void Run::LookSoon() {
    const MutexLock lock(mutex_);
    look_at_ = std::min(look_at_, clock_.Now());
}

Run::News Run::MakeNews(Instant now) const {
    const MutexLock lock(mutex_);
    return {{now + kind_.lease, progress_, doing_, lines_}, news_, news_ != news_written_};
}

void Run::TakeRenewal(const News& news, const store::Hold& hold, Instant now) {
    const MutexLock lock(mutex_);
    TakeHold(hold);
    if (!hold.is_held) return;
    renewed_at_ = now;
    news_written_ = news.number;
    lines_.erase(lines_.begin(), lines_.begin() + static_cast<std::ptrdiff_t>(news.report.lines.size()));
}

void Run::TakeLook(const store::Hold& hold) {
    const MutexLock lock(mutex_);
    TakeHold(hold);
}

void Run::TakeHold(const store::Hold& hold) {
    is_lost_ = !hold.is_held;
    is_cancel_requested_ = is_cancel_requested_ || hold.cancel_requested;
}

Run::Writing::Writing(Run& run) : run_(run) {
    MutexLock lock(run.mutex_);
    while (run.is_being_written_) lock.Wait(run.written_);
    run.is_being_written_ = true;
}

Run::Writing::Writing(Run& run, std::try_to_lock_t) : run_(run) {
    const MutexLock lock(run.mutex_);
    has_turn_ = !run.is_being_written_;
    run.is_being_written_ = true;
}

Run::Writing::~Writing() {
    if (!has_turn_) return;
    {
        const MutexLock lock(run_.mutex_);
        run_.is_being_written_ = false;
    }
    run_.written_.notify_one();
}

}  // namespace opsteward::jobs
