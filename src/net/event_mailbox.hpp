// The events that wait for one slow or busy connection.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/mutex.hpp"

namespace opsteward::net {

/// Thread-safe. Holds at most kCapacity frames; one more and it is overflowed for good, and empty.
class EventMailbox {
  public:
    static constexpr std::size_t kCapacity = 64;
    using Frame = std::shared_ptr<const std::string>;

    /// Whether the reader must be woken: it has taken everything since the last time this was true.
    [[nodiscard]] bool Put(const Frame& frame);
    /// All frames, oldest first. From now on the next Put() wakes.
    std::vector<Frame> TakeAll();
    bool overflowed() const;

  private:
    mutable Mutex mutex_;
    std::vector<Frame> frames_ OPS_GUARDED_BY(mutex_);
    bool reader_told_ OPS_GUARDED_BY(mutex_) = false;
    bool overflowed_ OPS_GUARDED_BY(mutex_) = false;
};

}  // namespace opsteward::net
