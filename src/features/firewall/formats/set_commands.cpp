#include "features/firewall/formats/set_commands.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"

namespace opsteward::firewall {
namespace {

constexpr std::size_t kMaxWords = WordTree::kMaxDepth;

/// One command: its path, and the values in brackets at its end.
struct Command {
    std::vector<std::string_view> path;
    std::vector<std::string_view> list;
    std::size_t line = 0;
    bool is_whole = true;  ///< neither too long nor damaged
};

bool IsBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

/// Cuts the text into commands, from its beginning to its end, each byte once.
class CommandCutter {
  public:
    CommandCutter(std::string_view text, WordTree& tree) : text_(text), tree_(tree) {}

    /// False at the end of the text. `whole` is the command as written.
    bool Next(Command& command, std::string_view& whole) {
        command.path.clear();
        command.list.clear();
        command.is_whole = true;
        if (at_ >= text_.size()) return false;
        command.line = line_;
        const std::size_t begin = at_;
        bool is_in_list = false;
        bool has_list = false;
        while (at_ < text_.size() && text_[at_] != '\n') {
            if (IsBlank(text_[at_])) {
                ++at_;
                continue;
            }
            if (text_[at_] == '#' && command.path.empty()) {
                SkipLine();
                break;
            }
            TakeWord(command, is_in_list, has_list);
        }
        command.is_whole = command.is_whole && !is_in_list;
        whole = text_.substr(begin, at_ - begin);
        if (at_ < text_.size()) {
            ++at_;
            ++line_;
        }
        return true;
    }

  private:
    void SkipLine() { at_ = std::min(text_.find('\n', at_), text_.size()); }

    void TakeWord(Command& command, bool& is_in_list, bool& has_list) {
        if (text_[at_] == '[' && !has_list) {
            ++at_;
            is_in_list = has_list = true;
            return;
        }
        if (text_[at_] == ']' && is_in_list) {
            ++at_;
            is_in_list = false;
            return;
        }
        std::string_view word;
        bool closes = false;
        if (text_[at_] == '"') {
            word = TakeQuoted(command);
        } else {
            const std::size_t begin = at_;
            while (at_ < text_.size() && text_[at_] != '\n' && !IsBlank(text_[at_])) ++at_;
            word = text_.substr(begin, at_ - begin);
            closes = is_in_list && word.size() > 1 && word.ends_with(']');
            if (closes) word.remove_suffix(1);
        }
        if (is_in_list) {
            command.list.push_back(word);
        } else if (has_list || command.path.size() >= kMaxWords) {
            command.is_whole = false;
        } else {
            command.path.push_back(word);
        }
        if (closes) is_in_list = false;
    }

    /// Up to the closing mark, be it on a later line; a line that begins a new command ends it, and so does the end of the text: then it is damaged.
    std::string_view TakeQuoted(Command& command) {
        const std::size_t begin = ++at_;
        bool has_escapes = false;
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == '\\' && at_ + 1 < text_.size() && (text_[at_ + 1] == '"' || text_[at_ + 1] == '\\')) {
                has_escapes = true;
                ++at_;
            } else if (c == '"') {
                const std::string_view raw = text_.substr(begin, at_ - begin);
                ++at_;
                return has_escapes ? tree_.Keep(WithoutEscapes(raw)) : raw;
            } else if (c == '\n') {
                if (StartsCommand(text_.substr(at_ + 1, 12))) break;
                ++line_;
            }
        }
        command.is_whole = false;
        return text_.substr(begin, at_ - begin);
    }

    static bool StartsCommand(std::string_view rest) { return rest.starts_with("set ") || rest.starts_with("delete ") || rest.starts_with("deactivate "); }

    static std::string WithoutEscapes(std::string_view raw) {
        std::string plain;
        plain.reserve(raw.size());
        for (std::size_t i = 0; i < raw.size(); ++i) {
            if (raw[i] == '\\' && i + 1 < raw.size() && (raw[i + 1] == '"' || raw[i + 1] == '\\')) ++i;
            plain += raw[i];
        }
        return plain;
    }

    std::string_view text_;
    WordTree& tree_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
};

