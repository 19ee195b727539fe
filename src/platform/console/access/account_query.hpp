// Which accounts somebody asks for, by page or by API.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/http_message.hpp"
#include "platform/console/access/account_state.hpp"
#include "platform/console/access/unit_tree.hpp"
#include "platform/identity/principal.hpp"

namespace opsteward::console {

enum class AccountOrder { kName, kDisplayName, kUnit, kLastSignIn, kEnd };

struct AccountQuery {
    std::string text;                     ///< in names and e-mail, ASCII case ignored
    std::optional<std::int64_t> unit_id;  ///< with everything below it
    std::optional<identity::Role> role;
    std::optional<AccountState> state;
    AccountOrder order = AccountOrder::kName;
    bool is_descending = false;

    /// Fields q, unit, role, state, sort, dir of an address; what is not known is left out.
    static AccountQuery Of(const net::FormFields& fields);
    bool IsRestricted() const { return !text.empty() || unit_id || role || state; }
};

/// Those that fit and that `reader` may see, in order.
std::vector<identity::Account> SelectAccounts(std::vector<identity::Account> accounts, const AccountQuery& query,
                                              const identity::Principal& reader, const UnitTree& units, Instant now);

/// Whether `text` holds `part`, ASCII case ignored.
bool HoldsText(std::string_view text, std::string_view part);

}  // namespace opsteward::console
