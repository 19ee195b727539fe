// FortiOS's command text, cut into commands. One stands on a line, but a quoted value may go on over several.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace opsteward::firewall {

/// Where a command lies in the text; it begins with its first word and ends before the line end.
struct FortigateCommand {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t line = 0;       ///< of its first word, from 1
    std::uint32_t last_line = 0;
    bool is_comment = false;      ///< begins with '#'
    bool is_unclosed = false;     ///< a quotation of it never ends; the command is cut at its first line's end
};

struct FortigateWord {
    std::string text;  ///< without quotation marks and escapes
    bool is_quoted = false;

    bool operator==(const FortigateWord&) const = default;
};

/// Cuts the text from its beginning to its end, once: linear in its length. A word is quoted by "…" anywhere, and by '…' where both marks stand in one line and
/// the first begins the word; a backslash takes the next character as it is. Empty lines, and what `--More--` leaves in a recorded session, are passed over.
/// Precondition: text.size() <= kMaxConfigurationBytes.
class FortigateCommands {
  public:
    explicit FortigateCommands(std::string_view text) : text_(text) {}
    std::optional<FortigateCommand> Next();

  private:
    std::size_t SkipBlanks(std::size_t at) const;
    /// After the closing mark, or npos.
    std::size_t AfterQuotation(std::size_t opening) const;
    void CutOne(FortigateCommand& command);

    std::string_view text_;
    std::size_t at_ = 0;
    std::uint32_t line_ = 1;
    bool has_unclosed_ = false;  ///< from then on a quotation ends with its line at the latest, so that none is searched for twice
};

/// The words of a command. "\r\n" within a quotation becomes "\n".
std::vector<FortigateWord> FortigateWords(std::string_view command);
/// The first word alone, which is never quoted: "set".
std::string_view FortigateVerb(std::string_view command);
/// config, edit, set and the other words that a command begins with.
bool IsFortigateVerb(std::string_view word);
/// "FW01 # show", "FW01 (root) $ ": what a recorded session shows of its prompt.
bool IsFortigatePrompt(std::string_view command);
/// As FortiOS would write the words: in quotation marks where they were or where they need them.
std::string FortigateLine(const std::vector<FortigateWord>& words);

}  // namespace opsteward::firewall
