// The same as the pages, for programs: routes below /api/v1 and the schemas of their answers.
#pragma once

#include <vector>

#include "platform/console/procedure/surroundings.hpp"
#include "platform/web/route.hpp"

namespace opsteward::console::compliance {

std::vector<web::Route> ClauseApiRoutes(const SharedSurroundings& surroundings);
std::vector<web::Route> DutyApiRoutes(const SharedSurroundings& surroundings);
std::vector<web::Route> ExemptionApiRoutes(const SharedSurroundings& surroundings);
/// The procedure itself, judging now, and the reader's tasks.
std::vector<web::Route> ProcedureApiRoutes(const SharedSurroundings& surroundings);
std::vector<web::SchemaSpec> ApiSchemas();

}  // namespace opsteward::console::compliance
