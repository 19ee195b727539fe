// Dense tables whose sorting and paging live in the address.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/language.hpp"
#include "html/markup.hpp"

namespace opsteward::web {

enum class Align { kStart, kEnd, kCenter };
enum class SortState { kNone, kAscending, kDescending };

struct Column {
    std::string title;
    Align align = Align::kStart;    ///< kEnd for numbers
    std::string sort_href = {};     ///< where the rows are sorted by this column; none: not sortable
    SortState sort = SortState::kNone;
    bool is_title_hidden = false;   ///< still said by screen readers: for columns of buttons
};

struct TableOptions {
    bool is_caption_shown = false;
    html::Markup when_empty = {};   ///< instead of the table, when there are no rows
    bool has_row_headers = true;    ///< the first cell names its row
};

/// Each row has as many cells as there are columns. `caption` says what the table shows; screen readers read it.
html::Markup Table(const std::vector<Column>& columns, const std::vector<std::vector<html::Markup>>& rows,
                   std::string_view caption, const TableOptions& options = {});
/// The numbers 1, 2, … around `page` of `pages`; `base_url` may have a query. Nothing for a single page.
html::Markup Pager(std::string_view base_url, int page, int pages, Language language);

}  // namespace opsteward::web
