// What the inventory adds to 我的待辦 and to the search of the console.
#pragma once

#include <string_view>
#include <vector>

#include "features/inventory/surroundings.hpp"
#include "platform/module.hpp"

namespace opsteward::inventory {

/// What waits for this person: rows to approve or remove, devices that are not observed, devices nobody is named for.
Result<std::vector<platform::Task>> TasksFor(const web::RequestContext& context, const Surroundings& surroundings);

/// Devices, software, and sockets by their port ("443", ":443", "tcp 443").
Result<std::vector<platform::SearchHit>> SearchFor(const web::RequestContext& context, const Surroundings& surroundings,
                                                   std::string_view query, int limit);

}  // namespace opsteward::inventory
