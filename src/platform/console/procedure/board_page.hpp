// 符合性看板: every clause with its state and why, now or at a past time, on screen, on paper and as a file.
#pragma once

#include <vector>

#include "platform/console/procedure/surroundings.hpp"
#include "platform/web/route.hpp"

namespace opsteward::console::compliance {

std::vector<web::Route> BoardRoutes(const SharedSurroundings& surroundings);
/// Has every clause judged now. Gives the id of the job.
Result<std::int64_t> EvaluateNow(const web::RequestContext& context, Surroundings& surroundings);

}  // namespace opsteward::console::compliance
