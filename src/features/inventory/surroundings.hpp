// What the inventory needs of the rest of the program, and the names of its permissions.
#pragma once

#include <functional>
#include <string_view>

#include "db/database.hpp"
#include "platform/procedure/procedure.hpp"

namespace opsteward::inventory {

inline constexpr std::string_view kMayRead = "devices.read";
inline constexpr std::string_view kMayManage = "devices.manage";
inline constexpr std::string_view kMayApprove = "devices.approve";

/// What handlers need of the rest of the program.
struct Surroundings {
    db::Database& database;
    const procedure::Procedure* procedure = nullptr;  ///< none: findings are not shown
    std::function<void()> wake_jobs;                  ///< after a commit that queued a job; may be empty
    std::function<void()> on_change;                  ///< after a commit that changed a device; may be empty

    void WakeJobs() const {
        if (wake_jobs) wake_jobs();
    }
    void Changed() const {
        if (on_change) on_change();
    }
};

}  // namespace opsteward::inventory
