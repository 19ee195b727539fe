// How an account stands: what lists filter by and badges say.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string_view>

#include "base/civil_time.hpp"
#include "html/markup.hpp"
#include "platform/identity/identity.hpp"

namespace opsteward::console {

/// An account that ends within this time is brought up.
inline constexpr std::chrono::days kSoon{14};

enum class AccountState {
    kUsable,
    kDisabled,
    kEnded,
    kLocked,
    kEndsSoon,
    kNeverSignedIn,
    kOneTimePassword,
    kNoSecondFactor
};
struct AccountStateInfo {
    AccountState state;
    std::string_view key;  ///< in addresses and the API
    Phrase title;
};
std::span<const AccountStateInfo> AllAccountStates();
std::optional<AccountState> ParseAccountState(std::string_view key);
/// An account may be in several.
bool IsInState(const identity::Account& account, AccountState state, Instant now);

bool IsAdministrator(const identity::Account& account);
/// The first says whether the person may sign in; others say what deserves attention.
html::Markup AccountBadges(const identity::Account& account, Instant now, Language language);

/// The last day on which the account may be used.
Date LastDay(Instant ends_at);
/// The instant that ends `day` in Taipei.
Instant EndOfDay(Date day);

}  // namespace opsteward::console
