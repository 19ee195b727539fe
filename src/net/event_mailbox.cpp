#include "net/event_mailbox.hpp"

#include <utility>

namespace opsteward::net {

bool EventMailbox::Put(const Frame& frame) {
    const MutexLock lock(mutex_);
    if (overflowed_) return false;
    if (frames_.size() == kCapacity) {
        overflowed_ = true;
        frames_.clear();
        return true;
    }
    frames_.push_back(frame);
    return !std::exchange(reader_told_, true);
}

std::vector<EventMailbox::Frame> EventMailbox::TakeAll() {
    const MutexLock lock(mutex_);
    reader_told_ = false;
    return std::exchange(frames_, {});
}

bool EventMailbox::overflowed() const {
    const MutexLock lock(mutex_);
    return overflowed_;
}

}  // namespace opsteward::net
