#include "platform/console/access/account_state.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "platform/web/components.hpp"

namespace opsteward::console {

using html::Markup;
using identity::Account;
using web::Tone;

namespace {

constexpr AccountStateInfo kStates[] = {
    {AccountState::kUsable, "usable", {"可登入", "May sign in"}},
    {AccountState::kDisabled, "disabled", {"停用", "Disabled"}},
    {AccountState::kEnded, "ended", {"已到期", "Ended"}},
    {AccountState::kLocked, "locked", {"鎖定中", "Locked"}},
    {AccountState::kEndsSoon, "ends_soon", {"14 天內到期", "Ends within 14 days"}},
    {AccountState::kNeverSignedIn, "never_signed_in", {"從未登入", "Never signed in"}},
    {AccountState::kOneTimePassword, "one_time_password", {"一次性密碼未更換", "One-time password not changed"}},
    {AccountState::kNoSecondFactor, "no_second_factor", {"未設兩步驟驗證", "No second factor"}},
};

bool HasEnded(const Account& account, Instant now) {
    return account.ends_at && *account.ends_at <= now;
}
bool IsLocked(const Account& account, Instant now) {
    return account.locked_until && *account.locked_until > now;
}

Markup MainBadge(const Account& account, Instant now, Language language) {
    const bool is_english = language == Language::kEnglish;
    if (!account.is_enabled) return web::Badge(Tone::kNotApplicable, is_english ? "Disabled" : "停用");
    if (HasEnded(account, now)) return web::Badge(Tone::kNotApplicable, is_english ? "Ended" : "已到期");
    if (IsLocked(account, now)) {
        const LocalTime until = ToTaipei(*account.locked_until);
        const std::string clock = fmt::format("{:02}:{:02}", until.hour, until.minute);
        return web::Badge(Tone::kNotMet, is_english ? "Locked until " + clock : "鎖定至 " + clock);
    }
    return web::Badge(Tone::kMet, is_english ? "In use" : "啟用");
}

}  // namespace

std::span<const AccountStateInfo> AllAccountStates() {
    return kStates;
}

std::optional<AccountState> ParseAccountState(std::string_view key) {
    const auto* found = std::ranges::find(kStates, key, &AccountStateInfo::key);
    return found == std::end(kStates) ? std::nullopt : std::optional(found->state);
}

bool IsInState(const Account& account, AccountState state, Instant now) {
    const bool is_in_use = account.is_enabled && !HasEnded(account, now);
    switch (state) {
        case AccountState::kUsable:
            return is_in_use && !IsLocked(account, now);
        case AccountState::kDisabled:
            return !account.is_enabled;
        case AccountState::kEnded:
            return HasEnded(account, now);
        case AccountState::kLocked:
            return IsLocked(account, now);
        case AccountState::kEndsSoon:
            return is_in_use && account.ends_at && *account.ends_at <= now + kSoon;
        case AccountState::kNeverSignedIn:
            return is_in_use && !account.last_sign_in_at;
        case AccountState::kOneTimePassword:
            return is_in_use && account.must_change_password;
        case AccountState::kNoSecondFactor:
            return is_in_use && !account.has_totp;
    }
    return false;
}

bool IsAdministrator(const Account& account) {
    return std::ranges::any_of(
        account.grants, [](const identity::RoleGrant& grant) { return grant.role == identity::Role::kAdministrator; });
}

Markup AccountBadges(const Account& account, Instant now, Language language) {
    const bool is_english = language == Language::kEnglish;
    Markup badges = MainBadge(account, now, language);
    const auto add = [&](Tone tone, std::string_view text) { badges += html::Escape(" ") + web::Badge(tone, text); };
    if (IsInState(account, AccountState::kEndsSoon, now)) {
        const std::string day = FormatDateShort(LastDay(*account.ends_at), language);
        add(Tone::kAttention, is_english ? "Ends after " + day : day + " 到期");
    }
    if (IsInState(account, AccountState::kNeverSignedIn, now)) {
        add(Tone::kAttention, is_english ? "Never signed in" : "從未登入");
    } else if (IsInState(account, AccountState::kOneTimePassword, now)) {
        add(Tone::kAttention, is_english ? "One-time password" : "一次性密碼");
    }
    if (IsInState(account, AccountState::kNoSecondFactor, now)) {
        add(IsAdministrator(account) ? Tone::kAttention : Tone::kNeutral,
            is_english ? "No second factor" : "無兩步驟驗證");
    }
    return badges;
}

Date LastDay(Instant ends_at) {
    return TaipeiDate(ends_at - std::chrono::milliseconds(1));
}

Instant EndOfDay(Date day) {
    return StartOfDay(Date(std::chrono::sys_days(day) + std::chrono::days(1)));
}

}  // namespace opsteward::console
