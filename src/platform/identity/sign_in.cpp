// Signing in, and recognising who has signed in.
#include <fmt/format.h>

#include "base/text.hpp"
#include "platform/identity/identity.hpp"
#include "platform/identity/sign_in_throttle.hpp"
#include "platform/identity/principal_cache.hpp"
#include "platform/identity/store.hpp"

namespace opsteward::identity {

namespace {

constexpr std::chrono::minutes kTicketTime{5};
constexpr std::chrono::minutes kTouchInterval{1};
constexpr std::size_t kMaxUserAgent = 200;

Error WrongCredentials() {
    return Error::Of(ErrorCode::kUnauthenticated, "帳號或密碼不正確，或帳號已停用、到期或暫時鎖定。",
                     "The name or the password is wrong, or the account is disabled, ended or locked for a while.");
}

Error WrongCode() { return Error::Of(ErrorCode::kUnauthenticated, "驗證碼不正確。", "The code is wrong."); }

Error TooLate() { return Error::Of(ErrorCode::kUnauthenticated, "登入逾時，請重新登入。", "Signing in took too long; begin again."); }

Error SignInAgain() { return Error::Of(ErrorCode::kUnauthenticated, "請登入。", "Please sign in."); }

/// A wrong password or code is an outcome to keep (the failure is counted), so it does not undo the transaction.
struct Outcome {
    std::optional<Error> refusal;
    SignIn sign_in;
};

bool MaySignIn(const Account& account, Instant now) {
    return account.is_enabled && !(account.ends_at && *account.ends_at <= now) && !(account.locked_until && *account.locked_until > now);
}

audit::Actor ActorOf(const Account& account, std::string_view address) { return {account.id, account.name, std::string(address)}; }

audit::Change Event(std::string_view action, const Account& account, json::value after) {
    return {std::string(action), "account", std::to_string(account.id), account.name, account.unit_id, nullptr, std::move(after)};
}

}  // namespace

Result<void> Identity::CountFailure(db::Transaction& transaction, const Account& account, std::string_view address, std::string_view how) {
    const Instant now = clock_.Now();
    OPS_CHECK(store::LockAccount(transaction, account.id));
    OPS_TRY(const auto credentials, store::FindCredentials(transaction, account.id));
    const int failures = credentials.failures + 1;
    const bool locks = failures >= policy_.max_failures;
    std::optional<Instant> locked_until = account.locked_until;
    if (locks) locked_until = now + policy_.lock_time;
    OPS_CHECK(store::SetFailures(transaction, account.id, locks ? 0 : failures, locked_until));
    OPS_CHECK(audit::Append(transaction, {0, "system", std::string(address)}, Event("account.sign_in_failed", account, {{"with", how}}), now));
    if (locks) {
        OPS_CHECK(audit::Append(transaction, {0, "system", std::string(address)},
                                Event("account.lock", account, {{"minutes", policy_.lock_time.count()}}), now));
    }
    return Ok();
}

Result<SignIn> Identity::OpenSession(db::Transaction& transaction, const Account& account, std::string_view address,
                                     std::string_view user_agent) {
    const Instant now = clock_.Now();
    SignIn result;
    result.session_secret = crypto::RandomToken();
    SessionInfo session;
    session.user_id = account.id;
    session.address = address;
    session.user_agent = Shorten(ReplaceInvalidUtf8(user_agent), kMaxUserAgent);
    session.created_at = now;
    session.last_used_at = now;
    session.csrf_token = crypto::RandomToken();
    OPS_CHECK(store::InsertSession(transaction, session, crypto::Sha256Hex(result.session_secret)));
    OPS_CHECK(store::SetSignedIn(transaction, account.id, now));
    OPS_CHECK(audit::Append(transaction, ActorOf(account, address), Event("account.sign_in", account, nullptr), now));
    return result;
}

Result<SignIn> Identity::SignInWithPassword(std::string_view name, std::string_view password, std::string_view address,
                                            std::string_view user_agent) {
    const Instant now = clock_.Now();
    if (!throttle_->Admit(address, now)) {
        return Error::Of(ErrorCode::kTooMany, "登入嘗試過於頻繁，請一分鐘後再試。", "Too many tries to sign in. Wait a minute and try again.");
    }
    struct Known {
        Account account;
        store::Credentials credentials;
    };
    const auto known = database_.Read<Known>([&](db::Session& session) -> Result<Known> {
        OPS_TRY(auto account, store::FindAccountByName(session, name));
        OPS_TRY(auto credentials, store::FindCredentials(session, account.id));
        return Known{std::move(account), std::move(credentials)};
    });
    if (!known.ok() && known.error().code != ErrorCode::kNotFound) return known.error();
    // The costly part runs outside a transaction, and for unknown names too.
    const bool is_right = crypto::VerifyPassword(password, known.ok() ? known->credentials.password_hash : decoy_hash_);
    if (!known.ok() || !MaySignIn(known->account, now)) return WrongCredentials();
    OPS_TRY(auto outcome, database_.Write<Outcome>([&](db::Transaction& transaction) -> Result<Outcome> {
        // Tries at the same time may have locked the account while this password was being verified; the lock counts for all of them.
        OPS_CHECK(store::LockAccount(transaction, known->account.id));
        OPS_TRY(const auto account, store::FindAccount(transaction, known->account.id));
        OPS_TRY(const auto credentials, store::FindCredentials(transaction, account.id));
        if (!MaySignIn(account, now)) return Outcome{WrongCredentials(), {}};
        if (!is_right || credentials.password_hash != known->credentials.password_hash) {
            OPS_CHECK(CountFailure(transaction, account, address, "password"));
            return Outcome{WrongCredentials(), {}};
        }
        if (!credentials.totp_secret) {
            OPS_TRY(auto sign_in, OpenSession(transaction, account, address, user_agent));
            return Outcome{std::nullopt, std::move(sign_in)};
        }
        Outcome half;
        half.sign_in.step = SignIn::Step::kNeedsTotp;
        half.sign_in.totp_ticket = crypto::RandomToken();
        OPS_CHECK(store::InsertTicket(transaction, crypto::Sha256Hex(half.sign_in.totp_ticket), account.id, now + kTicketTime));
        return half;
    }));
    if (outcome.refusal) return *outcome.refusal;
    return std::move(outcome.sign_in);
}

Result<SignIn> Identity::SignInWithTotp(std::string_view ticket, std::string_view code, std::string_view address,
                                        std::string_view user_agent) {
    const Instant now = clock_.Now();
    const std::string digest = crypto::Sha256Hex(ticket);
    OPS_TRY(auto outcome, database_.Write<Outcome>([&](db::Transaction& transaction) -> Result<Outcome> {
        const auto user_id = store::FindTicket(transaction, digest, now);
        if (!user_id.ok()) {
            if (user_id.error().code != ErrorCode::kNotFound) return user_id.error();
            return Outcome{TooLate(), {}};
        }
        OPS_CHECK(store::LockAccount(transaction, *user_id));
        OPS_TRY(const auto account, store::FindAccount(transaction, *user_id));
        OPS_TRY(const auto credentials, store::FindCredentials(transaction, *user_id));
        if (!MaySignIn(account, now) || !credentials.totp_secret) return Outcome{WrongCredentials(), {}};
        if (const auto step = crypto::MatchTotp(*credentials.totp_secret, code, now, credentials.totp_last_step)) {
            OPS_CHECK(store::SetTotpStep(transaction, account.id, *step));
        } else {
            OPS_TRY(const bool is_recovery_code,
                    store::UseRecoveryCode(transaction, account.id, crypto::Sha256Hex(ToLowerAscii(Trim(code)))));
            if (!is_recovery_code) {
                OPS_CHECK(CountFailure(transaction, account, address, "code"));
                return Outcome{WrongCode(), {}};
            }
            OPS_CHECK(audit::Append(transaction, ActorOf(account, address), Event("account.use_recovery_code", account, nullptr), now));
        }
        // Another request with the same ticket may have been first.
        OPS_TRY(const bool was_there, store::DeleteTicket(transaction, digest));
        if (!was_there) return TooLate();
        OPS_TRY(auto sign_in, OpenSession(transaction, account, address, user_agent));
        return Outcome{std::nullopt, std::move(sign_in)};
    }));
    if (outcome.refusal) return *outcome.refusal;
    return std::move(outcome.sign_in);
}

Result<Authentication> Identity::AuthenticateSession(std::string_view session_secret, std::string_view address, SessionUse use) {
    if (session_secret.empty()) return SignInAgain();
    const Instant now = clock_.Now();
    store::Holder holder;
    auto recognised = database_.Read<Authentication>([&](db::Session& session) -> Result<Authentication> {
        OPS_TRY(holder, store::FindSessionHolder(session, crypto::Sha256Hex(session_secret)));
        OPS_TRY(const auto principal,
                PrincipalOf(session, holder.session.user_id, holder.user_name, holder.display_name, holder.revision));
        return Authentication{principal->From(address), holder.session, true};
    });
    if (!recognised.ok()) {
        if (recognised.error().code == ErrorCode::kNotFound) return SignInAgain();
        return recognised;
    }
    const bool is_over = now - holder.session.last_used_at >= policy_.session_idle || now - holder.session.created_at >= policy_.session_absolute;
    if (is_over || !holder.is_enabled || (holder.account_ends_at && *holder.account_ends_at <= now)) return SignInAgain();
    if (now - holder.password_set_at >= policy_.password_age) recognised->session->must_change_password = true;
    // Idle time is told to the minute: writing it down at every request would make every page a write.
    if (use == SessionUse::kByPerson && now - holder.session.last_used_at >= kTouchInterval) {
        OPS_CHECK(database_.WriteWith([&](db::Transaction& transaction) { return store::TouchSession(transaction, holder.session.id, now); }));
    }
    return recognised;
}

Result<Authentication> Identity::AuthenticateToken(std::string_view token, std::string_view address) {
    const Instant now = clock_.Now();
    const Error unknown = Error::Of(ErrorCode::kUnauthenticated, "權杖無效或已到期。", "The token is unknown or has ended.");
    store::Holder holder;
    auto recognised = database_.Read<Authentication>([&](db::Session& session) -> Result<Authentication> {
        OPS_TRY(holder, store::FindTokenHolder(session, crypto::Sha256Hex(token)));
        OPS_TRY(const auto principal,
                PrincipalOf(session, holder.session.user_id, holder.user_name, holder.display_name, holder.revision));
        const Principal from = principal->From(address);
        return Authentication{holder.may_write ? from : from.ReadOnly(), std::nullopt, holder.may_write, holder.ends_at};
    });
    if (!recognised.ok()) return recognised.error().code == ErrorCode::kNotFound ? unknown : recognised.error();
    if (holder.ends_at <= now || !holder.is_enabled || (holder.account_ends_at && *holder.account_ends_at <= now)) return unknown;
    if (!holder.last_used_at || now - *holder.last_used_at >= kTouchInterval) {
        OPS_CHECK(database_.WriteWith([&](db::Transaction& transaction) { return store::TouchToken(transaction, holder.session.id, now); }));
    }
    return recognised;
}

Result<void> Identity::SignOut(const SessionInfo& session) {
    return database_.WriteWith([&](db::Transaction& transaction) -> Result<void> {
        OPS_TRY(const auto account, store::FindAccount(transaction, session.user_id));
        OPS_CHECK(store::DeleteSessions(transaction, session.user_id, session.id));
        return audit::Append(transaction, ActorOf(account, session.address), Event("account.sign_out", account, nullptr), clock_.Now());
    });
}

}  // namespace opsteward::identity
