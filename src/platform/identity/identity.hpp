// Organisation units, accounts, sessions and API tokens: the operations of the module. No HTTP here.
//
// Every operation that changes something writes its audit row in the same transaction. Callers check permissions (the web gate);
// these operations check the rules of the matter itself (password rules, last administrator, separation of duties).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/crypto.hpp"
#include "db/database.hpp"
#include "db/migration.hpp"
#include "db/view.hpp"
#include "platform/audit/trail.hpp"
#include "platform/identity/permission.hpp"
#include "platform/identity/principal.hpp"

namespace opsteward::identity {

struct Unit {
    std::int64_t id = 0;
    std::optional<std::int64_t> parent_id;  ///< none: the top of the organisation
    std::string name;
    bool is_active = true;
};

struct Account {
    std::int64_t id = 0;
    std::string name;          ///< sign-in name, [a-z0-9._-]{1,64}, unique, compared as it is
    std::string display_name;  ///< untouched, any characters
    std::string email;
    std::int64_t unit_id = 0;  ///< where the person works
    bool is_enabled = true;
    bool must_change_password = false;
    bool has_totp = false;
    std::optional<Instant> ends_at;  ///< from then on no sign-in
    std::optional<Instant> locked_until;
    std::optional<Instant> last_sign_in_at;
    Instant created_at;
    std::vector<RoleGrant> grants;
};

struct Policy {
    int max_failures = 5;
    std::chrono::minutes lock_time{15};
    std::size_t min_password_length = 12;
    int remembered_passwords = 3;
    std::chrono::minutes session_idle{30};
    std::chrono::hours session_absolute{12};
    std::chrono::days password_age{90};  ///< older: must be changed at sign-in
};

struct SessionInfo {
    std::int64_t id = 0;
    std::int64_t user_id = 0;
    std::string address;
    std::string user_agent;
    Instant created_at;
    Instant last_used_at;
    std::string csrf_token;
    bool must_change_password = false;
};

struct ApiToken {
    std::int64_t id = 0;
    std::int64_t user_id = 0;
    std::string name;
    bool may_write = false;
    Instant created_at;
    Instant ends_at;
    std::optional<Instant> last_used_at;
};

/// Who was recognised, by session cookie or bearer token.
struct Authentication {
    Principal principal;
    std::optional<SessionInfo> session;  ///< none: a bearer token
    bool may_write = true;
    std::optional<Instant> token_ends_at = {};  ///< of the bearer token
};

/// Whether recognising a session counts as its holder's being there.
enum class SessionUse {
    kByPerson,      ///< puts off the end by idleness
    kByPageItself,  ///< an open page asks on its own, whether or not anybody sits before it: puts off nothing
};

struct SignIn {
    enum class Step { kDone, kNeedsTotp };
    Step step = Step::kDone;
    std::string session_secret;  ///< for the cookie; only its digest is kept
    std::string totp_ticket;     ///< kNeedsTotp: to be sent back with the code within 5 minutes
};

class PrincipalCache;
class SignInThrottle;

class Identity {
  public:
    Identity(db::Database& database, const Clock& clock, std::vector<PermissionSpec> permissions, Policy policy = {},
             crypto::PasswordCost cost = {});
    ~Identity();

    /// At the first start: the top unit, the account `admin` with role administrator, and its one-time password, which is returned
    /// this one time. Nothing when accounts exist.
    Result<std::optional<std::string>> CreateFirstAdministrator();

    // Signing in. A wrong name and a wrong password look and take the same.
    Result<SignIn> SignInWithPassword(std::string_view name, std::string_view password, std::string_view address,
                                      std::string_view user_agent);
    /// `code`: six digits, or one of the recovery codes (used up by it).
    Result<SignIn> SignInWithTotp(std::string_view ticket, std::string_view code, std::string_view address,
                                  std::string_view user_agent);
    /// Recognises a session and, when a person uses it, prolongs it. kUnauthenticated when unknown, ended, idle too long, or the
    /// account may not sign in.
    Result<Authentication> AuthenticateSession(std::string_view session_secret, std::string_view address,
                                               SessionUse use = SessionUse::kByPerson);
    Result<Authentication> AuthenticateToken(std::string_view token, std::string_view address);
    Result<void> SignOut(const SessionInfo& session);

