// The global search: a page, what the palette asks for (web/scripts/palette.js), and its API.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "platform/console/services.hpp"
#include "platform/web/route.hpp"

namespace opsteward::console::records {

std::vector<web::Route> SearchRoutes(std::shared_ptr<const Services> services);

/// Hits of this room: kinds of jobs, a job by its number, and the search of the audit trail itself, which is too much
/// to be run at each key that somebody types.
Result<std::vector<platform::SearchHit>> SearchRecords(const Services& services, const web::RequestContext& context,
                                                       std::string_view query, int limit);

}  // namespace opsteward::console::records
