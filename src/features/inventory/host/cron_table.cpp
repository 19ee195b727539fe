#include "features/inventory/host/cron_table.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.hpp"
#include "features/inventory/host/host_files.hpp"
#include "features/inventory/host/words.hpp"

namespace opsteward::inventory::host {
namespace {

bool Contains(std::span<const std::string_view> words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

bool IsTimeField(std::string_view word) {
    return std::ranges::all_of(word, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '*' || c == '/' ||
               c == ',' || c == '-' || c == '~';
    });
}

bool IsNameChar(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' ||
           c == '-' || c == '+' || c == '@';
}

bool IsAssignment(std::string_view word) {
    const std::size_t equals = word.find('=');
    if (equals == 0 || equals == std::string_view::npos) return false;
    return std::ranges::all_of(word.substr(0, equals), [](char c) { return IsNameChar(c) && c != '.' && c != '-'; });
}

/// "FOO = bar" or "FOO=bar", as crontab(5) allows for settings of variables.
bool IsSetting(std::string_view line) {
    const std::size_t equals = line.find('=');
    const std::size_t blank = line.find_first_of(" \t");
    if (equals == std::string_view::npos) return false;
    if (equals < blank) return true;
    const std::size_t next = line.find_first_not_of(" \t", blank);
    return next == equals;
}

/// Words of a shell command, with the operators that end one simple command as words of their own.
std::vector<std::string_view> ShellWords(std::string_view command) {
    std::vector<std::string_view> words;
    for (std::string_view word : SplitWords(command)) {
        while (!word.empty()) {
            const std::size_t at = word.find_first_of(";|&()");
            if (at == std::string_view::npos) {
                words.push_back(word);
                break;
            }
            if (at > 0) words.push_back(word.substr(0, at));
            const std::size_t length = at + 1 < word.size() && word[at + 1] == word[at] && word[at] != ';' ? 2 : 1;
            words.push_back(word.substr(at, length));
            word.remove_prefix(at + length);
        }
    }
    return words;
}

bool IsPlainProgram(std::string_view word) {
    const bool has_name = !BaseName(word).empty() && word.size() <= 256;
    return has_name && std::ranges::all_of(word, [](char c) { return IsNameChar(c) || c == '/'; });
}

bool IsInterpreter(std::string_view name) {
    static constexpr std::array<std::string_view, 8> kInterpreters = {"sh",   "bash",   "dash",    "ksh",
                                                                      "perl", "python", "python3", "php"};
    return Contains(kInterpreters, name);
}

/// Where the next simple command starts.
std::size_t AfterOperator(const std::vector<std::string_view>& words, std::size_t at) {
    static constexpr std::array<std::string_view, 6> kEnds = {"&&", "||", ";", "|", "&", ")"};
    while (at < words.size() && !Contains(kEnds, words[at])) ++at;
    return at + 1;
}

}  // namespace

std::string ProgramOfCommand(std::string_view command) {
    static constexpr std::array<std::string_view, 10> kBeforeCommand = {"(",    "{",    "if",   "then", "else",
                                                                       "elif", "exec", "time", "!",    "do"};
    static constexpr std::array<std::string_view, 10> kOnlyAsks = {"test",   "[",    "[[",    "cd", "command",
                                                                  "umask", "type", "which", ".",  "true"};
    const auto words = ShellWords(command);
    std::size_t at = 0;
    while (at < words.size()) {
        const std::string_view word = words[at];
        if (Contains(kBeforeCommand, word) || IsAssignment(word)) {
            ++at;
        } else if (Contains(kOnlyAsks, BaseName(word))) {
            at = AfterOperator(words, at);
        } else {
            const bool runs_script = IsInterpreter(BaseName(word)) && at + 1 < words.size() &&
                                     words[at + 1].starts_with('/') && IsPlainProgram(words[at + 1]);
            const std::string_view program = runs_script ? words[at + 1] : word;
            return IsPlainProgram(program) ? std::string(program) : "sh";
        }
    }
    return "sh";
}

std::vector<CronEntry> ParseCronTable(std::string_view text, bool has_user) {
    std::vector<CronEntry> entries;
    for (const std::string_view raw : SplitLines(text)) {
        const std::string_view line = Trim(raw);
        if (line.empty() || line.front() == '#') continue;
        if (IsSetting(line)) continue;
        const auto words = SplitWords(line);
        const std::size_t times = line.front() == '@' ? 1 : 5;
        if (words.size() < times + (has_user ? 2 : 1)) continue;
        if (times == 5 && !std::all_of(words.begin(), words.begin() + 5, IsTimeField)) continue;
        CronEntry entry;
        for (std::size_t i = 0; i < times; ++i) entry.schedule.append(i == 0 ? "" : " ").append(words[i]);
        if (has_user) entry.user_name = words[times];
        const std::string_view first = words[times + (has_user ? 1 : 0)];
        entry.program = ProgramOfCommand(line.substr(static_cast<std::size_t>(first.data() - line.data())));
        entries.push_back(std::move(entry));
    }
    return entries;
}

}  // namespace opsteward::inventory::host
