#include "features/firewall/formats/braces.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.hpp"

namespace opsteward::firewall {
namespace {

class BraceReader {
  public:
    BraceReader(std::string_view text, WordTree& tree, ReaderNotes& notes) : text_(text), tree_(tree), notes_(notes) {}

    Result<void> Read() {
        while (at_ < text_.size() && !tree_.is_full()) Step();
        if (tree_.is_full()) return Ok();
        if (!words_.empty()) DropStatement();
        if (open_.empty()) return Ok();
        const std::size_t line = open_.back().line;
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("第 {} 行的「{{」沒有結束；設定可能不完整，請重新匯出。", line),
                         fmt::format("The brace that opens on line {} is never closed: the configuration may be incomplete. Export it again.", line));
    }

  private:
    struct Open {
        WordTree::Id id;
        std::size_t line;
    };

    void Step() {
        const char c = text_[at_];
        if (c == '\n') {
            // A statement ends on its line: what did not is none.
            if (!is_in_list_) {
                if (!words_.empty()) DropStatement();
                is_inactive_ = false;
            }
            ++at_;
            ++line_;
        } else if (c == ' ' || c == '\t' || c == '\r') {
            ++at_;
        } else if (c == '#') {
            at_ = std::min(text_.find('\n', at_), text_.size());
        } else if (text_.substr(at_, 2) == "/*") {
            SkipComment();
        } else if (c == '{' || c == ';') {
            ++at_;
            EndStatement(c == '{');
        } else if (c == '}') {
            ++at_;
            Close();
        } else if (c == '[' && !is_in_list_ && !words_.empty()) {
            ++at_;
            is_in_list_ = true;
        } else if (c == ']' && is_in_list_) {
            ++at_;
            is_in_list_ = false;
            has_list_ = true;
        } else {
            TakeWord();
        }
    }

    void SkipComment() {
        const std::size_t end = text_.find("*/", at_ + 2);
        const std::size_t next = end == std::string_view::npos ? text_.size() : end + 2;
        line_ += static_cast<std::size_t>(std::ranges::count(text_.substr(at_, next - at_), '\n'));
        at_ = next;
    }

    void TakeWord() {
        if (words_.empty() && list_.empty()) begin_line_ = line_;
        std::string_view word;
        if (text_[at_] == '"') {
            word = TakeQuoted();
        } else {
            const std::size_t begin = at_;
            while (at_ < text_.size() && !EndsWord(text_[at_])) ++at_;
            if (at_ == begin) ++at_;  // a bracket out of place
            word = text_.substr(begin, at_ - begin);
            if (words_.empty() && TakeMark(word)) return;
        }
        if (is_in_list_) {
            list_.push_back(word);
        } else {
            is_damaged_ = is_damaged_ || has_list_ || words_.size() >= WordTree::kMaxDepth;
            if (words_.size() < WordTree::kMaxDepth) words_.push_back(word);
        }
    }
    bool TakeMark(std::string_view word) {
        if (word == "inactive:") is_inactive_ = true;
        return word == "inactive:" || word == "protect:" || word == "replace:";
    }
    static bool EndsWord(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ';' || c == '{' || c == '}' || c == '[' || c == ']' || c == '"';
    }

    /// Up to the closing mark, be it on a later line; without one up to the end.
    std::string_view TakeQuoted() {
        const std::size_t begin = ++at_;
        bool has_escapes = false;
        while (at_ < text_.size() && text_[at_] != '"') {
            if (text_[at_] == '\n') ++line_;
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
                has_escapes = true;
                if (text_[++at_] == '\n') ++line_;
            }
            ++at_;
        }
        const std::string_view raw = text_.substr(begin, at_ - begin);
        if (at_ >= text_.size()) {
            is_damaged_ = true;
        } else {
            ++at_;
        }
        if (!has_escapes) return raw;
        std::string plain;
        for (std::size_t i = 0; i < raw.size(); ++i) {
            if (raw[i] == '\\' && i + 1 < raw.size()) ++i;
            plain += raw[i];
        }
        return tree_.Keep(std::move(plain));
    }

    void EndStatement(bool opens) {
        if (words_.empty() || is_in_list_ || is_damaged_ || (opens && !list_.empty())) {
            if (!words_.empty() || opens) DropStatement();
            if (opens) open_.push_back({WordTree::kNone, line_});
            if (open_.size() > WordTree::kMaxDepth) Overflow();
            return;
        }
        WordTree::Id id = open_.empty() ? 0 : open_.back().id;
        // What stands in braces whose statement was not understood is not understood either.
        if (id == WordTree::kNone) {
            DropStatement();
            if (opens) open_.push_back({WordTree::kNone, line_});
            return;
        }
        for (const std::string_view word : words_) {
            id = tree_.Add(id, word, begin_line_);
            if (id == WordTree::kNone) return;
        }
        for (const std::string_view word : list_) tree_.Add(id, word, begin_line_);
        if (is_inactive_) tree_.SetInactive(id, true);
        if (opens) open_.push_back({id, line_});
        if (open_.size() > WordTree::kMaxDepth) Overflow();
        Forget();
    }
    /// Deeper than the tree is: makes it full.
    void Overflow() {
        WordTree::Id id = 0;
        while (id != WordTree::kNone) id = tree_.Add(id, "", line_);
    }
    void Close() {
        if (!words_.empty()) DropStatement();
        if (open_.empty()) {
            notes_.NotUnderstood(line_, "}");
        } else {
            open_.pop_back();
        }
    }
    void DropStatement() {
        std::string text;
        for (const std::string_view word : words_) text += (text.empty() ? "" : " ") + std::string(word.substr(0, 300));
        notes_.NotUnderstood(words_.empty() ? line_ : begin_line_, text.empty() ? "{" : text);
        Forget();
    }
    void Forget() {
        words_.clear();
        list_.clear();
        is_in_list_ = has_list_ = is_damaged_ = is_inactive_ = false;
    }

    std::string_view text_;
    WordTree& tree_;
    ReaderNotes& notes_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
    std::size_t begin_line_ = 1;
    std::vector<std::string_view> words_;
    std::vector<std::string_view> list_;
    std::vector<Open> open_;
    bool is_in_list_ = false;
    bool has_list_ = false;
    bool is_damaged_ = false;
    bool is_inactive_ = false;
};

}  // namespace

Result<void> ReadBraces(std::string_view text, WordTree& tree, ReaderNotes& notes) {
    return BraceReader(text, tree, notes).Read();
}

}  // namespace opsteward::firewall
