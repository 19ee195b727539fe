// What of the procedure waits for one person, and finding clauses and duties by their words.
#pragma once

#include <string_view>
#include <vector>

#include "platform/console/procedure/surroundings.hpp"
#include "platform/module.hpp"
#include "platform/web/request_context.hpp"

namespace opsteward::console::compliance {

/// Overdue duties, duties that are due, requests to decide, then clauses not met whose owner the person is. Asked for on every page, so
/// it reads nothing that is not remembered but the requests.
Result<std::vector<platform::Task>> TasksOf(const web::RequestContext& context, Surroundings& surroundings);

Result<std::vector<platform::SearchHit>> Search(const web::RequestContext& context, const Surroundings& surroundings,
                                                std::string_view query, int limit);

}  // namespace opsteward::console::compliance
