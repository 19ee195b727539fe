// What supervision of the machine asks: is it well (GET /healthz), and how much (GET /metrics). Both are public and
// name no record.
#pragma once

#include <memory>
#include <vector>

#include "platform/console/services.hpp"
#include "platform/web/route.hpp"

namespace opsteward::console::records {

/// "ok", or 503 when the database does not answer.
web::Route HealthRoute(std::shared_ptr<const Services> services);
/// Text of Prometheus. When the database does not answer, what comes from it is left out and opsteward_database_up is
/// 0.
web::Route MetricsRoute(std::shared_ptr<const Services> services);

}  // namespace opsteward::console::records
