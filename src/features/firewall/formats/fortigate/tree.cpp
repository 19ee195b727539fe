#include "features/firewall/formats/fortigate/tree.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"

namespace opsteward::firewall {

namespace {

constexpr std::size_t kMaxUnknownText = 200;
constexpr std::size_t kMaxName = 4096;
constexpr std::size_t kMaxComments = 64;

bool IsSettingVerb(std::string_view verb) {
    return verb == "set" || verb == "append" || verb == "unset" || verb == "select" || verb == "unselect";
}

}  // namespace

void NoteUnknownFortigateLine(std::vector<UnknownLine>& unknown, std::size_t line, std::string_view raw) {
    static constexpr std::size_t kMaxUnknown = 10'000;
    if (unknown.size() > kMaxUnknown) return;
    if (unknown.size() == kMaxUnknown) {
        unknown.push_back({line, "… from here on not listed any more"});
        return;
    }
    unknown.push_back({line, ReplaceInvalidUtf8(raw.substr(0, std::min(raw.find('\n'), kMaxUnknownText)))});
}

const FortigateValue& FortigateSettings::Of(const std::string& name) const {
    static const FortigateValue kNone;
    const auto found = values_.find(name);
    return found == values_.end() ? kNone : found->second;
}

std::string_view FortigateSettings::First(const std::string& name, std::string_view fallback) const {
    const FortigateValue& value = Of(name);
    return value.values.empty() ? fallback : std::string_view(value.values.front());
}

FortigateNodeId FortigateTree::Child(FortigateNodeId parent, std::string_view name) const {
    const auto found = by_name_.find(Key{parent, std::string(name)});
    return found == by_name_.end() ? kNoFortigateNode : found->second;
}

FortigateSettings FortigateTree::SettingsOf(FortigateNodeId id) const {
    FortigateSettings settings;
    for (const FortigateSetting& setting : nodes_[id].settings) {
        const std::vector<FortigateWord> words = FortigateWords(Raw(setting));
        if (words.size() < 2) continue;
        FortigateValue& value = settings.values_[words[1].text];
        const std::string_view verb = words[0].text;
        value.line = setting.line;
        value.is_set = verb != "unset";
        if (verb == "set" || verb == "select" || verb == "unset") value.values.clear();
        if (verb == "unset") continue;
        for (std::size_t i = 2; i < words.size(); ++i) {
            if (verb == "unselect") {
                std::erase(value.values, words[i].text);
            } else {
                value.values.push_back(words[i].text);
            }
        }
    }
    return settings;
}

/// Builds one tree; `open_` holds what is open, the root first.
class FortigateTreeReader {
  public:
    FortigateTreeReader(std::string_view text, const std::function<bool(std::string_view)>& stands_at_top, std::vector<UnknownLine>& unknown)
        : stands_at_top_(stands_at_top), unknown_(unknown) {
        tree_.text_ = text;
        tree_.nodes_.emplace_back();
        open_.push_back(FortigateTree::kRoot);
    }

    Result<FortigateTree> Read() {
        FortigateCommands commands(tree_.text_);
        bool has_begun = false;
        while (const auto command = commands.Next()) {
            const std::string_view raw = tree_.text_.substr(command->begin, command->end - command->begin);
            if (command->is_comment) {
                if (!has_begun && tree_.comments_.size() < kMaxComments) tree_.comments_.emplace_back(raw.substr(0, kMaxName));
                continue;
            }
            has_begun = true;
            last_line_ = command->last_line;
            if (raw.size() > FortigateTree::kMaxCommand) {
                return Error::Of(ErrorCode::kTooLarge, fmt::format("第 {} 行：一個指令超過 {}", command->line, FormatBytes(FortigateTree::kMaxCommand)),
                                 fmt::format("line {}: a command longer than {}", command->line, FormatBytes(FortigateTree::kMaxCommand)));
            }
            if (command->is_unclosed) NotUnderstood(command->line, raw);
            OPS_CHECK(Take(*command, raw));
        }
        if (open_.size() > 1) NotUnderstood(last_line_, "end of the text within: config " + tree_.nodes_[open_.back()].name);
        return std::move(tree_);
    }

  private:
    FortigateNode& Top() { return tree_.nodes_[open_.back()]; }

    void NotUnderstood(std::uint32_t line, std::string_view raw) {
        NoteUnknownFortigateLine(unknown_, line, raw);
    }

