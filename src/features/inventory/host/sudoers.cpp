#include "features/inventory/host/sudoers.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "features/inventory/host/words.hpp"

namespace opsteward::inventory::host {
namespace {

/// A '#' begins a comment unless digits follow: then it is a user's number.
std::string_view WithoutComment(std::string_view line) {
    for (std::size_t i = 0; i < line.size(); ++i) {
        const bool is_number = i + 1 < line.size() && line[i + 1] >= '0' && line[i + 1] <= '9';
        if (line[i] == '#' && !is_number && (i == 0 || line[i - 1] != '\\')) return line.substr(0, i);
    }
    return line;
}

/// Takes the include of a line, if it is one. The older form begins with '#'.
bool TakeInclude(std::string_view line, Sudoers& sudoers) {
    const auto words = SplitWords(line);
    if (words.size() < 2 || (words[0].front() != '@' && words[0].front() != '#')) return false;
    const std::string_view keyword = words[0].substr(1);
    if (keyword != "include" && keyword != "includedir") return false;
    std::string_view path = words[1];
    if (path.size() >= 2 && path.front() == '"' && path.back() == '"') path = path.substr(1, path.size() - 2);
    (keyword == "include" ? sudoers.files : sudoers.folders).emplace_back(path);
    return true;
}

std::string PlainName(std::string_view item) {
    std::string name;
    for (const char c : Trim(item)) {
        if (c != '"' && c != '\\') name.push_back(c);
    }
    return name;
}

std::vector<std::string> SplitList(std::string_view list) {
    std::vector<std::string> names;
    for (const std::string_view item : Split(list, ',')) {
        std::string name = PlainName(item);
        if (!name.empty() && name.front() != '!') names.push_back(std::move(name));
    }
    return names;
}

/// "ADMINS = alice, bob : OPERATORS = carol"
void TakeAliases(std::string_view text, Sudoers& sudoers) {
    for (const std::string_view part : Split(text, ':')) {
        const std::size_t equals = part.find('=');
        if (equals == std::string_view::npos) continue;
        auto& members = sudoers.aliases[std::string(Trim(part.substr(0, equals)))];
        for (std::string& name : SplitList(part.substr(equals + 1))) members.push_back(std::move(name));
    }
}

/// The list of users ends at the first blank that no comma stands before or after.
std::string_view UserListOf(std::string_view rule) {
    bool is_quoted = false;
    for (std::size_t i = 0; i < rule.size(); ++i) {
        if (rule[i] == '"') is_quoted = !is_quoted;
        const bool is_blank = rule[i] == ' ' || rule[i] == '\t';
        if (!is_blank || is_quoted || (i > 0 && rule[i - 1] == '\\')) continue;
        const std::size_t next = rule.find_first_not_of(" \t", i);
        if (next == std::string_view::npos) return rule.substr(0, i);
        const bool goes_on = rule[next] == ',' || Trim(rule.substr(0, i)).ends_with(',');
        if (!goes_on) return rule.substr(0, i);
        i = next - 1;
    }
    return rule;
}

void TakeLine(std::string_view raw, Sudoers& sudoers) {
    if (TakeInclude(Trim(raw), sudoers)) return;
    const std::string_view line = Trim(WithoutComment(raw));
    const auto words = SplitWords(line);
    if (words.empty() || words[0].starts_with("Defaults")) return;
    static constexpr std::array<std::string_view, 4> kOtherAliases = {"Host_Alias", "Cmnd_Alias", "Cmd_Alias",
                                                                      "Runas_Alias"};
    if (std::ranges::find(kOtherAliases, words[0]) != kOtherAliases.end()) return;
    if (words[0] == "User_Alias") return TakeAliases(line.substr(words[0].size()), sudoers);
    const std::string_view users = UserListOf(line);
    if (line.find('=', users.size()) == std::string_view::npos) return;  // no rule
    for (std::string& name : SplitList(users)) sudoers.named.insert(std::move(name));
}

bool Matches(std::string_view item, const SudoCandidate& candidate) {
    if (item == "ALL" || item == candidate.name) return true;
    if (item.starts_with("%#")) {
        const auto gid = ParseInt(item.substr(2));
        return gid && candidate.gids.contains(*gid);
    }
    if (item.starts_with('%')) return candidate.groups.contains(std::string(item.substr(1)));
    return item.starts_with('#') && ParseInt(item.substr(1)) == candidate.uid;
}

}  // namespace

void AddSudoers(std::string_view text, Sudoers& sudoers) {
    std::string joined;
    for (std::string_view line : SplitLines(text)) {
        if (line.ends_with('\\')) {
            joined.append(line.substr(0, line.size() - 1)).append(" ");
            continue;
        }
        joined.append(line);
        TakeLine(std::exchange(joined, {}), sudoers);
    }
    TakeLine(joined, sudoers);
}

bool IsSudoersName(std::string_view name) {
    return !name.ends_with('~') && name.find('.') == std::string_view::npos;
}

bool IsNamedInSudoers(const Sudoers& sudoers, const SudoCandidate& candidate) {
    std::vector<std::string_view> open(sudoers.named.begin(), sudoers.named.end());
    std::set<std::string_view> seen;
    while (!open.empty()) {
        const std::string_view item = open.back();
        open.pop_back();
        if (Matches(item, candidate)) return true;
        if (!seen.insert(item).second) continue;
        const auto alias = sudoers.aliases.find(std::string(item));
        if (alias != sudoers.aliases.end()) open.insert(open.end(), alias->second.begin(), alias->second.end());
    }
    return false;
}

}  // namespace opsteward::inventory::host
