// 行事曆: the duties of a year and of a month, and the feed for calendar programs.
#pragma once

#include <vector>

#include "platform/console/procedure/surroundings.hpp"
#include "platform/web/route.hpp"

namespace opsteward::console::compliance {

std::vector<web::Route> CalendarRoutes(const SharedSurroundings& surroundings);

}  // namespace opsteward::console::compliance
