#include "platform/identity/role.hpp"

namespace opsteward::identity {

const std::array<RoleInfo, kRoleCount>& AllRoles() {
    static constexpr std::array<RoleInfo, kRoleCount> kRoles = {{
        {Role::kNetworkAdmin, "network_admin", {"網路管理人員", "Network administrator"}},
        {Role::kSystemAdmin, "system_admin", {"系統管理人員", "System administrator"}},
        {Role::kSupervisor, "supervisor", {"權責主管", "Responsible supervisor"}},
        {Role::kExecutiveSecretary, "executive_secretary", {"執行秘書", "Executive secretary"}},
        {Role::kNetworkUser, "network_user", {"網路使用者", "Network user"}},
        {Role::kVansAdmin, "vans_admin", {"VANS 管理人員", "VANS administrator"}},
        {Role::kChecker, "checker", {"檢核人員", "Checker"}},
        {Role::kSecurityTeam, "security_team", {"資安執行小組", "Security team"}},
        {Role::kAuditor, "auditor", {"稽核人員（唯讀）", "Auditor (read only)"}},
        {Role::kAdministrator, "administrator", {"平台管理者", "Administrator"}},
    }};
    return kRoles;
}

std::string_view RoleKey(Role role) { return AllRoles()[static_cast<std::size_t>(role)].key; }

Phrase RoleTitle(Role role) { return AllRoles()[static_cast<std::size_t>(role)].title; }

std::optional<Role> ParseRole(std::string_view key) {
    for (const auto& info : AllRoles()) {
        if (info.key == key) return info.role;
    }
    return std::nullopt;
}

}  // namespace opsteward::identity
