// What people do to their own account: password, second factor, sessions, tokens.
#include <fmt/format.h>

#include "base/text.hpp"
#include "platform/identity/identity.hpp"
#include "platform/identity/password_rules.hpp"
#include "platform/identity/principal_cache.hpp"
#include "platform/identity/sign_in_throttle.hpp"
#include "platform/identity/store.hpp"

namespace opsteward::identity {

namespace {

constexpr std::size_t kTotpSecretBytes = 20;  // RFC 4226 section 4, R6: 160 bits recommended
constexpr int kRecoveryCodes = 10;
constexpr int kMaxTokenDays = 366;
constexpr std::size_t kMaxTokenName = 100;

audit::Change AccountEvent(std::string_view action, const Account& account, json::value after) {
    return {std::string(action), "account", std::to_string(account.id), account.name, account.unit_id, nullptr, std::move(after)};
}

}  // namespace

Result<void> Identity::ChangePassword(const audit::Actor& actor, std::string_view current, std::string_view replacement) {
    OPS_TRY(const auto account, FindAccount(actor.user_id));
    struct Hashes {
        std::string current;
        std::vector<std::string> past;
    };
    OPS_TRY(const auto hashes, database_.Read<Hashes>([&](db::Session& session) -> Result<Hashes> {
        OPS_TRY(const auto credentials, store::FindCredentials(session, account.id));
        OPS_TRY(auto past, store::PastPasswords(session, account.id, policy_.remembered_passwords - 1));
        return Hashes{credentials.password_hash, std::move(past)};
    }));
    // A wrong current password counts like a failed sign-in: an open session must not be a place to guess it.
    if (account.locked_until && *account.locked_until > clock_.Now()) {
        return Error::Of(ErrorCode::kForbidden, "嘗試次數過多，帳號暫時鎖定。", "Too many tries; the account is locked for a while.");
    }
    if (!crypto::VerifyPassword(current, hashes.current)) {
        OPS_CHECK(database_.WriteWith(
            [&](db::Transaction& transaction) { return CountFailure(transaction, account, actor.address, "current password"); }));
        return Error::Of(ErrorCode::kInvalidInput, "目前的密碼不正確。", "The current password is wrong.");
    }
    OPS_CHECK(CheckPassword(replacement, account.name, policy_.min_password_length));
    std::vector<std::string> refused = hashes.past;
    refused.push_back(hashes.current);
    for (const auto& hash : refused) {
        if (crypto::VerifyPassword(replacement, hash)) {
            return Error::Of(ErrorCode::kInvalidInput, fmt::format("不可使用最近 {} 次用過的密碼。", policy_.remembered_passwords),
                             fmt::format("The last {} passwords may not be used again.", policy_.remembered_passwords));
        }
    }
    const std::string hash = crypto::HashPassword(replacement, cost_);
    return database_.WriteWith([&](db::Transaction& transaction) -> Result<void> {
        OPS_CHECK(store::SetPassword(transaction, account.id, hash, false, clock_.Now()));
        OPS_CHECK(store::SetFailures(transaction, account.id, 0, std::nullopt));
        return audit::Append(transaction, actor, AccountEvent("account.change_password", account, nullptr), clock_.Now());
    });
}

Result<Identity::TotpEnrolment> Identity::BeginTotp(const audit::Actor& actor) {
    const auto secret = crypto::RandomBytes(kTotpSecretBytes);
    OPS_CHECK(database_.WriteWith([&](db::Transaction& transaction) -> Result<void> {
        OPS_TRY(const auto credentials, store::FindCredentials(transaction, actor.user_id));
        return store::SetTotp(transaction, actor.user_id, credentials.totp_secret, secret, credentials.totp_last_step);
    }));
    return TotpEnrolment{crypto::Base32Encode(secret), crypto::TotpUri("Opsteward", actor.name, secret)};
}

Result<std::vector<std::string>> Identity::ConfirmTotp(const audit::Actor& actor, std::string_view code) {
    std::vector<std::string> codes;
    std::vector<std::string> digests;
    for (int i = 0; i < kRecoveryCodes; ++i) {
        codes.push_back(ToLowerAscii(crypto::Base32Encode(crypto::RandomBytes(10))));
        digests.push_back(crypto::Sha256Hex(codes.back()));
    }
    OPS_CHECK(database_.WriteWith([&](db::Transaction& transaction) -> Result<void> {
        OPS_TRY(const auto account, store::FindAccount(transaction, actor.user_id));
        OPS_TRY(const auto credentials, store::FindCredentials(transaction, actor.user_id));
        if (!credentials.totp_pending) {
            return Error::Of(ErrorCode::kConflict, "請先開始設定兩步驟驗證。", "Begin setting up the second factor first.");
        }
        const auto step = crypto::MatchTotp(*credentials.totp_pending, code, clock_.Now(), 0);
        if (!step) {
            return Error::Of(ErrorCode::kInvalidInput, "驗證碼不正確，請確認手機時間正確後再試。",
                             "The code is wrong. Check that the phone's clock is right and try again.");
        }
        OPS_CHECK(store::SetTotp(transaction, actor.user_id, credentials.totp_pending, std::nullopt, *step));
        OPS_CHECK(store::ReplaceRecoveryCodes(transaction, actor.user_id, digests));
        return audit::Append(transaction, actor, AccountEvent("account.set_up_totp", account, nullptr), clock_.Now());
    }));
    return codes;
}

Result<std::vector<SessionInfo>> Identity::Sessions(std::int64_t user_id) const {
    OPS_TRY(auto sessions, database_.Read<std::vector<SessionInfo>>(
                               [&](db::Session& session) { return store::Sessions(session, user_id); }));
    const Instant now = clock_.Now();
    std::erase_if(sessions, [&](const SessionInfo& session) {
        return now - session.last_used_at >= policy_.session_idle || now - session.created_at >= policy_.session_absolute;
    });
    return sessions;
}

Result<void> Identity::RevokeSession(const audit::Actor& actor, std::int64_t user_id, std::int64_t session_id) {
    return database_.WriteWith([&](db::Transaction& transaction) -> Result<void> {
        OPS_TRY(const auto account, store::FindAccount(transaction, user_id));
        OPS_TRY(const auto gone, store::DeleteSessions(transaction, user_id, session_id));
        if (gone == 0) return Error::Of(ErrorCode::kNotFound, "這個工作階段已經結束。", "That session has ended already.");
        return audit::Append(transaction, actor, AccountEvent("account.revoke_session", account, {{"session", session_id}}), clock_.Now());
    });
}

Result<std::vector<ApiToken>> Identity::Tokens(std::int64_t user_id) const {
    return database_.Read<std::vector<ApiToken>>([&](db::Session& session) { return store::Tokens(session, user_id); });
}

Result<std::string> Identity::CreateToken(const audit::Actor& actor, std::int64_t user_id, std::string_view name, bool may_write, int days) {
    const std::string label(Trim(name));
    if (label.empty() || CountCodePoints(label) > kMaxTokenName || days < 1 || days > kMaxTokenDays) {
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("請填名稱（{} 字以內），有效期間 1 至 {} 天。", kMaxTokenName, kMaxTokenDays),
                         fmt::format("Give a name of at most {} characters and 1 to {} days.", kMaxTokenName, kMaxTokenDays));
    }
    // The prefix tells people and secret scanners what a leaked one is.
    const std::string token = "ops_" + crypto::RandomToken();
    const Instant now = clock_.Now();
    OPS_CHECK(database_.WriteWith([&](db::Transaction& transaction) -> Result<void> {
        OPS_TRY(const auto account, store::FindAccount(transaction, user_id));
        ApiToken row;
        row.user_id = user_id;
        row.name = label;
        row.may_write = may_write;
        row.created_at = now;
        row.ends_at = now + std::chrono::days(days);
        OPS_CHECK(store::InsertToken(transaction, row, crypto::Sha256Hex(token)));
        return audit::Append(transaction, actor,
                             AccountEvent("account.create_token", account,
                                          {{"name", label}, {"scope", may_write ? "write" : "read"}, {"days", days}}),
                             now);
    }));
    return token;
}

Result<void> Identity::RevokeToken(const audit::Actor& actor, std::int64_t user_id, std::int64_t token_id) {
    return database_.WriteWith([&](db::Transaction& transaction) -> Result<void> {
        OPS_TRY(const auto account, store::FindAccount(transaction, user_id));
        OPS_TRY(const auto gone, store::DeleteToken(transaction, user_id, token_id));
        if (gone == 0) return Error::Of(ErrorCode::kNotFound, "沒有這個權杖。", "There is no such token.");
        return audit::Append(transaction, actor, AccountEvent("account.revoke_token", account, {{"token", token_id}}), clock_.Now());
    });
}

}  // namespace opsteward::identity
