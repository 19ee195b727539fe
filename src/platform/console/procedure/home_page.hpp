// 我的待辦: what the reader has to do, and how the procedure stands in the reader's units.
#pragma once

#include <vector>

#include "platform/console/procedure/surroundings.hpp"
#include "platform/web/route.hpp"

namespace opsteward::console::compliance {

std::vector<web::Route> HomeRoutes(const SharedSurroundings& surroundings);

}  // namespace opsteward::console::compliance
