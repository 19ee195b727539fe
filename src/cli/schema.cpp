#include "cli/schema.hpp"

#include "features/inventory/migrations.hpp"
#include "features/inventory/module.hpp"
#include "features/inventory/views.hpp"
#include "platform/audit/trail.hpp"
#include "platform/console/access/module.hpp"
#include "platform/console/access/permissions.hpp"
#include "platform/console/procedure/module.hpp"
#include "platform/console/records/module.hpp"
#include "platform/identity/identity.hpp"
#include "platform/jobs/scheduler.hpp"
#include "platform/procedure/procedure.hpp"

namespace opsteward::cli {

namespace {

template <typename T, typename... Parts>
std::vector<T> Together(const Parts&... parts) {
    std::vector<T> all;
    (all.insert(all.end(), parts.begin(), parts.end()), ...);
    return all;
}

}  // namespace

std::vector<db::Migration> AllMigrations() {
    return Together<db::Migration>(audit::Migrations(), identity::Migrations(), jobs::Migrations(), procedure::Migrations(),
                                   inventory::Migrations());
}

std::vector<db::ViewSpec> AllViews() {
    return Together<db::ViewSpec>(audit::Views(), identity::Views(), procedure::Views(), inventory::Views());
}

std::vector<identity::PermissionSpec> AllPermissions() {
    return Together<identity::PermissionSpec>(console::AccessPermissions(), console::RecordsPermissions(), console::ProcedurePermissions(),
                                              inventory::Permissions());
}

}  // namespace opsteward::cli
