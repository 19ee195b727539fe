// The pages about the program's own records: audit trail, jobs, settings, search, help; and what machines ask of it:
// events, health, metrics.
#pragma once

#include <memory>
#include <vector>

#include "platform/console/services.hpp"
#include "platform/identity/permission.hpp"
#include "platform/module.hpp"

namespace opsteward::console {

/// audit.read, jobs.read, jobs.manage, settings.read
std::vector<identity::PermissionSpec> RecordsPermissions();

platform::Module RecordsModule(std::shared_ptr<const Services> services);

}  // namespace opsteward::console
