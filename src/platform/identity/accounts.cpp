// Accounts as administrators handle them.
#include <fmt/format.h>

#include <algorithm>

#include "base/civil_time.hpp"
#include "base/text.hpp"
#include "platform/identity/identity.hpp"
#include "platform/identity/principal_cache.hpp"
#include "platform/identity/sign_in_throttle.hpp"
#include "platform/identity/store.hpp"

namespace opsteward::identity {

namespace {

constexpr std::size_t kMaxName = 64;
constexpr std::size_t kMaxDisplayName = 200;

Error Refuse(std::string zh, std::string en) { return Error::Of(ErrorCode::kInvalidInput, std::move(zh), std::move(en)); }

/// What the audit trail keeps of an account.
json::object Describe(const Account& account) {
    json::array roles;
    for (const auto& grant : account.grants) roles.push_back({{"role", RoleKey(grant.role)}, {"unit", grant.unit_id}});
    return {{"name", account.name},
            {"display_name", account.display_name},
            {"email", account.email},
            {"unit", account.unit_id},
            {"is_enabled", account.is_enabled},
            {"ends_at", account.ends_at ? json::value(FormatRfc3339(*account.ends_at)) : json::value(nullptr)},
            {"roles", std::move(roles)}};
}

audit::Change AccountChange(std::string_view action, const Account& account, json::value before, json::value after) {
    return {std::string(action), "account", std::to_string(account.id), account.name, account.unit_id, std::move(before), std::move(after)};
}

Result<void> CheckName(std::string_view name) {
    const bool fits = !name.empty() && name.size() <= kMaxName &&
                      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == std::string_view::npos;
    if (fits) return Ok();
    return Refuse("帳號名稱只能用小寫英文字母、數字、點、底線、連字號，至多 64 個字元。",
                  "A name holds lower-case letters, digits, dots, underscores and hyphens, at most 64.");
}

/// Units have to be open, but for those that the account had `before`: somebody whose unit was closed can still be disabled.
Result<void> CheckFields(db::Session& session, const Account& account, const Account* before) {
    const std::size_t length = CountCodePoints(account.display_name);
    if (Trim(account.display_name).empty() || length > kMaxDisplayName || account.email.size() > kMaxDisplayName) {
        return Refuse(fmt::format("請填姓名（{} 字以內）。", kMaxDisplayName), fmt::format("Give a name of at most {} characters.", kMaxDisplayName));
    }
    OPS_TRY(const auto units, store::Units(session));
    const auto is_unit = [&](std::int64_t id) {
        return std::any_of(units.begin(), units.end(), [&](const Unit& unit) { return unit.id == id && unit.is_active; });
    };
    const auto had_grant = [&](const RoleGrant& grant) {
        return before != nullptr && std::any_of(before->grants.begin(), before->grants.end(), [&](const RoleGrant& held) {
                   return held.role == grant.role && held.unit_id == grant.unit_id;
               });
    };
    const bool stays_out = before != nullptr && before->unit_id == account.unit_id && !account.is_enabled;
    bool all_known = stays_out || is_unit(account.unit_id);
    for (const auto& grant : account.grants) all_known = all_known && (had_grant(grant) || is_unit(grant.unit_id));
    if (!all_known) return Refuse("單位不存在或已停用。", "A unit does not exist or is closed.");
    return Ok();
}

}  // namespace

Result<std::vector<Account>> Identity::Accounts() const {
    return database_.Read<std::vector<Account>>([](db::Session& session) { return store::Accounts(session); });
}

Result<Account> Identity::FindAccount(std::int64_t id) const {
    return database_.Read<Account>([&](db::Session& session) { return store::FindAccount(session, id); });
}

Result<Account> Identity::FindAccountByName(std::string_view name) const {
    auto found = database_.Read<Account>([&](db::Session& session) { return store::FindAccountByName(session, name); });
    if (!found.ok() && found.error().code == ErrorCode::kNotFound) {
        return Error::Of(ErrorCode::kNotFound, fmt::format("沒有名為「{}」的帳號。", name), fmt::format("There is no account named \"{}\".", name));
    }
    return found;
}

Result<std::string> Identity::CreateAccount(const audit::Actor& actor, const Account& account) {
    OPS_CHECK(CheckName(account.name));
    const auto password = MakeOneTimePassword();
    auto made = database_.WriteWith([&](db::Transaction& transaction) -> Result<void> {
        OPS_CHECK(store::RaiseRevision(transaction));
        OPS_CHECK(CheckFields(transaction, account, nullptr));
        Account created = account;
        OPS_TRY(created.id, store::InsertAccount(transaction, account, password.hash, clock_.Now()));
        return audit::Append(transaction, actor, AccountChange("account.create", created, nullptr, Describe(created)), clock_.Now());
    });
    if (!made.ok() && made.error().code == ErrorCode::kConflict) {
        return Error::Of(ErrorCode::kConflict, "這個帳號名稱已經有人使用。", "There is an account of this name already.");
    }
    OPS_CHECK(std::move(made));
    return password.text;
}

Result<void> Identity::UpdateAccount(const audit::Actor& actor, const Account& account) {
    return database_.WriteWith([&](db::Transaction& transaction) -> Result<void> {
        OPS_CHECK(store::RaiseRevision(transaction));
        OPS_TRY(const auto before, store::FindAccount(transaction, account.id));
        OPS_CHECK(CheckFields(transaction, account, &before));
        OPS_CHECK(store::UpdateAccount(transaction, account, clock_.Now()));
        OPS_TRY(const auto administrators, store::CountAdministrators(transaction));
        if (administrators == 0) {
            return Error::Of(ErrorCode::kConflict, "至少要有一位啟用且無到期日的平台管理者，未做任何變更。",
                             "There has to be an enabled administrator of the whole organisation without an end date. Nothing was changed.");
        }
        if (!account.is_enabled) OPS_CHECK(store::DeleteSessions(transaction, account.id, 0));
        OPS_TRY(const auto after, store::FindAccount(transaction, account.id));
        std::string_view action = "account.update";
        if (before.is_enabled != after.is_enabled) action = after.is_enabled ? "account.enable" : "account.disable";
        return audit::Append(transaction, actor, AccountChange(action, after, Describe(before), Describe(after)), clock_.Now());
    });
}

Result<std::string> Identity::ResetPassword(const audit::Actor& actor, std::int64_t id) {
    const auto password = MakeOneTimePassword();
    OPS_CHECK(database_.WriteWith([&](db::Transaction& transaction) -> Result<void> {
        OPS_TRY(const auto account, store::FindAccount(transaction, id));
        OPS_CHECK(store::SetPassword(transaction, id, password.hash, true, clock_.Now()));
        OPS_CHECK(store::DeleteSessions(transaction, id, 0));
        return audit::Append(transaction, actor,
                             AccountChange("account.reset_password", account, json::object{{"must_change_password", account.must_change_password}},
                                           json::object{{"must_change_password", true}}),
                             clock_.Now());
    }));
    return password.text;
}

Result<void> Identity::RemoveTotp(const audit::Actor& actor, std::int64_t id) {
    return database_.WriteWith([&](db::Transaction& transaction) -> Result<void> {
        OPS_TRY(const auto account, store::FindAccount(transaction, id));
        OPS_CHECK(store::SetTotp(transaction, id, std::nullopt, std::nullopt, 0));
        OPS_CHECK(store::ReplaceRecoveryCodes(transaction, id, {}));
        return audit::Append(transaction, actor,
                             AccountChange("account.remove_totp", account, json::object{{"has_totp", account.has_totp}},
                                           json::object{{"has_totp", false}}),
                             clock_.Now());
    });
}

Result<void> Identity::Unlock(const audit::Actor& actor, std::int64_t id) {
    return database_.WriteWith([&](db::Transaction& transaction) -> Result<void> {
        OPS_TRY(const auto account, store::FindAccount(transaction, id));
        if (!account.locked_until) return Ok();
        OPS_CHECK(store::SetFailures(transaction, id, 0, std::nullopt));
        return audit::Append(transaction, actor,
                             AccountChange("account.unlock", account, json::object{{"locked_until", FormatRfc3339(*account.locked_until)}},
                                           json::object{{"locked_until", nullptr}}),
                             clock_.Now());
    });
}

}  // namespace opsteward::identity
