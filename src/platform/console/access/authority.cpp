#include "platform/console/access/authority.hpp"

#include <algorithm>

#include "platform/console/access/permissions.hpp"

namespace opsteward::console {

bool HasAuthorityOver(const web::RequestContext& context, const identity::Account& account) {
    const identity::Principal& principal = context.principal();
    return principal.May(kManageAccounts, account.unit_id) &&
           std::ranges::all_of(account.grants, [&](const identity::RoleGrant& grant) {
               return principal.May(kManageAccounts, grant.unit_id);
           });
}

Result<void> RequireAuthorityOver(const web::RequestContext& context, const identity::Account& account) {
    if (HasAuthorityOver(context, account)) return Ok();
    return Error::Of(
        ErrorCode::kForbidden, "您只能管理所轄單位的帳號，並且只能授予所轄單位的角色。資料未變更。",
        "You may manage only accounts, and grant only roles, of the units you are in charge of. Nothing was changed.");
}

Result<identity::Account> ReadableAccount(const web::RequestContext& context, const Services& services) {
    OPS_TRY(const std::int64_t id, context.IdParameter());
    OPS_TRY(identity::Account account, services.identity.FindAccount(id));
    OPS_CHECK(context.RequireIn(kReadAccounts, account.unit_id));
    return account;
}

Result<identity::Account> ManagedAccount(const web::RequestContext& context, const Services& services) {
    OPS_TRY(identity::Account account, ReadableAccount(context, services));
    OPS_CHECK(RequireAuthorityOver(context, account));
    return account;
}

Result<identity::Unit> UnitOfPath(const web::RequestContext& context, const Services& services,
                                  std::string_view permission) {
    OPS_TRY(const std::int64_t id, context.IdParameter());
    OPS_TRY(const auto units, services.identity.Units());
    const auto found = std::ranges::find(units, id, &identity::Unit::id);
    if (found == units.end()) return Error::Of(ErrorCode::kNotFound, "沒有這個單位。", "There is no such unit.");
    OPS_CHECK(context.RequireIn(permission, id));
    return *found;
}

Result<void> SaveUnit(const web::RequestContext& context, const Services& services, const identity::Unit& before,
                      const identity::Unit& after) {
    OPS_CHECK(context.RequireIn(kManageUnits, before.id));
    if (before.parent_id != after.parent_id) {
        for (const auto parent : {before.parent_id, after.parent_id}) {
            if (parent) OPS_CHECK(context.RequireIn(kManageUnits, *parent));
        }
    }
    return services.identity.UpdateUnit(context.actor(), after);
}

}  // namespace opsteward::console
