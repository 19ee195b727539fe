#include "cli/live_events.hpp"

#include "platform/console/services.hpp"

namespace opsteward::cli {

void LiveEvents::JobChanged(std::string_view kind) {
    events_.Publish(console::kJobsChannel, console::kJobsChannel, kind);
    if (kind.starts_with("inventory.")) DevicesChanged();
    if (kind.starts_with("procedure.")) BoardMayHaveChanged();
}

void LiveEvents::DevicesChanged() { events_.Publish(console::kDevicesChannel, console::kDevicesChannel, ""); }

void LiveEvents::BoardMayHaveChanged() {
    const auto board = procedure_.BoardFor({}, std::nullopt);
    if (!board.ok()) return;
    {
        const MutexLock lock(mutex_);
        if ((*board)->revision == last_revision_) return;
        last_revision_ = (*board)->revision;
    }
    events_.Publish(console::kBoardChannel, console::kBoardChannel, "");
}

}  // namespace opsteward::cli
