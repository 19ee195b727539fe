// The duties that somebody has to do now, remembered for some seconds: every page counts them for its reader.
#pragma once

#include <memory>
#include <vector>

#include "base/mutex.hpp"
#include "platform/procedure/procedure.hpp"

namespace opsteward::console::compliance {

/// Rounds that are overdue or within their lead time.
struct PressingDuties {
    struct Round {
        std::int64_t id = 0;
        std::int64_t unit_id = 0;
        Instant due_at;
    };
    /// Those of one duty.
    struct Group {
        const procedure::Duty* duty = nullptr;  ///< of `pack`
        std::vector<Round> rounds = {};         ///< in the order of due dates
    };
    std::shared_ptr<const procedure::Pack> pack;
    std::vector<Group> groups;  ///< without empty ones
};

/// Thread-safe.
class DutySource {
  public:
    explicit DutySource(const procedure::Procedure& procedure) : procedure_(procedure) {}
    Result<std::shared_ptr<const PressingDuties>> Pressing(Instant now);
    /// One was done.
    void Forget();

  private:
    const procedure::Procedure& procedure_;
    Mutex mutex_;
    std::shared_ptr<const PressingDuties> pressing_ OPS_GUARDED_BY(mutex_);
    Instant read_at_ OPS_GUARDED_BY(mutex_);
    std::int64_t generation_ OPS_GUARDED_BY(mutex_) = 0;  ///< counts what was forgotten
};

}  // namespace opsteward::console::compliance
