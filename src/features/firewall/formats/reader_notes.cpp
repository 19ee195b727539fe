#include "features/firewall/formats/reader_notes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "features/firewall/formats/secret_mark.hpp"

namespace opsteward::firewall {
namespace {

constexpr std::size_t kMaxShown = 300;  ///< characters of a line that was not understood

/// Hashes and reversible encryptions that tell of themselves what they are, whatever the word before: crypt(3), Junos's $9$, PAN-OS's -AQ==.
bool LooksSecret(std::string_view word) {
    static constexpr std::string_view kMarks[] = {"$1$", "$5$", "$6$", "$8$", "$9$", "$2a$", "$2b$", "$2y$", "$sha1$", "-AQ=="};
    return std::ranges::any_of(kMarks, [word](std::string_view mark) { return word.starts_with(mark) && word.size() > mark.size(); });
}

}  // namespace

std::string QuotedWord(std::string_view word) {
    if (!word.empty() && word.find_first_of(" \t\r\n\"\\;{}[]") == std::string_view::npos) return std::string(word);
    std::string quoted = "\"";
    for (const char c : word) {
        if (c == '"' || c == '\\') quoted += '\\';
        if (c == '\n') {
            quoted += "\\n";
        } else if (c != '\r') {
            quoted += c;
        }
    }
    return quoted + "\"";
}

std::string ReaderNotes::Shown(std::string_view word, bool is_secret) const {
    if (is_secret || LooksSecret(word)) return SecretMark(word, options_.hash_key);
    return QuotedWord(ReplaceInvalidUtf8(word));
}

void ReaderNotes::NotUnderstood(std::size_t line, std::string_view text) {
    std::string shown;
    std::size_t at = 0;
    text = text.substr(0, 4 * kMaxShown);
    while (at < text.size()) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        const std::string_view word = text.substr(at, end - at);
        shown += (shown.empty() ? "" : " ") + (LooksSecret(word) ? SecretMark(word, options_.hash_key) : std::string(word));
        at = end + 1;
        if (!is_secret_(word) || at >= text.size()) continue;
        // Where a secret ends is not known of a line that was not understood.
        shown += " " + SecretMark(Trim(text.substr(at)), options_.hash_key);
        break;
    }
    Note(line, shown);
}

void ReaderNotes::Note(std::size_t line, std::string_view text) {
    if (configuration_.unknown.size() >= kMaxUnknownLines) {
        ++left_out_;
        return;
    }
    configuration_.unknown.push_back({line, Shorten(ReplaceInvalidUtf8(text), kMaxShown)});
}

void ReaderNotes::NotUnderstood(WordNode node) {
    std::size_t last_line = 0;
    const std::string before = PathOf(node.parent());
    CollectUnknown(node, before, is_secret_(node.parent().word()), last_line);
}

void ReaderNotes::CollectUnknown(WordNode node, const std::string& before, bool is_secret, std::size_t& last_line) {
    std::string path = before;
    if (path.size() < 4 * kMaxShown) path += (path.empty() ? "" : " ") + Shown(node.word().substr(0, kMaxShown), is_secret);
    if (node.is_leaf()) {
        if (node.line() != last_line) Note(node.line(), path);
        last_line = node.line();
        return;
    }
    const bool hides = is_secret_(node.word());
    for (const WordNode child : node.children()) CollectUnknown(child, path, hides, last_line);
}

std::string ReaderNotes::PathOf(WordNode node) const {
    std::string path;
    for (; node && node.id() != 0 && path.size() < 4 * kMaxShown; node = node.parent()) {
        const std::string word = Shown(node.word().substr(0, kMaxShown), is_secret_(node.parent().word()));
        path = path.empty() ? word : word + " " + path;
    }
    return path;
}

void ReaderNotes::CollectLines(WordNode node, const std::string& before, bool is_secret, std::vector<std::string>& lines) const {
    item_bytes_ += before.size() + node.word().size() + 1;
    is_spent_ = is_spent_ || item_bytes_ > kMaxItemBytes;
    if (is_spent_) return;
    const std::string path = before + (before.empty() ? "" : " ") + (node.is_inactive() ? "inactive: " : "") + Shown(node.word(), is_secret);
    if (node.is_leaf()) {
        lines.push_back(path);
        return;
    }
    const bool hides = is_secret_(node.word());
    for (const WordNode child : node.children()) CollectLines(child, path, hides, lines);
}

std::vector<std::string> ReaderNotes::LinesBelow(WordNode node) const {
    std::vector<std::string> lines;
    const bool hides = is_secret_(node.word());
    for (const WordNode child : node.children()) CollectLines(child, {}, hides, lines);
    return lines;
}

void ReaderNotes::AddItem(std::string kind, std::string name, WordNode node) {
    configuration_.items.push_back({std::move(kind), ReplaceInvalidUtf8(name), node.line(), LinesBelow(node)});
}

void ReaderNotes::AddFact(std::string_view kind, std::string_view subject, std::string_view property, std::string_view value, std::size_t line) {
    configuration_.facts.push_back({std::string(kind), ReplaceInvalidUtf8(subject), ReplaceInvalidUtf8(property), ReplaceInvalidUtf8(value), line});
}

void ReaderNotes::Finish() {
    std::ranges::sort(configuration_.unknown, {}, [](const UnknownLine& line) { return std::pair(line.line, std::string_view(line.text)); });
    if (left_out_ > 0) configuration_.unknown.push_back({0, fmt::format("… {} more lines", left_out_)});
}

}  // namespace opsteward::firewall
