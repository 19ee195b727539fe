// Accounts and units as the API writes and reads them. The schemas stand in schemas.cpp; both say the same.
#pragma once

#include <string_view>

#include "base/json.hpp"
#include "platform/identity/identity.hpp"

namespace opsteward::console {

json::object AccountJson(const identity::Account& account);
json::object UnitJson(const identity::Unit& unit);
json::object SessionJson(const identity::SessionInfo& session, bool is_current);
json::object TokenJson(const identity::ApiToken& token);
json::array GrantsJson(const std::vector<identity::RoleGrant>& grants);

/// Takes from `body` what is there: display_name, email, unit_id, is_enabled, ends_at, roles.
Result<void> ReadAccount(const json::object& body, identity::Account& account);
/// true or false; kInvalidInput else.
Result<bool> RequiredBool(const json::object& body, std::string_view key);

}  // namespace opsteward::console
