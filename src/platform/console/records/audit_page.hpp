// The pages of the audit trail, and its API.
#pragma once

#include <memory>
#include <vector>

#include "platform/console/services.hpp"
#include "platform/web/route.hpp"

namespace opsteward::console::records {

std::vector<web::Route> AuditPageRoutes(std::shared_ptr<const Services> services);
std::vector<web::Route> AuditEntryRoutes(std::shared_ptr<const Services> services);
/// Proofs of rows, and the key that they are verified with.
std::vector<web::Route> AuditProofRoutes(std::shared_ptr<const Services> services);
std::vector<web::Route> AuditApiRoutes(std::shared_ptr<const Services> services);
std::vector<web::SchemaSpec> AuditSchemas();

}  // namespace opsteward::console::records
