// What may be done, as named by the modules, and which roles may do it.
#pragma once

#include <initializer_list>
#include <string_view>

#include "base/language.hpp"
#include "platform/identity/role.hpp"

namespace opsteward::identity {

/// A set of roles in one word.
class RoleSet {
  public:
    constexpr RoleSet() = default;
    constexpr RoleSet(std::initializer_list<Role> roles) {
        for (const Role role : roles) bits_ |= 1U << static_cast<unsigned>(role);
    }
    static constexpr RoleSet All() {
        RoleSet set;
        set.bits_ = (1U << kRoleCount) - 1;
        return set;
    }
    constexpr bool Has(Role role) const { return (bits_ >> static_cast<unsigned>(role)) & 1U; }

  private:
    unsigned bits_ = 0;
};

struct PermissionSpec {
    std::string_view key;  ///< "accounts.manage": object.verb
    Phrase title;
    RoleSet granted_to;    ///< the administrator has to be named as well
};

}  // namespace opsteward::identity
