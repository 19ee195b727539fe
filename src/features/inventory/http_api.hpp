// /api/v1/devices…: everything the pages show and do, for programs. Lists go on behind the answer's `next`, given as `after`.
#pragma once

#include <memory>
#include <vector>

#include "features/inventory/surroundings.hpp"
#include "platform/web/route.hpp"

namespace opsteward::inventory {

/// The register: list, add, show, change, observe now.
std::vector<web::Route> DeviceApiRoutes(std::shared_ptr<const Surroundings> surroundings);
/// What is known of a device: facts, coverage, changes, findings.
std::vector<web::Route> FactApiRoutes(std::shared_ptr<const Surroundings> surroundings);
/// What is approved on a device, and what waits for it.
std::vector<web::Route> ApprovalApiRoutes(std::shared_ptr<const Surroundings> surroundings);

/// The schemas that the routes refer to.
std::vector<web::SchemaSpec> ApiSchemas();

}  // namespace opsteward::inventory
