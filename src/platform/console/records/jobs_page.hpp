// The pages of the jobs, and their API.
#pragma once

#include <memory>
#include <vector>

#include "platform/console/services.hpp"
#include "platform/web/route.hpp"

namespace opsteward::console::records {

std::vector<web::Route> JobListRoutes(std::shared_ptr<const Services> services);
std::vector<web::Route> JobRoutes(std::shared_ptr<const Services> services);
std::vector<web::Route> JobApiRoutes(std::shared_ptr<const Services> services);

}  // namespace opsteward::console::records
