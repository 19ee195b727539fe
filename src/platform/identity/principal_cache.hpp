// Remembers what people may do, for as long as the identity revision stays the same.
#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "base/mutex.hpp"
#include "platform/identity/principal.hpp"

namespace opsteward::identity {

/// Thread-safe.
class PrincipalCache {
  public:
    /// Null when unknown at this revision.
    std::shared_ptr<const Principal> Find(std::int64_t user_id, std::int64_t revision) {
        const MutexLock lock(mutex_);
        const auto found = principals_.find(user_id);
        return revision == revision_ && found != principals_.end() ? found->second : nullptr;
    }

    void Keep(std::int64_t user_id, std::int64_t revision, std::shared_ptr<const Principal> principal) {
        const MutexLock lock(mutex_);
        if (revision < revision_) return;
        if (revision > revision_) principals_.clear();
        revision_ = revision;
        principals_[user_id] = std::move(principal);
    }

  private:
    Mutex mutex_;
    std::int64_t revision_ OPS_GUARDED_BY(mutex_) = 0;
    std::map<std::int64_t, std::shared_ptr<const Principal>> principals_ OPS_GUARDED_BY(mutex_);
};

}  // namespace opsteward::identity
