#include "platform/console/access/permissions.hpp"

namespace opsteward::console {

std::span<const identity::PermissionSpec> AccessPermissions() {
    using enum identity::Role;
    using identity::RoleSet;
    static constexpr identity::PermissionSpec kPermissions[] = {
        {kReadAccounts,
         {"檢視使用者", "See accounts"},
         RoleSet{kAdministrator, kAuditor, kSecurityTeam, kExecutiveSecretary, kSupervisor}},
        {kManageAccounts, {"管理使用者", "Manage accounts"}, RoleSet{kAdministrator}},
        {kReadUnits, {"檢視單位", "See units"}, RoleSet::All()},
        {kManageUnits, {"管理單位", "Manage units"}, RoleSet{kAdministrator}},
    };
    return kPermissions;
}

}  // namespace opsteward::console
