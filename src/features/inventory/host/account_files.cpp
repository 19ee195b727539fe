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

}  // namespace

std::vector<PasswdEntry> ParsePasswd(std::string_view text) {
    std::vector<PasswdEntry> entries;
    for (const std::string_view line : SplitLines(text)) {
        const auto fields = Split(line, ':');
        if (!IsEntry(line) || fields.size() != 7) continue;
        const auto uid = ParseInt(fields[2]);
        const auto gid = ParseInt(fields[3]);
        if (!uid || !gid) continue;
        PasswdEntry entry{.name = std::string(fields[0]), .uid = *uid, .gid = *gid, .shell = std::string(Trim(fields[6])),
                          .has_usable_password = std::nullopt};
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

std::vector<Account> JoinAccounts(const std::vector<PasswdEntry>& passwd, const std::vector<GroupEntry>& groups,
                                  const std::optional<std::vector<ShadowEntry>>& shadow, Instant now) {
    std::map<std::string_view, std::set<std::string>> groups_of;
    std::map<std::int64_t, std::string_view> name_of_gid;
    for (const GroupEntry& group : groups) {
        name_of_gid.emplace(group.gid, group.name);
        for (const std::string& member : group.members) groups_of[member].insert(group.name);
    }
    std::map<std::string_view, const ShadowEntry*> shadow_of;
    if (shadow) {
        for (const ShadowEntry& entry : *shadow) shadow_of.emplace(entry.name, &entry);
    }
    const std::int64_t today = std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();

    std::set<std::string_view> seen;
    std::vector<Account> accounts;
    for (const PasswdEntry& entry : passwd) {
        if (!seen.insert(entry.name).second) continue;
        auto& names = groups_of[entry.name];
        if (const auto first = name_of_gid.find(entry.gid); first != name_of_gid.end()) names.emplace(first->second);
        Account account{.name = entry.name, .uid = entry.uid, .is_enabled = entry.has_usable_password,
                        .is_privileged = entry.uid == 0 || std::ranges::any_of(names, IsPrivilegedGroup),
                        .can_login = !OnlyRefuses(entry.shell), .shell = entry.shell,
                        .groups = Join({names.begin(), names.end()}, ", ")};
        if (const auto found = shadow_of.find(entry.name); found != shadow_of.end()) {
            const ShadowEntry& secret = *found->second;
            const bool has_expired = secret.expires_on_day && *secret.expires_on_day >= 0 && *secret.expires_on_day <= today;
            account.is_enabled = entry.has_usable_password.value_or(secret.has_usable_password) && !has_expired;
        } else if (shadow && !entry.has_usable_password) {
            account.is_enabled = false;  // "x" without a line in the shadow file: no password opens it
        }
        accounts.push_back(std::move(account));
    }
    return accounts;
}

}  // namespace opsteward::inventory::host
