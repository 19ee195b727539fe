// One evaluation: runs the checks, judges, and says what of the records has to change.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "db/database.hpp"
#include "platform/jobs/scheduler.hpp"
#include "platform/procedure/pack.hpp"

namespace opsteward::procedure {

/// A pack with what was found wrong with its checks when it was read.
struct PackInUse {
    Pack pack;
    std::map<std::string, Text> refused;  ///< by check id
};

/// Gives the effect that writes findings, states and their history; it writes nothing but the time when nothing changed.
Result<jobs::Effect> EvaluateAll(db::Database& database, std::shared_ptr<const PackInUse> in_use, jobs::JobContext& context);

}  // namespace opsteward::procedure
