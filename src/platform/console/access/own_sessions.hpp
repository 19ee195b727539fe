// The sessions of the person who asks.
#pragma once

#include "platform/console/services.hpp"
#include "platform/web/request_context.hpp"

namespace opsteward::console {

/// Whether `session` is the one the request came with.
bool IsOwnSession(const web::RequestContext& context, const identity::SessionInfo& session);
/// Ends all but the one the request came with; gives how many.
Result<int> RevokeOtherSessions(const web::RequestContext& context, const Services& services);

enum class OwnAccountTab { kOverview, kSessions, kTokens };
html::Markup OwnAccountTabs(const web::RequestContext& context, OwnAccountTab current);

}  // namespace opsteward::console