    Result<void> Take(const FortigateCommand& command, std::string_view raw) {
        const std::string_view verb = FortigateVerb(raw);
        if (IsSettingVerb(verb)) return TakeSetting(command, raw);
        if (verb == "config") return TakeConfig(command, raw);
        if (verb == "edit") return TakeEdit(command, raw);
        if (verb == "next") {
            if (!Top().is_entry) {
                NotUnderstood(command.line, raw);
            } else {
                open_.pop_back();
            }
            return Ok();
        }
        if (verb == "end") {
            TakeEnd(command, raw);
            return Ok();
        }
        if (verb == "move" || verb == "clone" || verb == "delete" || verb == "purge" || verb == "rename") return TakeTableCommand(command, raw);
        if (!IsFortigatePrompt(raw)) NotUnderstood(command.line, raw);
        return Ok();
    }

    Result<void> TakeSetting(const FortigateCommand& command, std::string_view raw) {
        const bool is_misplaced = open_.size() == 1;
        const bool has_name = raw.find_first_of(" \t") != std::string_view::npos;
        if (is_misplaced || !has_name) {
            NotUnderstood(command.line, raw);
            return Ok();
        }
        if (++settings_ > FortigateTree::kMaxSettings) return TooMuch(command.line);
        Top().settings.push_back({command.begin, command.end, command.line});
        return Ok();
    }

    Result<void> TakeConfig(const FortigateCommand& command, std::string_view raw) {
        const std::vector<FortigateWord> words = FortigateWords(raw.substr(0, kMaxName));
        std::vector<std::string> names;
        for (std::size_t i = 1; i < words.size(); ++i) names.push_back(words[i].text);
        std::string name = Join(names, " ");
        if (name.empty()) {
            NotUnderstood(command.line, raw);
            return Ok();
        }
        if (stands_at_top_(name) && !IsScope()) {
            NotUnderstood(command.line, "no end before: " + std::string(raw));
            while (!IsScope()) open_.pop_back();
        }
        return Open(command.line, std::move(name), false);
    }

    /// The root, `config global`, and an entry of `config vdom` hold whole sections.
    bool IsScope() {
        if (open_.size() == 1) return true;
        if (open_.size() == 2) return Top().name == "global";
        return open_.size() == 3 && Top().is_entry && tree_.nodes_[open_[1]].name == "vdom";
    }

    Result<void> TakeEdit(const FortigateCommand& command, std::string_view raw) {
        if (Top().is_entry) {
            NotUnderstood(command.line, "no next before: " + std::string(raw.substr(0, kMaxUnknownText)));
            open_.pop_back();
        }
        const std::vector<FortigateWord> words = FortigateWords(raw);
        if (open_.size() == 1 || words.size() != 2 || words[1].text.size() > kMaxName) {
            NotUnderstood(command.line, raw);
            return Ok();
        }
        return Open(command.line, words[1].text, true);
    }

    /// Within an entry it ends the entry and its section.
    void TakeEnd(const FortigateCommand& command, std::string_view raw) {
        if (open_.size() == 1) {
            NotUnderstood(command.line, raw);
            return;
        }
        if (Top().is_entry) open_.pop_back();
        if (open_.size() > 1) open_.pop_back();
    }

    Result<void> Open(std::uint32_t line, std::string name, bool is_entry) {
        if (open_.size() > FortigateTree::kMaxDepth) {
            return Error::Of(ErrorCode::kInvalidInput, fmt::format("第 {} 行：設定的巢狀超過 {} 層，不是 FortiOS 的設定檔", line, FortigateTree::kMaxDepth),
                             fmt::format("line {}: sections nested more than {} deep; this is no FortiOS configuration", line, FortigateTree::kMaxDepth));
        }
        const FortigateNodeId parent = open_.back();
        FortigateNodeId id = tree_.Child(parent, name);
        if (id == kNoFortigateNode) {
            if (tree_.nodes_.size() >= FortigateTree::kMaxNodes) return TooMuch(line);
            id = Add(parent, std::move(name), line, is_entry);
        }
        open_.push_back(id);
        return Ok();
    }

    FortigateNodeId Add(FortigateNodeId parent, std::string name, std::uint32_t line, bool is_entry) {
        const auto id = static_cast<FortigateNodeId>(tree_.nodes_.size());
        FortigateNode& node = tree_.nodes_.emplace_back();
        node.is_entry = is_entry;
        node.line = line;
        node.name = std::move(name);
        tree_.by_name_.emplace(FortigateTree::Key{parent, node.name}, id);
        Link(id, parent, kNoFortigateNode);
        return id;
    }

    /// Before `next`, or last.
    void Link(FortigateNodeId id, FortigateNodeId parent, FortigateNodeId next) {
        FortigateNode& node = tree_.nodes_[id];
        FortigateNode& above = tree_.nodes_[parent];
        node.parent = parent;
        node.after = next;
        node.before = next == kNoFortigateNode ? above.last : tree_.nodes_[next].before;
        (node.before == kNoFortigateNode ? above.first : tree_.nodes_[node.before].after) = id;
        (next == kNoFortigateNode ? above.last : tree_.nodes_[next].before) = id;
    }

