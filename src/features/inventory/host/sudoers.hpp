// Who may act as somebody else: sudoers(5). Only who is named matters here, not what they may do: a rule that lets
// somebody run one program as another user gives rights beyond their own all the same.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace opsteward::inventory::host {

struct Sudoers {
    /// As rules name users: "alice", "#1000", "%group", "%#27", "ALL" or the name of an alias. Those that a rule
    /// excludes ("!bob") are left out.
    std::set<std::string> named;
    std::map<std::string, std::vector<std::string>> aliases;  ///< of User_Alias
    std::vector<std::string> files;                           ///< of @include, as written
    std::vector<std::string> folders;                         ///< of @includedir
};

/// Adds one file to what others said.
void AddSudoers(std::string_view text, Sudoers& sudoers);

/// Files in an included folder that sudo reads: no name that ends in '~' or holds a '.'.
bool IsSudoersName(std::string_view name);

struct SudoCandidate {
    std::string_view name;
    std::int64_t uid = 0;
    const std::set<std::string>& groups;
    const std::set<std::int64_t>& gids;
};
/// Is any rule about this account? Netgroups and groups of other systems ("+x", "%:x") are not looked into.
bool IsNamedInSudoers(const Sudoers& sudoers, const SudoCandidate& candidate);

}  // namespace opsteward::inventory::host
