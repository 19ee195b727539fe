// Who is asking, and where they may do what.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/audit/trail.hpp"
#include "platform/identity/permission.hpp"
#include "platform/identity/role.hpp"

namespace opsteward::identity {

/// A role held in a unit; counts for the unit and all below it.
struct RoleGrant {
    Role role;
    std::int64_t unit_id = 0;
};

/// Cheap to copy: what somebody may do is shared by all copies.
class Principal {
  public:
    Principal() = default;
    /// `subtrees`: for every unit of a grant, that unit and all units below it.
    Principal(audit::Actor actor, std::string display_name, std::vector<RoleGrant> grants,
              const std::map<std::int64_t, std::set<std::int64_t>>& subtrees, std::span<const PermissionSpec> permissions);

    const audit::Actor& actor() const { return actor_; }
    const std::string& display_name() const { return display_name_; }
    std::int64_t user_id() const { return actor_.user_id; }
    /// Somewhere, in whatever unit.
    bool May(std::string_view permission) const;
    bool May(std::string_view permission, std::int64_t unit_id) const;
    bool Holds(Role role, std::int64_t unit_id) const;
    bool HoldsAnywhere(Role role) const;
    /// Units in which the permission holds; empty when nowhere.
    const std::set<std::int64_t>& UnitsFor(std::string_view permission) const;
    const std::vector<RoleGrant>& grants() const { return reach_->grants; }
    /// The same person, with the address they work from.
    Principal From(std::string_view address) const;
    /// Keeps only permissions whose key ends in ".read": what a token of read scope may do.
    Principal ReadOnly() const;

  private:
    struct Reach {
        std::vector<RoleGrant> grants;
        std::map<Role, std::set<std::int64_t>> units_by_role;
        std::map<std::string, std::set<std::int64_t>, std::less<>> units_by_permission;
    };

    audit::Actor actor_;
    std::string display_name_;
    std::shared_ptr<const Reach> reach_ = std::make_shared<const Reach>();
    bool is_read_only_ = false;
};

/// Separation of duties: who took one part of a matter may not take the other. `role_of_first` names the part already taken, for
/// the message. kConflict when both are the same person.
Result<void> RequireDifferentPerson(const audit::Actor& second, std::int64_t first_user_id, const Text& part_already_taken);

}  // namespace opsteward::identity
