#include "features/firewall/formats/fortigate/text.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace opsteward::firewall {

namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// The closing mark of '…' in the same line; nothing for an apostrophe.
std::optional<std::size_t> ClosingApostrophe(std::string_view text, std::size_t opening) {
    const std::size_t found = text.find_first_of("'\n", opening + 1);
    if (found == std::string_view::npos || text[found] != '\'') return std::nullopt;
    return found;
}

}  // namespace

std::size_t FortigateCommands::SkipBlanks(std::size_t at) const {
    static constexpr std::string_view kPause = "--More--";
    while (at < text_.size()) {
        if (IsBlank(text_[at])) {
            ++at;
        } else if (text_.substr(at, kPause.size()) == kPause) {
            at += kPause.size();
        } else {
            break;
        }
    }
    return at;
}

std::size_t FortigateCommands::AfterQuotation(std::size_t opening) const {
    for (std::size_t at = opening + 1; at < text_.size(); ++at) {
        if (text_[at] == '\\') {
            ++at;
        } else if (text_[at] == '"') {
            return at + 1;
        } else if (text_[at] == '\n' && has_unclosed_) {
            break;
        }
    }
    return std::string_view::npos;
}

/// From the first word at at_ to the line end that stands outside quotations.
void FortigateCommands::CutOne(FortigateCommand& command) {
    std::size_t at = at_;
    bool begins_word = true;
    while (at < text_.size() && text_[at] != '\n') {
        const char c = text_[at];
        if (c == '"') {
            const std::size_t after = AfterQuotation(at);
            if (after == std::string_view::npos) {
                has_unclosed_ = true;
                command.is_unclosed = true;
                at = std::min(text_.find('\n', at_), text_.size());
                break;
            }
            at = after;
        } else if (c == '\'' && begins_word) {
            at = ClosingApostrophe(text_, at).value_or(at) + 1;
        } else if (c == '\\' && at + 1 < text_.size() && text_[at + 1] != '\n') {
            at += 2;
        } else {
            ++at;
        }
        begins_word = IsBlank(c);
    }
    command.end = static_cast<std::uint32_t>(at);
}

std::optional<FortigateCommand> FortigateCommands::Next() {
    while (true) {
        at_ = SkipBlanks(at_);
        if (at_ >= text_.size()) return std::nullopt;
        if (text_[at_] != '\n') break;
        ++at_;
        ++line_;
    }
    FortigateCommand command;
    command.begin = static_cast<std::uint32_t>(at_);
    command.line = line_;
    command.is_comment = text_[at_] == '#';
    if (command.is_comment) {
        command.end = static_cast<std::uint32_t>(std::min(text_.find('\n', at_), text_.size()));
    } else {
        CutOne(command);
    }
    const std::string_view cut = text_.substr(command.begin, command.end - command.begin);
    line_ += static_cast<std::uint32_t>(std::ranges::count(cut, '\n'));
    command.last_line = line_;
    at_ = command.end;
    while (command.end > command.begin && IsBlank(text_[command.end - 1])) --command.end;
    return command;
}

std::vector<FortigateWord> FortigateWords(std::string_view command) {
    std::vector<FortigateWord> words;
    std::size_t at = 0;
    while (true) {
        while (at < command.size() && (IsBlank(command[at]) || command[at] == '\n')) ++at;
        if (at >= command.size()) return words;
        FortigateWord& word = words.emplace_back();
        bool in_marks = false;
        if (command[at] == '\'') {
            if (const auto closing = ClosingApostrophe(command, at)) {
                word = {std::string(command.substr(at + 1, *closing - at - 1)), true};
                at = *closing + 1;
            }
        }
        for (; at < command.size() && (in_marks || (!IsBlank(command[at]) && command[at] != '\n')); ++at) {
            const char c = command[at];
            if (c == '"') {
                in_marks = !in_marks;
                word.is_quoted = true;
            } else if (c == '\\' && at + 1 < command.size()) {
                word.text.push_back(command[++at]);
            } else if (c != '\r' || at + 1 >= command.size() || command[at + 1] != '\n') {
                word.text.push_back(c);
            }
        }
    }
}

std::string_view FortigateVerb(std::string_view command) {
    const std::size_t end = command.find_first_of(" \t\r\n\"");
    return command.substr(0, end);
}

bool IsFortigateVerb(std::string_view word) {
    static constexpr std::array<std::string_view, 15> kVerbs{"config", "edit",  "set",    "unset", "append", "select", "unselect", "next",
                                                             "end",    "abort", "delete", "purge", "move",   "clone",  "rename"};
    return std::ranges::find(kVerbs, word) != kVerbs.end();
}

bool IsFortigatePrompt(std::string_view raw) {
    const std::size_t mark = raw.find_first_of("#$");
    if (mark == std::string_view::npos || mark < 2 || raw[mark - 1] != ' ' || (mark + 1 < raw.size() && raw[mark + 1] != ' ')) return false;
    const std::string_view host = Trim(raw.substr(0, mark));
    const std::size_t blank = host.find(' ');
    return blank == std::string_view::npos || (host[blank + 1] == '(' && host.back() == ')' && host.find(' ', blank + 1) == std::string_view::npos);
}

std::string FortigateLine(const std::vector<FortigateWord>& words) {
    static constexpr std::string_view kNeedMarks = " \t\r\n\"'\\";
    std::string line;
    for (const FortigateWord& word : words) {
        if (!line.empty()) line.push_back(' ');
        if (!word.is_quoted && !word.text.empty() && word.text.find_first_of(kNeedMarks) == std::string::npos) {
            line += word.text;
            continue;
        }
        line.push_back('"');
        for (std::size_t at = 0; at < word.text.size(); ++at) {
            const char c = word.text[at];
            if (c == '\r' && at + 1 < word.text.size() && word.text[at + 1] == '\n') continue;
            if (c == '"' || c == '\\') line.push_back('\\');
            line.push_back(c);
        }
        line.push_back('"');
    }
    return line;
}

}  // namespace opsteward::firewall
