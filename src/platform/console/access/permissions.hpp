// What this room asks people to hold before they see or change accounts and units.
#pragma once

#include <span>
#include <string_view>

#include "platform/identity/permission.hpp"

namespace opsteward::console {

inline constexpr std::string_view kReadAccounts = "accounts.read";
inline constexpr std::string_view kManageAccounts = "accounts.manage";
inline constexpr std::string_view kReadUnits = "units.read";
inline constexpr std::string_view kManageUnits = "units.manage";

std::span<const identity::PermissionSpec> AccessPermissions();

}  // namespace opsteward::console
