// What all modules together keep in the records database.
#pragma once

#include <vector>

#include "db/migration.hpp"
#include "db/view.hpp"
#include "platform/identity/permission.hpp"

namespace opsteward::cli {

std::vector<db::Migration> AllMigrations();
/// The fact views, in dependency order.
std::vector<db::ViewSpec> AllViews();
std::vector<identity::PermissionSpec> AllPermissions();

}  // namespace opsteward::cli
