#include "cli/task_counter.hpp"

#include "base/log.hpp"

namespace opsteward::cli {

int TaskCounter::Count(const web::RequestContext& context) {
    const std::int64_t user_id = context.principal().user_id();
    {
        const MutexLock lock(mutex_);
        const auto known = by_user_.find(user_id);
        // A page that shows the tasks themselves never stands beside another number.
        const bool is_fresh = known != by_user_.end() && context.now >= known->second.at && context.now - known->second.at < kKeep;
        if (is_fresh && context.request.path != "/") return known->second.tasks;
        // While this request counts, others take the number from before.
        if (known != by_user_.end()) known->second.at = context.now;
    }
    const auto tasks = all_tasks_(context);
    if (!tasks.ok()) {
        log::warn("counting the tasks of {}: {}", context.actor().name, tasks.error().operator_text);
        return 0;
    }
    const MutexLock lock(mutex_);
    if (by_user_.size() >= kMaxPeople) by_user_.clear();
    by_user_[user_id] = {context.now, static_cast<int>(tasks->size())};
    return static_cast<int>(tasks->size());
}

}  // namespace opsteward::cli
