// The roles of the procedure. A role is held in an organisation unit and counts for that unit and everything below it.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "base/language.hpp"

namespace opsteward::identity {

enum class Role {
    kNetworkAdmin,
    kSystemAdmin,
    kSupervisor,
    kExecutiveSecretary,
    kNetworkUser,
    kVansAdmin,
    kChecker,
    kSecurityTeam,
    kAuditor,
    kAdministrator,
};
inline constexpr std::size_t kRoleCount = 10;

struct RoleInfo {
    Role role;
    std::string_view key;  ///< "network_admin": in the database, the API and packs
    Phrase title;
};
const std::array<RoleInfo, kRoleCount>& AllRoles();
std::string_view RoleKey(Role role);
Phrase RoleTitle(Role role);
std::optional<Role> ParseRole(std::string_view key);

}  // namespace opsteward::identity
