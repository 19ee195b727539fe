#include <algorithm>

#include "features/inventory/host/topic_observers.hpp"

namespace opsteward::inventory::host {
namespace {

constexpr std::size_t kMaxSudoersFiles = 128;

/// Nothing when the shadow file is there and may not be read, which is the rule for a program that is not root.
std::optional<std::vector<ShadowEntry>> ReadShadow(const HostFiles& files) {
    const auto text = files.Read("/etc/shadow");
    if (!text.ok()) return std::nullopt;
    return ParseShadow(*text);
}

/// All of sudoers with what it includes; empty where sudo is not installed. Nothing when a part can't be read.
std::optional<Sudoers> ReadSudoers(const HostFiles& files) {
    Sudoers sudoers;
    std::vector<std::string> open = {"/etc/sudoers"};
    std::set<std::string> seen;
    while (!open.empty()) {
        const std::string path = open.back();
        open.pop_back();
        if (!seen.insert(path).second) continue;
        if (seen.size() > kMaxSudoersFiles) return std::nullopt;
        const auto text = files.Read(path);
        if (!text.ok() && text.error().code == ErrorCode::kNotFound) continue;
        if (!text.ok()) return std::nullopt;
        sudoers.files.clear();
        sudoers.folders.clear();
        AddSudoers(*text, sudoers);
        for (const std::string& file : sudoers.files) open.push_back(file.starts_with('/') ? file : "/etc/" + file);
        for (const std::string& folder : sudoers.folders) {
            const auto names = files.List(folder);
            if (!names.ok() && names.error().code != ErrorCode::kNotFound) return std::nullopt;
            if (!names.ok()) continue;
            for (const std::string& name : *names) {
                if (IsSudoersName(name)) open.push_back(folder + "/" + name);
            }
        }
    }
    return sudoers;
}

/// In the places where sshd looks unless told otherwise.
std::optional<bool> HasLoginKey(const HostFiles& files, const PasswdEntry& entry) {
    bool is_hidden = false;
    for (const std::string_view name : {"/.ssh/authorized_keys", "/.ssh/authorized_keys2"}) {
        const auto stamp = files.Stamp(std::string(entry.home).append(name));
        if (stamp.ok() && !stamp->is_directory && stamp->size > 0) return true;
        is_hidden = is_hidden || (!stamp.ok() && stamp.error().code != ErrorCode::kNotFound);
    }
    return is_hidden ? std::nullopt : std::optional(false);
}

}  // namespace

TopicRows ObserveAccounts(const HostSight& sight) {
    if (!sight.passwd.ok()) return sight.passwd.error();
    OPS_TRY(const std::string groups, sight.files.Read("/etc/group"));
    const AccountSources sources{
        .passwd = *sight.passwd,
        .groups = ParseGroup(groups),
        .shadow = ReadShadow(sight.files),
        .sudoers = ReadSudoers(sight.files),
        .has_login_key = [&](const PasswdEntry& entry) { return HasLoginKey(sight.files, entry); },
    };
    std::vector<db::Row> rows;
    for (const Account& account : JoinAccounts(sources, sight.now)) {
        rows.push_back({account.name, account.uid, account.is_enabled, account.is_privileged, account.can_login,
                        account.shell, account.groups});
    }
    return rows;
}

}  // namespace opsteward::inventory::host
