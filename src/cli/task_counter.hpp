// How many tasks wait for a person: the number in the menu of every page, so it is not counted anew for each.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "platform/module.hpp"

namespace opsteward::cli {

/// Thread-safe.
class TaskCounter {
  public:
    using AllTasks = std::function<Result<std::vector<platform::Task>>(const web::RequestContext&)>;
    explicit TaskCounter(AllTasks all_tasks) : all_tasks_(std::move(all_tasks)) {}

    /// At most kKeep old, but for the moments in which another request counts anew. 0 when the tasks can't be read: the pages that
    /// list them say why.
    int Count(const web::RequestContext& context);

  private:
    static constexpr std::chrono::seconds kKeep{10};
    static constexpr std::size_t kMaxPeople = 10'000;
    struct Counted {
        Instant at;
        int tasks = 0;
    };

    const AllTasks all_tasks_;
    Mutex mutex_;
    std::map<std::int64_t, Counted> by_user_ OPS_GUARDED_BY(mutex_);
};

}  // namespace opsteward::cli
