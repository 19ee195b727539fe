// The statements of the module.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"
#include "platform/identity/identity.hpp"

namespace opsteward::identity::store {

/// What signing in needs and nobody else sees.
struct Credentials {
    std::string password_hash;
    Instant password_set_at;
    bool must_change_password = false;
    int failures = 0;
    std::optional<db::Blob> totp_secret;
    std::optional<db::Blob> totp_pending;
    std::uint64_t totp_last_step = 0;
};

/// Comes first in every change of units, accounts or roles. Such changes then happen one after the other, so that each sees what the
/// others did (the last administrator, a unit below itself), and servers know that what they remember of people's roles is out of date.
Result<void> RaiseRevision(db::Transaction& transaction);

Result<std::vector<Account>> Accounts(db::Session& session);
Result<Account> FindAccount(db::Session& session, std::int64_t id);
Result<Account> FindAccountByName(db::Session& session, std::string_view name);
Result<std::int64_t> InsertAccount(db::Transaction& transaction, const Account& account, std::string_view password_hash, Instant now);
Result<void> UpdateAccount(db::Transaction& transaction, const Account& account, Instant now);
/// Enabled administrators of the top unit whose account does not end.
Result<std::int64_t> CountAdministrators(db::Session& session);

/// Until the transaction ends, nobody else signs in to this account or fails to: what is read of it afterwards stays true.
Result<void> LockAccount(db::Transaction& transaction, std::int64_t user_id);
Result<Credentials> FindCredentials(db::Session& session, std::int64_t user_id);
Result<std::vector<std::string>> PastPasswords(db::Session& session, std::int64_t user_id, int count);
Result<void> SetPassword(db::Transaction& transaction, std::int64_t user_id, std::string_view password_hash, bool must_change, Instant now);
Result<void> SetFailures(db::Transaction& transaction, std::int64_t user_id, int failures, std::optional<Instant> locked_until);
Result<void> SetSignedIn(db::Transaction& transaction, std::int64_t user_id, Instant now);

Result<void> SetTotp(db::Transaction& transaction, std::int64_t user_id, const std::optional<db::Blob>& secret,
                     const std::optional<db::Blob>& pending, std::uint64_t last_step);
Result<void> SetTotpStep(db::Transaction& transaction, std::int64_t user_id, std::uint64_t step);
Result<void> ReplaceRecoveryCodes(db::Transaction& transaction, std::int64_t user_id, const std::vector<std::string>& digests);
/// Whether there was such a code; it is gone afterwards.
Result<bool> UseRecoveryCode(db::Transaction& transaction, std::int64_t user_id, std::string_view digest);
Result<void> InsertTicket(db::Transaction& transaction, std::string_view digest, std::int64_t user_id, Instant ends_at);
Result<std::int64_t> FindTicket(db::Session& session, std::string_view digest, Instant now);
/// Whether it was still there.
Result<bool> DeleteTicket(db::Transaction& transaction, std::string_view digest);

/// A session or token with the account it belongs to, and the revision, in one statement.
struct Holder {
    SessionInfo session;  ///< only id and user_id for a token
    bool may_write = true;
    Instant ends_at;      ///< of a token
    std::optional<Instant> last_used_at;
    std::string user_name;
    std::string display_name;
    bool is_enabled = false;
    std::optional<Instant> account_ends_at;
    Instant password_set_at;
    std::int64_t revision = 0;
};
Result<Holder> FindSessionHolder(db::Session& session, std::string_view digest);
Result<Holder> FindTokenHolder(db::Session& session, std::string_view digest);
Result<void> InsertSession(db::Transaction& transaction, const SessionInfo& session, std::string_view digest);
Result<void> TouchSession(db::Transaction& transaction, std::int64_t id, Instant now);
Result<void> TouchToken(db::Transaction& transaction, std::int64_t id, Instant now);
Result<std::vector<SessionInfo>> Sessions(db::Session& session, std::int64_t user_id);
/// All of the account's when `id` is 0.
Result<std::int64_t> DeleteSessions(db::Transaction& transaction, std::int64_t user_id, std::int64_t id);
Result<std::int64_t> DeleteEndedSessions(db::Transaction& transaction, Instant used_before, Instant made_before, Instant now);
Result<std::vector<ApiToken>> Tokens(db::Session& session, std::int64_t user_id);
Result<std::int64_t> InsertToken(db::Transaction& transaction, const ApiToken& token, std::string_view digest);
Result<std::int64_t> DeleteToken(db::Transaction& transaction, std::int64_t user_id, std::int64_t id);

Result<std::vector<Unit>> Units(db::Session& session);
Result<std::int64_t> InsertUnit(db::Transaction& transaction, std::optional<std::int64_t> parent_id, std::string_view name);
Result<void> UpdateUnit(db::Transaction& transaction, const Unit& unit);
Result<std::int64_t> CountActivePeople(db::Session& session, std::int64_t unit_id);

Result<std::vector<RoleGrant>> Grants(db::Session& session, std::int64_t user_id);

}  // namespace opsteward::identity::store
