// 核准事項: requests that a clause does not apply, waiting and in force.
#pragma once

#include <vector>

#include "platform/console/procedure/surroundings.hpp"
#include "platform/web/route.hpp"

namespace opsteward::console::compliance {

std::vector<web::Route> ApprovalsRoutes(const SharedSurroundings& surroundings);

}  // namespace opsteward::console::compliance