    void Unlink(FortigateNodeId id) {
        FortigateNode& node = tree_.nodes_[id];
        FortigateNode& above = tree_.nodes_[node.parent];
        (node.before == kNoFortigateNode ? above.first : tree_.nodes_[node.before].after) = node.after;
        (node.after == kNoFortigateNode ? above.last : tree_.nodes_[node.after].before) = node.before;
    }

    void Remove(FortigateNodeId id) {
        Unlink(id);
        tree_.by_name_.erase(FortigateTree::Key{tree_.nodes_[id].parent, tree_.nodes_[id].name});
    }

    Result<void> TakeTableCommand(const FortigateCommand& command, std::string_view raw) {
        const std::vector<FortigateWord> words = FortigateWords(raw);
        const FortigateNodeId table = open_.back();
        const std::string& verb = words[0].text;
        const bool is_table = open_.size() > 1 && !Top().is_entry;
        const FortigateNodeId subject = is_table && words.size() > 1 ? tree_.Child(table, words[1].text) : kNoFortigateNode;
        if (is_table && verb == "purge" && words.size() == 1) {
            while (tree_.nodes_[table].first != kNoFortigateNode) Remove(tree_.nodes_[table].first);
            return Ok();
        }
        if (subject != kNoFortigateNode && verb == "delete") {
            for (std::size_t i = 1; i < words.size(); ++i) {
                const FortigateNodeId id = tree_.Child(table, words[i].text);
                if (id == kNoFortigateNode) {
                    NotUnderstood(command.line, raw);
                } else {
                    Remove(id);
                }
            }
            return Ok();
        }
        if (subject != kNoFortigateNode && words.size() == 4) {
            const FortigateNodeId other = tree_.Child(table, words[3].text);
            if (verb == "move" && (words[2].text == "before" || words[2].text == "after") && other != kNoFortigateNode && other != subject) {
                Unlink(subject);
                Link(subject, table, words[2].text == "before" ? other : tree_.nodes_[other].after);
                return Ok();
            }
            if (verb == "clone" && words[2].text == "to" && other == kNoFortigateNode) return Clone(subject, table, words[3].text, command.line);
            if (verb == "rename" && words[2].text == "to" && other == kNoFortigateNode) {
                tree_.by_name_.erase(FortigateTree::Key{table, tree_.nodes_[subject].name});
                tree_.nodes_[subject].name = words[3].text;
                tree_.by_name_.emplace(FortigateTree::Key{table, words[3].text}, subject);
                return Ok();
            }
        }
        NotUnderstood(command.line, raw);
        return Ok();
    }

    /// Depth is that of the tree, which is bounded.
    Result<void> Clone(FortigateNodeId from, FortigateNodeId parent, std::string name, std::uint32_t line) {
        cloned_ += tree_.nodes_[from].settings.size() + 1 + name.size() / 16;
        if (tree_.nodes_.size() >= FortigateTree::kMaxNodes || cloned_ > FortigateTree::kMaxCloned) return TooMuch(line);
        const FortigateNodeId made = Add(parent, std::move(name), line, tree_.nodes_[from].is_entry);
        tree_.nodes_[made].settings = tree_.nodes_[from].settings;
        for (FortigateNodeId child = tree_.nodes_[from].first; child != kNoFortigateNode; child = tree_.nodes_[child].after) {
            OPS_CHECK(Clone(child, made, tree_.nodes_[child].name, line));
        }
        return Ok();
    }

    static Error TooMuch(std::uint32_t line) {
        return Error::Of(ErrorCode::kTooLarge,
                         fmt::format("第 {} 行：設定檔的項目超過上限（{} 個區段與項目、{} 個設定）", line, FortigateTree::kMaxNodes, FortigateTree::kMaxSettings),
                         fmt::format("line {}: more than {} sections and entries or {} settings", line, FortigateTree::kMaxNodes, FortigateTree::kMaxSettings));
    }

    FortigateTree tree_;
    const std::function<bool(std::string_view)>& stands_at_top_;
    std::vector<UnknownLine>& unknown_;
    std::vector<FortigateNodeId> open_;
    std::uint32_t last_line_ = 1;
    std::size_t settings_ = 0;
    std::size_t cloned_ = 0;
};

Result<FortigateTree> FortigateTree::Read(std::string_view text, const std::function<bool(std::string_view)>& stands_at_top,
                                          std::vector<UnknownLine>& unknown) {
    return FortigateTreeReader(text, stands_at_top, unknown).Read();
}

}  // namespace opsteward::firewall
