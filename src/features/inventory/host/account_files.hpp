// Local accounts: passwd(5), group(5) and shadow(5).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace opsteward::inventory::host {

struct PasswdEntry {
    std::string name;
    std::int64_t uid = 0;
    std::int64_t gid = 0;
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

struct Account {
    std::string name;
    std::int64_t uid = 0;
    /// A password opens it and it has not expired; nothing when the shadow file could not be read.
    std::optional<bool> is_enabled;
    /// uid 0, or member of a group that gives the rights of root or that reads every log (see IsPrivilegedGroup).
    bool is_privileged = false;
    /// Its shell is none of those that only refuse. Whether /etc/shells lists it does not matter: sshd does not ask.
    bool can_login = false;
    std::string shell;
    std::string groups;  ///< sorted names, ", " between
};

bool IsPrivilegedGroup(std::string_view name);

/// One per name, in the order of the passwd file.
std::vector<Account> JoinAccounts(const std::vector<PasswdEntry>& passwd, const std::vector<GroupEntry>& groups,
                                  const std::optional<std::vector<ShadowEntry>>& shadow, Instant now);

}  // namespace opsteward::inventory::host
