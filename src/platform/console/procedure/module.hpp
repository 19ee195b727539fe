// The procedure on the console: tasks, board, clauses, duties, calendar, approvals, and the same for programs.
#pragma once

#include <memory>
#include <vector>

#include "platform/console/services.hpp"
#include "platform/identity/permission.hpp"
#include "platform/module.hpp"

namespace opsteward::console {

/// board.read, duties.read and .complete, exemptions.request and .decide, procedure.manage
std::vector<identity::PermissionSpec> ProcedurePermissions();

platform::Module ProcedureModule(std::shared_ptr<const Services> services);

}  // namespace opsteward::console