    // One's own account.
    Result<void> ChangePassword(const audit::Actor& actor, std::string_view current, std::string_view replacement);
    struct TotpEnrolment {
        std::string secret_base32;
        std::string uri;
    };
    Result<TotpEnrolment> BeginTotp(const audit::Actor& actor);
    /// Recovery codes, shown once.
    Result<std::vector<std::string>> ConfirmTotp(const audit::Actor& actor, std::string_view code);
    Result<std::vector<SessionInfo>> Sessions(std::int64_t user_id) const;
    Result<void> RevokeSession(const audit::Actor& actor, std::int64_t user_id, std::int64_t session_id);
    Result<std::vector<ApiToken>> Tokens(std::int64_t user_id) const;
    /// The token, shown once. `days` 1 … 366.
    Result<std::string> CreateToken(const audit::Actor& actor, std::int64_t user_id, std::string_view name, bool may_write, int days);
    Result<void> RevokeToken(const audit::Actor& actor, std::int64_t user_id, std::int64_t token_id);

    // Accounts.
    Result<std::vector<Account>> Accounts() const;
    Result<Account> FindAccount(std::int64_t id) const;
    Result<Account> FindAccountByName(std::string_view name) const;
    /// Gives the one-time password.
    Result<std::string> CreateAccount(const audit::Actor& actor, const Account& account);
    /// display_name, email, unit_id, is_enabled, ends_at, grants. Refuses to leave the organisation without an administrator.
    Result<void> UpdateAccount(const audit::Actor& actor, const Account& account);
    /// Gives a new one-time password, ends all sessions.
    Result<std::string> ResetPassword(const audit::Actor& actor, std::int64_t id);
    Result<void> RemoveTotp(const audit::Actor& actor, std::int64_t id);
    Result<void> Unlock(const audit::Actor& actor, std::int64_t id);

    // Units.
    Result<std::vector<Unit>> Units() const;  ///< parents before children, siblings by name
    Result<std::int64_t> CreateUnit(const audit::Actor& actor, std::int64_t parent_id, std::string_view name);
    /// Name, parent, is_active. Refuses cycles and closing a unit that still has active people or units.
    Result<void> UpdateUnit(const audit::Actor& actor, const Unit& unit);

    const std::vector<PermissionSpec>& permissions() const { return permissions_; }
    const Policy& policy() const { return policy_; }

    /// Removes sessions, tickets and tokens whose time is over; gives how many sessions.
    Result<std::int64_t> RemoveEnded();

  private:
    Result<SignIn> OpenSession(db::Transaction& transaction, const Account& account, std::string_view address,
                               std::string_view user_agent);
    Result<void> CountFailure(db::Transaction& transaction, const Account& account, std::string_view address, std::string_view how);
    /// A new one-time password and its hash.
    struct OneTimePassword {
        std::string text;
        std::string hash;
    };
    OneTimePassword MakeOneTimePassword() const;
    Result<std::shared_ptr<const Principal>> PrincipalOf(db::Session& session, std::int64_t user_id, const std::string& name,
                                                         const std::string& display_name, std::int64_t revision);

    db::Database& database_;
    const Clock& clock_;
    std::vector<PermissionSpec> permissions_;
    Policy policy_;
    crypto::PasswordCost cost_;
    std::string decoy_hash_;  ///< verified for names that do not exist, so that they take as long as those that do
    std::unique_ptr<PrincipalCache> principals_;
    std::unique_ptr<SignInThrottle> throttle_;
};

std::span<const db::Migration> Migrations();
/// units, role_holders
std::span<const db::ViewSpec> Views();

}  // namespace opsteward::identity
