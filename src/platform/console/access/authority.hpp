// Over whom somebody holds a permission. The gate asks whether a permission is held somewhere; these ask whether it is
// held where the matter lies.
#pragma once

#include <cstdint>

#include "platform/console/services.hpp"
#include "platform/web/request_context.hpp"

namespace opsteward::console {

/// kForbidden unless `account` and every role it holds lie in units where the reader manages accounts. Without the
/// second half, who manages a small unit could take over an account with roles above it by giving it a new password.
Result<void> RequireAuthorityOver(const web::RequestContext& context, const identity::Account& account);
bool HasAuthorityOver(const web::RequestContext& context, const identity::Account& account);

/// The account of the path, if its unit is one where the reader may see accounts.
Result<identity::Account> ReadableAccount(const web::RequestContext& context, const Services& services);
/// The account of the path, if the reader has authority over it.
Result<identity::Account> ManagedAccount(const web::RequestContext& context, const Services& services);

/// The unit of the path, if `permission` holds there.
Result<identity::Unit> UnitOfPath(const web::RequestContext& context, const Services& services,
                                  std::string_view permission);
/// Saves a change of a unit. Moving it changes who has a say over its people, so both places have to be managed.
Result<void> SaveUnit(const web::RequestContext& context, const Services& services, const identity::Unit& before,
                      const identity::Unit& after);

}  // namespace opsteward::console
