// Stanzas of "Field: value" lines as deb-control(5) has them, from text that comes in pieces of any size.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace opsteward::inventory::host {

/// Keeps the first lines of the wanted fields (continuation lines are dropped), so that memory stays small however large the
/// file is. A line beyond 64 KiB is cut, a field given twice in a stanza keeps its first value.
class StanzaReader {
  public:
    /// Called once per stanza that has any wanted field; values in the order of `fields`, "" when absent.
    using Take = std::function<void(std::span<const std::string> values)>;

    StanzaReader(std::vector<std::string_view> fields, Take take);
    void Feed(std::string_view piece);
    /// After the last piece: takes what is still open.
    void Finish();

  private:
    void TakeLine(std::string_view line);
    void EndStanza();

    std::vector<std::string_view> fields_;
    Take take_;
    std::vector<std::string> values_;
    std::string open_line_;  ///< start of a line that goes on in the next piece
    bool has_any_ = false;
};

}  // namespace opsteward::inventory::host
