// /devices/{id}: one device at a glance, or with ?topic= one table of its facts; and observing it now.
#pragma once

#include <memory>
#include <vector>

#include "features/inventory/page_parts.hpp"
#include "platform/web/route.hpp"

namespace opsteward::inventory {

/// At a glance.
Result<net::Response> OverviewPage(const web::RequestContext& context, const Surroundings& surroundings);
/// The topic named by the query; kNotFound when there is none of that name.
Result<net::Response> FactsPage(const web::RequestContext& context, const Surroundings& surroundings);

std::vector<web::Route> DeviceRoutes(std::shared_ptr<const Surroundings> surroundings);

}  // namespace opsteward::inventory
