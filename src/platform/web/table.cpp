#include "platform/web/table.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "platform/web/components.hpp"

namespace opsteward::web {

using html::Format;
using html::Markup;

namespace {

std::optional<std::string_view> AlignClass(Align align) {
    switch (align) {
        case Align::kEnd:
            return "ops-end";
        case Align::kCenter:
            return "ops-center";
        case Align::kStart:
            break;
    }
    return std::nullopt;
}

std::optional<std::string_view> AriaSort(SortState sort) {
    switch (sort) {
        case SortState::kAscending:
            return "ascending";
        case SortState::kDescending:
            return "descending";
        case SortState::kNone:
            break;
    }
    return std::nullopt;
}

Markup Heading(const Column& column) {
    Markup title = html::Escape(column.title);
    if (column.is_title_hidden) title = Format(R"(<span class="ops-hidden">{}</span>)", title);
    if (!column.sort_href.empty()) {
        Markup arrow;
        if (column.sort == SortState::kAscending) arrow = Icon("arrow-up");
        if (column.sort == SortState::kDescending) arrow = Icon("arrow-down");
        title = Format(R"(<a class="ops-sort" href="{}">{}{}</a>)", column.sort_href, title, arrow);
    }
    return Format(R"(<th scope="col" class="{?}" aria-sort="{?}">{}</th>)", AlignClass(column.align),
                  AriaSort(column.sort), title);
}

Markup Cell(const Column& column, const Markup& content, bool is_row_header) {
    const auto align = AlignClass(column.align);
    if (is_row_header) return Format(R"(<th scope="row" class="{?}">{}</th>)", align, content);
    return Format(R"(<td class="{?}">{}</td>)", align, content);
}

Markup Row(const std::vector<Column>& columns, const std::vector<Markup>& row, bool has_row_headers) {
    Markup cells;
    for (std::size_t i = 0; i < columns.size() && i < row.size(); ++i) {
        cells += Cell(columns[i], row[i], has_row_headers && i == 0);
    }
    return Format(R"(<tr>{}</tr>)", cells);
}

std::string PageUrl(std::string_view base_url, int page) {
    std::string url(base_url);
    if (base_url.find('?') == std::string_view::npos) {
        url += '?';
    } else if (!base_url.ends_with('?') && !base_url.ends_with('&')) {
        url += '&';
    }
    return url + "page=" + std::to_string(page);
}

}  // namespace

Markup Table(const std::vector<Column>& columns, const std::vector<std::vector<Markup>>& rows, std::string_view caption,
             const TableOptions& options) {
    if (rows.empty() && !options.when_empty.empty()) return options.when_empty;
    const Markup head = html::Join(columns, Heading);
    const Markup body =
        html::Join(rows, [&](const std::vector<Markup>& row) { return Row(columns, row, options.has_row_headers); });
    // The scrolling box can be focused, so that it can be scrolled by keyboard.
    return Format(R"(<div class="ops-table-box" role="region" aria-label="{}" tabindex="0"><table class="ops-table">)"
                  R"(<caption class="{?}">{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>)",
                  caption, options.is_caption_shown ? std::nullopt : std::optional<std::string_view>("ops-hidden"),
                  caption, head, body);
}

Markup Pager(std::string_view base_url, int page, int pages, Language language) {
    if (pages <= 1) return {};
    constexpr Phrase kLabel = {"分頁", "Pages"};
    constexpr Phrase kPrevious = {"上一頁", "Previous"};
    constexpr Phrase kNext = {"下一頁", "Next"};
    constexpr int kAround = 2;

    page = std::clamp(page, 1, pages);
    Markup items;
    const auto add_step = [&](const Phrase& phrase, int target, std::string_view rel) {
        if (target < 1 || target > pages) return;
        items +=
            Format(R"(<li><a href="{}" rel="{}">{}</a></li>)", PageUrl(base_url, target), rel, phrase.In(language));
    };
    add_step(kPrevious, page - 1, "prev");
    int last_shown = 0;
    for (int number = 1; number <= pages; ++number) {
        const bool is_shown = number == 1 || number == pages || (number >= page - kAround && number <= page + kAround);
        if (!is_shown) {
            number = number < page ? page - kAround - 1 : pages - 1;
            continue;
        }
        if (number != last_shown + 1) items += Format(R"(<li><span aria-hidden="true">…</span></li>)");
        last_shown = number;
        const auto current = number == page ? std::optional<std::string_view>("page") : std::nullopt;
        items +=
            Format(R"(<li><a href="{}" aria-current="{?}">{}</a></li>)", PageUrl(base_url, number), current, number);
    }
    add_step(kNext, page + 1, "next");
    return Format(R"(<nav class="ops-pager" aria-label="{}"><ul>{}</ul></nav>)", kLabel.In(language), items);
}

}  // namespace opsteward::web
