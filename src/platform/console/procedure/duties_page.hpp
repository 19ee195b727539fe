// 定期工作: the list, and the page of one round with its form.
#pragma once

#include <vector>

#include "platform/console/procedure/surroundings.hpp"
#include "platform/web/route.hpp"

namespace opsteward::console::compliance {

std::vector<web::Route> DutyRoutes(const SharedSurroundings& surroundings);

}  // namespace opsteward::console::compliance
