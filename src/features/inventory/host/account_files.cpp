#include "features/inventory/host/account_files.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.hpp"
#include "features/inventory/host/host_files.hpp"

namespace opsteward::inventory::host {
namespace {

bool IsUsable(std::string_view password) { return !password.starts_with('!') && !password.starts_with('*'); }

/// Comments and lines of the NSS compat mode ("+", "-") are no accounts.
bool IsEntry(std::string_view line) {
    return !line.empty() && line.front() != '#' && line.front() != '+' && line.front() != '-' && line.front() != ':';
}

bool OnlyRefuses(std::string_view shell) {
    static constexpr std::array<std::string_view, 7> kRefusing = {"nologin", "false",    "true", "sync",
                                                                  "halt",    "shutdown", "null"};
    return std::ranges::find(kRefusing, BaseName(shell)) != kRefusing.end();
}

class Memberships {
  public:
    explicit Memberships(const std::vector<GroupEntry>& groups) {
        for (const GroupEntry& group : groups) {
            name_of_gid_.emplace(group.gid, group.name);
            for (const std::string& member : group.members) {
                groups_of_[member].insert(group.name);
                gids_of_[member].insert(group.gid);
            }
        }
    }

    struct Result {
        std::set<std::string> names;
        std::set<std::int64_t> gids;
    };
    Result Of(const PasswdEntry& entry) const {
        Result result;
        if (const auto found = groups_of_.find(entry.name); found != groups_of_.end()) result.names = found->second;
        if (const auto found = gids_of_.find(entry.name); found != gids_of_.end()) result.gids = found->second;
        if (const auto first = name_of_gid_.find(entry.gid); first != name_of_gid_.end()) result.names.emplace(first->second);
        result.gids.insert(entry.gid);
        return result;
    }

  private:
    std::map<std::string_view, std::set<std::string>> groups_of_;
    std::map<std::string_view, std::set<std::int64_t>> gids_of_;
    std::map<std::int64_t, std::string_view> name_of_gid_;
};

bool HasExpired(const ShadowEntry& secret, Instant now) {
    const std::int64_t today = std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();
    return secret.expires_on_day && *secret.expires_on_day >= 0 && *secret.expires_on_day <= today;
}

/// `secret`: nullptr when the shadow file has no line of it, or could not be read.
std::optional<bool> IsEnabled(const AccountSources& sources, const PasswdEntry& entry, const ShadowEntry* secret, Instant now) {
    if (secret && HasExpired(*secret, now)) return false;
    std::optional<bool> has_password = entry.has_usable_password;
    if (!has_password && secret) has_password = secret->has_usable_password;
    if (!has_password && !sources.shadow) return std::nullopt;
    if (has_password.value_or(false)) return true;
    // Servers are often entered with a key only, and their accounts have no password that opens them.
    return OnlyRefuses(entry.shell) ? false : sources.has_login_key(entry);
}

std::optional<bool> IsPrivileged(const AccountSources& sources, const PasswdEntry& entry, const std::set<std::string>& groups,
                                 const std::set<std::int64_t>& gids) {
    if (entry.uid == 0 || std::ranges::any_of(groups, IsPrivilegedGroup)) return true;
    if (!sources.sudoers) return std::nullopt;
    return IsNamedInSudoers(*sources.sudoers, {.name = entry.name, .uid = entry.uid, .groups = groups, .gids = gids});
}

}  // namespace

std::vector<PasswdEntry> ParsePasswd(std::string_view text) {
    std::vector<PasswdEntry> entries;
    for (const std::string_view line : SplitLines(text)) {
        const auto fields = Split(line, ':');
        if (!IsEntry(line) || fields.size() != 7) continue;
        const auto uid = ParseInt(fields[2]);
        const auto gid = ParseInt(fields[3]);
        if (!uid || !gid) continue;
        PasswdEntry entry{.name = std::string(fields[0]), .uid = *uid, .gid = *gid, .home = std::string(fields[5]),
                          .shell = std::string(Trim(fields[6])), .has_usable_password = std::nullopt};
        if (entry.shell.empty()) entry.shell = "/bin/sh";
        if (fields[1] != "x") entry.has_usable_password = IsUsable(fields[1]);
        entries.push_back(std::move(entry));
    }
    return entries;
}

std::vector<GroupEntry> ParseGroup(std::string_view text) {
    std::vector<GroupEntry> entries;
    for (const std::string_view line : SplitLines(text)) {
        const auto fields = Split(line, ':');
        if (!IsEntry(line) || fields.size() != 4) continue;
        const auto gid = ParseInt(fields[2]);
        if (!gid) continue;
        GroupEntry entry{.name = std::string(fields[0]), .gid = *gid, .members = {}};
        for (const std::string_view member : Split(fields[3], ',')) {
            if (const auto name = Trim(member); !name.empty()) entry.members.emplace_back(name);
        }
        entries.push_back(std::move(entry));
    }
    return entries;
}

std::vector<ShadowEntry> ParseShadow(std::string_view text) {
    std::vector<ShadowEntry> entries;
    for (const std::string_view line : SplitLines(text)) {
        const auto fields = Split(line, ':');
        if (!IsEntry(line) || fields.size() != 9) continue;
        entries.push_back({.name = std::string(fields[0]),
                           .has_usable_password = IsUsable(fields[1]),
                           .expires_on_day = ParseInt(fields[7])});
    }
    return entries;
}

bool IsPrivilegedGroup(std::string_view name) {
    // root, sudo, wheel, admin: become root; docker, lxd, libvirt: start something as root; disk, kmem, shadow: read what
    // only root may; adm: read every log.
    static constexpr std::array<std::string_view, 11> kPrivileged = {"adm",  "admin", "disk",    "docker", "kmem", "libvirt",
                                                                     "lxd",  "root",  "shadow",  "sudo",   "wheel"};
    return std::ranges::find(kPrivileged, name) != kPrivileged.end();
}

std::vector<Account> JoinAccounts(const AccountSources& sources, Instant now) {
    const Memberships memberships(sources.groups);
    std::map<std::string_view, const ShadowEntry*> shadow_of;
    if (sources.shadow) {
        for (const ShadowEntry& entry : *sources.shadow) shadow_of.emplace(entry.name, &entry);
    }
    std::set<std::string_view> seen;
    std::vector<Account> accounts;
    for (const PasswdEntry& entry : sources.passwd) {
        if (!seen.insert(entry.name).second) continue;
        const auto found = shadow_of.find(entry.name);
        const ShadowEntry* secret = found == shadow_of.end() ? nullptr : found->second;
        const auto [groups, gids] = memberships.Of(entry);
        accounts.push_back({.name = entry.name,
                            .uid = entry.uid,
                            .is_enabled = IsEnabled(sources, entry, secret, now),
                            .is_privileged = IsPrivileged(sources, entry, groups, gids),
                            .can_login = !OnlyRefuses(entry.shell),
                            .shell = entry.shell,
                            .groups = Join({groups.begin(), groups.end()}, ", ")});
    }
    return accounts;
}

}  // namespace opsteward::inventory::host
