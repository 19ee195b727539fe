// Where the rest of the program publishes server-sent events, and connections pick them up.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/mutex.hpp"

namespace opsteward::net {

/// Thread-safe. Publishing never blocks on a slow reader: a connection that falls 64 events behind is closed and its
/// browser reconnects.
class EventHub {
  public:
    /// Called on the publisher's thread with the hub locked: it must be quick and must not call the hub.
    using Sink = std::function<void(const std::shared_ptr<const std::string>& frame)>;

    /// `data` may hold several lines; `event` is the event name, e.g. "job".
    void Publish(std::string_view channel, std::string_view event, std::string_view data);
    std::uint64_t Subscribe(std::string_view channel, Sink sink);
    /// After it returns the sink is not called any more.
    void Unsubscribe(std::uint64_t id);

  private:
    Mutex mutex_;
    std::uint64_t next_id_ OPS_GUARDED_BY(mutex_) = 1;
    std::map<std::uint64_t, std::pair<std::string, Sink>> sinks_ OPS_GUARDED_BY(mutex_);
};

}  // namespace opsteward::net
