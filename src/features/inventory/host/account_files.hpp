// Local accounts: passwd(5), group(5) and shadow(5).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "features/inventory/host/sudoers.hpp"

namespace opsteward::inventory::host {

struct PasswdEntry {
    std::string name;
    std::int64_t uid = 0;
    std::int64_t gid = 0;
    std::string home;
    std::string shell;  ///< "/bin/sh" where the field is empty
    /// Nothing when the password is kept in the shadow file.
    std::optional<bool> has_usable_password;
};

struct GroupEntry {
    std::string name;
    std::int64_t gid = 0;
    std::vector<std::string> members;  ///< without those who have it as their first group
};

struct ShadowEntry {
    std::string name;
    bool has_usable_password = false;  ///< an empty password is usable; one beginning with '!' or '*' is not
    std::optional<std::int64_t> expires_on_day;  ///< days since 1970-01-01
};

std::vector<PasswdEntry> ParsePasswd(std::string_view text);
std::vector<GroupEntry> ParseGroup(std::string_view text);
std::vector<ShadowEntry> ParseShadow(std::string_view text);

struct AccountSources {
    std::vector<PasswdEntry> passwd;
    std::vector<GroupEntry> groups;
    std::optional<std::vector<ShadowEntry>> shadow;  ///< nothing when it could not be read
    std::optional<Sudoers> sudoers;                  ///< nothing when it is there and could not be read
    /// Is there a key with which sshd lets this user in? Nothing when that can't be seen.
    std::function<std::optional<bool>(const PasswdEntry&)> has_login_key;
};

struct Account {
    std::string name;
    std::int64_t uid = 0;
    /// It has not expired, and a password or a key opens it; nothing when that could not be read.
    std::optional<bool> is_enabled;
    /// uid 0, member of a group that gives the rights of root or that reads every log (see IsPrivilegedGroup), or named in
    /// sudoers; nothing when only the last could make it so and could not be read.
    std::optional<bool> is_privileged;
    /// Its shell is none of those that only refuse. Whether /etc/shells lists it does not matter: sshd does not ask.
    bool can_login = false;
    std::string shell;
    std::string groups;  ///< sorted names, ", " between
};

bool IsPrivilegedGroup(std::string_view name);

/// One per name, in the order of the passwd file.
std::vector<Account> JoinAccounts(const AccountSources& sources, Instant now);

}  // namespace opsteward::inventory::host
