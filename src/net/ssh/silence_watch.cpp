#include "net/ssh/silence_watch.hpp"

#include <sys/socket.h>

namespace opsteward::net {

SilenceWatch::SilenceWatch(int descriptor, std::chrono::seconds limit) : descriptor_(descriptor), limit_(limit), thread_([this] { Watch(); }) {}

SilenceWatch::~SilenceWatch() {
    {
        const MutexLock lock(mutex_);
        is_stopped_ = true;
    }
    stop_.notify_all();
    thread_.join();
}

bool SilenceWatch::has_ended() const {
    const MutexLock lock(mutex_);
    return has_ended_;
}

void SilenceWatch::SetDeadline(std::optional<Clock::time_point> deadline) {
    const MutexLock lock(mutex_);
    deadline_ = deadline;
}

// Nobody wakes it for a new deadline: none comes before the one it waits for, nor before `limit` is over.
void SilenceWatch::Watch() {
    MutexLock lock(mutex_);
    while (!is_stopped_ && !has_ended_) {
        const auto left = deadline_ ? *deadline_ - Clock::now() : Clock::duration(limit_);
        if (left > Clock::duration::zero()) {
            lock.WaitFor(stop_, left);
            continue;
        }
        has_ended_ = true;
        ::shutdown(descriptor_, SHUT_RDWR);
    }
}

}  // namespace opsteward::net
