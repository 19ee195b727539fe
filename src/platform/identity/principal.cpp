#include "platform/identity/principal.hpp"

namespace opsteward::identity {

Principal::Principal(audit::Actor actor, std::string display_name, std::vector<RoleGrant> grants,
                     const std::map<std::int64_t, std::set<std::int64_t>>& subtrees, std::span<const PermissionSpec> permissions)
    : actor_(std::move(actor)), display_name_(std::move(display_name)) {
    Reach reach;
    for (const auto& grant : grants) {
        const auto subtree = subtrees.find(grant.unit_id);
        if (subtree != subtrees.end()) reach.units_by_role[grant.role].insert(subtree->second.begin(), subtree->second.end());
    }
    for (const auto& permission : permissions) {
        for (const auto& [role, units] : reach.units_by_role) {
            if (permission.granted_to.Has(role)) reach.units_by_permission[std::string(permission.key)].insert(units.begin(), units.end());
        }
    }
    reach.grants = std::move(grants);
    reach_ = std::make_shared<const Reach>(std::move(reach));
}

bool Principal::May(std::string_view permission) const { return !UnitsFor(permission).empty(); }

bool Principal::May(std::string_view permission, std::int64_t unit_id) const { return UnitsFor(permission).contains(unit_id); }

bool Principal::Holds(Role role, std::int64_t unit_id) const {
    const auto found = reach_->units_by_role.find(role);
    return found != reach_->units_by_role.end() && found->second.contains(unit_id);
}

bool Principal::HoldsAnywhere(Role role) const { return reach_->units_by_role.contains(role); }

const std::set<std::int64_t>& Principal::UnitsFor(std::string_view permission) const {
    static const std::set<std::int64_t> kNone;
    if (is_read_only_ && !permission.ends_with(".read")) return kNone;
    const auto found = reach_->units_by_permission.find(permission);
    return found == reach_->units_by_permission.end() ? kNone : found->second;
}

Principal Principal::From(std::string_view address) const {
    Principal same = *this;
    same.actor_.address = address;
    return same;
}

Principal Principal::ReadOnly() const {
    Principal reader = *this;
    reader.is_read_only_ = true;
    return reader;
}

Result<void> RequireDifferentPerson(const audit::Actor& second, std::int64_t first_user_id, const Text& part_already_taken) {
    if (second.user_id != first_user_id) return Ok();
    return Error::Of(ErrorCode::kConflict, "職務分離：您已" + part_already_taken.zh + "，須由另一人辦理。",
                     "Separation of duties: you " + part_already_taken.en + ", so another person has to do this.");
}

}  // namespace opsteward::identity
