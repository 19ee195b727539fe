// The jobs of the procedure engine.
#pragma once

#include <string_view>
#include <vector>

#include "platform/jobs/scheduler.hpp"
#include "platform/procedure/procedure.hpp"

namespace opsteward::procedure {

inline constexpr std::string_view kEvaluate = "procedure.evaluate";
inline constexpr std::string_view kPlanDuties = "procedure.plan_duties";

/// `procedure` outlives the scheduler. After a job of kind kEvaluate the board may be another: see Board::revision.
std::vector<jobs::JobKind> JobKinds(Procedure& procedure);

}  // namespace opsteward::procedure
