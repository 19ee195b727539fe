// The clauses of a board as a table with a heading for each chapter, as strips for each unit, and as a file.
#pragma once

#include <string>
#include <vector>

#include "html/markup.hpp"
#include "platform/console/procedure/board_filter.hpp"

namespace opsteward::console::compliance {

/// What is shown of a board; all of it lives as long as the board.
struct BoardView {
    const procedure::Board& board;
    const BoardFilter& filter;
    const UnitTree& units;
    Language language;
    std::vector<const procedure::ClauseState*> shown = {};  ///< after the filter, in the order of the pack

    std::string_view Say(std::string_view zh, std::string_view en) const { return language == Language::kEnglish ? en : zh; }
    /// Where a clause is described, at the time of this board.
    std::string ClauseHref(const procedure::Clause& clause) const;
};

html::Markup ClauseTable(const BoardView& view);
/// Empty unless the board is of several units.
html::Markup UnitStrips(const BoardView& view);
std::vector<std::vector<std::string>> BoardCsv(const BoardView& view);

}  // namespace opsteward::console::compliance
