// /devices/{id}/changes: the history of a device.
#pragma once

#include <memory>
#include <vector>

#include "features/inventory/page_parts.hpp"
#include "platform/web/route.hpp"

namespace opsteward::inventory {

std::vector<web::Route> ChangesRoutes(std::shared_ptr<const Surroundings> surroundings);

}  // namespace opsteward::inventory
