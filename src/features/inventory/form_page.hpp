// /devices/new and /devices/{id}/edit: what people enter of a device.
#pragma once

#include <memory>
#include <vector>

#include "features/inventory/page_parts.hpp"
#include "platform/web/route.hpp"

namespace opsteward::inventory {

std::vector<web::Route> FormRoutes(std::shared_ptr<const Surroundings> surroundings);

}  // namespace opsteward::inventory
