// How the program was started and how it is doing: a page and its API. Nothing is changed here.
#pragma once

#include <memory>
#include <vector>

#include "platform/console/services.hpp"
#include "platform/web/route.hpp"

namespace opsteward::console::records {

std::vector<web::Route> SettingsPageRoutes(std::shared_ptr<const Services> services);
std::vector<web::Route> SettingsApiRoutes(std::shared_ptr<const Services> services);
std::vector<web::SchemaSpec> SettingsSchemas();

}  // namespace opsteward::console::records
