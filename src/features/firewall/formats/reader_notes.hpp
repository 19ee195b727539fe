// What a reader of words notes down beside the rules: lines not understood, items, facts.
#pragma once

#include <string>
#include <string_view>

#include "features/firewall/formats/readers.hpp"
#include "features/firewall/formats/word_tree.hpp"

namespace opsteward::firewall {

class ReaderNotes {
  public:
    /// More lines than these that are not understood are counted in one last entry.
    static constexpr std::size_t kMaxUnknownLines = 20'000;
    static constexpr std::size_t kMaxItemBytes = 512U << 20;

    /// `IsSecret` says of a word whether what follows it is a secret, such as "password".
    ReaderNotes(Configuration& configuration, const ReadOptions& options, bool (*is_secret)(std::string_view key))
        : configuration_(configuration), options_(options), is_secret_(is_secret) {}

    /// A line as it stands; what follows a word that announces a secret is hidden.
    void NotUnderstood(std::size_t line, std::string_view text);
    /// Each line at which something below the node stands, with its path from the root.
    void NotUnderstood(WordNode node);
    void AddItem(std::string kind, std::string name, WordNode node);
    void AddFact(std::string_view kind, std::string_view subject, std::string_view property, std::string_view value, std::size_t line);
    /// The paths below a node, one for each leaf, in "a b c" form with secrets hidden.
    std::vector<std::string> LinesBelow(WordNode node) const;
    /// Whether items would have taken more than kMaxItemBytes: long words with much below them can be written out very often.
    bool is_spent() const { return is_spent_; }
    /// Brings the lines not understood into their order and puts the count of further ones at the end. Call once, when all is read.
    void Finish();

  private:
    void Note(std::size_t line, std::string_view text);
    void CollectLines(WordNode node, const std::string& before, bool is_secret, std::vector<std::string>& lines) const;
    void CollectUnknown(WordNode node, const std::string& before, bool is_secret, std::size_t& last_line);
    std::string Shown(std::string_view word, bool is_secret) const;
    std::string PathOf(WordNode node) const;

    Configuration& configuration_;
    const ReadOptions& options_;
    bool (*is_secret_)(std::string_view);
    std::size_t left_out_ = 0;
    mutable std::size_t item_bytes_ = 0;
    mutable bool is_spent_ = false;
};

/// In quotation marks where it has blanks, quotation marks or nothing at all.
std::string QuotedWord(std::string_view word);

}  // namespace opsteward::firewall