class CommandRunner {
  public:
    explicit CommandRunner(WordTree& tree) : tree_(tree) {}

    std::size_t sets() const { return sets_; }

    /// False: not understood.
    bool Run(const Command& command) {
        if (command.path.empty() && command.list.empty()) return true;
        if (!command.is_whole || command.path.size() < 2) return false;
        const std::string_view verb = command.path[0];
        if (verb == "set") return Set(command);
        if (verb == "delete") return Delete(command);
        if (verb == "deactivate" || verb == "activate") return Switch(command, verb == "deactivate");
        if (verb == "insert" || verb == "move") return Move(command);
        return false;
    }

  private:
    bool Set(const Command& command) {
        ++sets_;
        WordTree::Id at = 0;
        for (std::size_t i = 1; i < command.path.size(); ++i) {
            at = tree_.Add(at, command.path[i], command.line);
            if (at == WordTree::kNone) return false;
        }
        for (const std::string_view value : command.list) tree_.Add(at, value, command.line);
        return true;
    }
    /// From the first to the last but `behind` of the path's words; kNone: no such place.
    WordTree::Id PlaceOf(const Command& command, std::size_t behind = 0) const {
        WordTree::Id at = 0;
        for (std::size_t i = 1; i + behind < command.path.size() && at != WordTree::kNone; ++i) at = tree_.Find(at, command.path[i]);
        return at;
    }
    /// What is not there needs no deletion.
    bool Delete(const Command& command) {
        const WordTree::Id at = PlaceOf(command);
        if (at == WordTree::kNone) return true;
        if (command.list.empty()) tree_.Remove(at);
        for (const std::string_view value : command.list) {
            const WordTree::Id child = tree_.Find(at, value);
            if (child != WordTree::kNone) tree_.Remove(child);
        }
        return true;
    }
    bool Switch(const Command& command, bool is_inactive) {
        const WordTree::Id at = PlaceOf(command);
        if (at == WordTree::kNone || !command.list.empty()) return false;
        tree_.SetInactive(at, is_inactive);
        return true;
    }
    bool Move(const Command& command) {
        const auto& path = command.path;
        if (!command.list.empty() || path.size() < 4) return false;
        if (path.back() == "top" || path.back() == "bottom") {
            const WordTree::Id moved = PlaceOf(command, 1);
            if (moved == WordTree::kNone) return false;
            tree_.MoveToEnd(moved, path.back() == "top");
            return true;
        }
        // "before B" of PAN-OS; "before policy B" of Junos, whose kind stands before the moved name too.
        for (const std::size_t behind : {std::size_t{2}, std::size_t{3}}) {
            if (path.size() < behind + 2) break;
            const std::string_view where = path[path.size() - behind];
            if (where != "before" && where != "after") continue;
            const WordTree::Id moved = PlaceOf(command, behind);
            if (moved == WordTree::kNone || moved == 0) return false;
            const WordTree::Id place = tree_.Find(WordNode(&tree_, moved).parent().id(), path.back());
            if (place == WordTree::kNone) return false;
            tree_.Move(moved, place, where == "before");
            return true;
        }
        return false;
    }

    WordTree& tree_;
    std::size_t sets_ = 0;
};

}  // namespace

bool HasSetCommands(std::string_view text) {
    for (const std::string_view line : SplitLines(text.substr(0, 1U << 20U))) {
        const std::string_view trimmed = Trim(line);
        if (trimmed.starts_with("set ") || trimmed.starts_with("deactivate ") || trimmed.starts_with("delete ")) return true;
        if (trimmed.ends_with('{') || trimmed.ends_with(';')) return false;
    }
    return false;
}

std::size_t ReadSetCommands(std::string_view text, WordTree& tree, ReaderNotes& notes) {
    CommandCutter cutter(text, tree);
    CommandRunner runner(tree);
    Command command;
    std::string_view whole;
    while (!tree.is_full() && cutter.Next(command, whole)) {
        if (!runner.Run(command) && !tree.is_full()) notes.NotUnderstood(command.line, Trim(whole));
    }
    return runner.sets();
}

}  // namespace opsteward::firewall
