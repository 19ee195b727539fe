// The page of one clause: what it asks, how it stands and why, what to do now, and what that is judged from.
#pragma once

#include <vector>

#include "platform/console/procedure/surroundings.hpp"
#include "platform/web/route.hpp"

namespace opsteward::console::compliance {

std::vector<web::Route> ClauseRoutes(const SharedSurroundings& surroundings);

}  // namespace opsteward::console::compliance
