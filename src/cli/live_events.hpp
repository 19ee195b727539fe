// Tells open pages that something they show has changed.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/mutex.hpp"
#include "net/event_hub.hpp"
#include "platform/procedure/procedure.hpp"

namespace opsteward::cli {

/// Thread-safe.
class LiveEvents {
  public:
    LiveEvents(net::EventHub& events, const procedure::Procedure& procedure) : events_(events), procedure_(procedure) {}

    /// A job of this kind moved; what it wrote may have changed the board or the devices.
    void JobChanged(std::string_view kind);
    void DevicesChanged();

  private:
    /// Most evaluations find everything as it was; then the pages are left alone.
    void BoardMayHaveChanged();

    net::EventHub& events_;
    const procedure::Procedure& procedure_;
    Mutex mutex_;
    std::int64_t last_revision_ OPS_GUARDED_BY(mutex_) = 0;
};

}  // namespace opsteward::cli
