#include "platform/console/procedure/board_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "platform/console/procedure/figures.hpp"
#include "platform/console/procedure/words.hpp"
#include "platform/web/components.hpp"
#include "platform/web/table.hpp"

namespace opsteward::console::compliance {

using html::Format;
using html::Markup;
using procedure::ClauseState;
using procedure::State;

std::string BoardView::ClauseHref(const procedure::Clause& clause) const {
    net::FormFields fields;
    if (!filter.unit.empty()) fields.Set("unit", filter.unit);
    if (!filter.as_of_text.empty()) fields.Set("as_of", filter.as_of_text);
    const std::string query = fields.Encode();
    return query.empty() ? ClausePath(clause.id) : ClausePath(clause.id) + "?" + query;
}

namespace {

constexpr std::size_t kShownWhy = 160;  // code points
constexpr int kColumns = 5;

Markup ClauseRow(const BoardView& view, const ClauseState& state) {
    const procedure::Clause& clause = *state.clause;
    const Markup since = state.since == Instant() ? Markup() : web::Time(state.since, view.language);
    const Markup count = state.findings.empty() ? Markup() : Format("{}", state.findings.size());
    return Format(R"(<tr><th scope="row"><a href="{}">{} {}</a><p class="ops-cell-note">{}</p></th><td>{}</td>)"
                  R"(<td class="ops-nowrap">{}</td><td class="ops-end">{}</td><td>{}</td></tr>)",
                  view.ClauseHref(clause), clause.id, clause.title.In(view.language), Shorten(state.why.In(view.language), kShownWhy),
                  web::StateBadge(ToneOf(state.state), view.language), RoleName(*view.board.pack, clause.owner, view.language), count, since);
}

Markup ChapterRow(const BoardView& view, const procedure::Chapter& chapter, const StateCounts& counts) {
    Markup figures;
    for (const State state : kAllStates) {
        if (counts.Of(state) == 0) continue;
        const web::Tone tone = ToneOf(state);
        figures += Format(R"(<span class="ops-chapter-figure {}">{}<span class="ops-hidden">{} </span>{}</span>)", web::ToneClass(tone),
                          web::Icon(web::ToneIcon(tone)), procedure::StateTitle(state).In(view.language), counts.Of(state));
    }
    return Format(R"(<tr class="ops-chapter"><th scope="rowgroup" colspan="{}" id="chapter-{}">{} {}</th></tr>)", kColumns, chapter.id,
                  chapter.title.In(view.language), figures);
}

}  // namespace

Markup ClauseTable(const BoardView& view) {
    if (view.shown.empty()) {
        return web::EmptyState(view.Say("沒有符合篩選的條文", "No clause fits the filter"),
                               view.Say("放寬篩選條件，或回到全部條文。", "Widen the filter, or go back to all clauses."),
                               web::LinkButton(view.Say("全部條文", "All clauses"), "/board", web::ButtonLook::kPrimary));
    }
    const procedure::Pack& pack = *view.board.pack;
    Markup bodies;
    for (std::size_t i = 0; i < view.shown.size();) {
        const auto* chapter = pack.ChapterOf(view.shown[i]->clause->id);
        StateCounts counts;
        Markup rows;
        for (; i < view.shown.size() && pack.ChapterOf(view.shown[i]->clause->id) == chapter; ++i) {
            counts.Add(view.shown[i]->state);
            rows += ClauseRow(view, *view.shown[i]);
        }
        const Markup head = chapter == nullptr ? Markup() : ChapterRow(view, *chapter, counts);
        bodies += Format("<tbody>{}{}</tbody>", head, rows);
    }
    const std::string_view caption = view.Say("條文與狀態", "Clauses and their state");
    return Format(R"(<div class="ops-table-box ops-table-box-long" role="region" aria-label="{}" tabindex="0"><table class="ops-table">)"
                  R"(<caption class="ops-hidden">{}</caption><thead><tr><th scope="col">{}</th><th scope="col">{}</th>)"
                  R"(<th scope="col">{}</th><th scope="col" class="ops-end">{}</th><th scope="col">{}</th></tr></thead>{}</table></div>)",
                  caption, caption, view.Say("條文", "Clause"), view.Say("狀態", "State"), view.Say("主責", "Owner"),
                  view.Say("發現", "Findings"), view.Say("起始時間", "Since"), bodies);
}

namespace {

struct UnitStanding {
    std::int64_t id = 0;
    std::string_view name;
    std::vector<std::optional<State>> states;  ///< as the clauses shown
    StateCounts counts;
};

std::vector<UnitStanding> StandingsOf(const BoardView& view) {
    std::map<std::int64_t, UnitStanding> by_unit;
    for (std::size_t i = 0; i < view.shown.size(); ++i) {
        for (const auto& unit : view.shown[i]->units) {
            UnitStanding& standing = by_unit[unit.unit_id];
            standing.states.resize(view.shown.size());
            standing.states[i] = unit.state;
            standing.counts.Add(unit.state);
        }
    }
    std::vector<UnitStanding> standings;
    for (auto& [id, standing] : by_unit) {
        standing.id = id;
        standing.name = view.units.Name(id);
        if (!standing.name.empty()) standings.push_back(std::move(standing));
    }
    // Where most is to be done comes first.
    std::ranges::stable_sort(standings, [](const UnitStanding& a, const UnitStanding& b) {
        const auto a_unmet = a.counts.Of(State::kNotMet);
        const auto b_unmet = b.counts.Of(State::kNotMet);
        return a_unmet != b_unmet ? a_unmet > b_unmet : a.counts.Of(State::kAttention) > b.counts.Of(State::kAttention);
    });
    return standings;
}

std::vector<Markup> StripRow(const BoardView& view, const UnitStanding& standing) {
    BoardFilter of_unit = view.filter;
    of_unit.unit = std::to_string(standing.id);
    const auto& counts = standing.counts;
    const std::string label = fmt::format(fmt::runtime(view.Say("{}：不符合 {}、注意 {}、符合 {}", "{}: not met {}, attention {}, met {}")), standing.name,
                                          counts.Of(State::kNotMet), counts.Of(State::kAttention), counts.Of(State::kMet));
    return {web::Link(standing.name, of_unit.Href()), ClauseStrip(standing.states, label), Format("{}", counts.Of(State::kNotMet)),
            Format("{}", counts.Of(State::kAttention)), Format("{}", counts.Of(State::kMet))};
}

}  // namespace

Markup UnitStrips(const BoardView& view) {
    constexpr std::size_t kShownUnits = 10;
    const auto standings = StandingsOf(view);
    if (standings.size() < 2) return {};
    const std::vector<web::Column> columns = {{.title = std::string(view.Say("單位", "Unit"))},
                                              {.title = std::string(view.Say("各條文（由左至右）", "Clauses, left to right"))},
                                              {.title = std::string(view.Say("不符合", "Not met")), .align = web::Align::kEnd},
                                              {.title = std::string(view.Say("注意", "Attention")), .align = web::Align::kEnd},
                                              {.title = std::string(view.Say("符合", "Met")), .align = web::Align::kEnd}};
    const std::size_t shown = view.filter.is_every_unit_shown ? standings.size() : std::min(standings.size(), kShownUnits);
    std::vector<std::vector<Markup>> rows;
    for (std::size_t i = 0; i < shown; ++i) rows.push_back(StripRow(view, standings[i]));
    Markup more;
    if (shown < standings.size()) {
        more = web::LinkButton(fmt::format(fmt::runtime(view.Say("全部 {} 個單位", "All {} units")), standings.size()),
                               view.filter.Href("units=all"), web::ButtonLook::kQuiet, "chevron-down");
    }
    return web::Card(view.Say("各單位", "Units"), web::Table(columns, rows, view.Say("各單位的條文狀態", "State of the clauses by unit")), more);
}

std::vector<std::vector<std::string>> BoardCsv(const BoardView& view) {
    const procedure::Pack& pack = *view.board.pack;
    const auto text = [&](std::string_view zh, std::string_view en) { return std::string(view.Say(zh, en)); };
    std::vector<std::vector<std::string>> rows = {{text("條文", "Clause"), text("標題", "Title"), text("章節", "Chapter"), text("狀態", "State"),
                                                   text("原因", "Why"), text("主責", "Owner"), text("發現", "Findings"), text("起始時間", "Since"),
                                                   text("判定時間", "Judged at")}};
    const auto time = [&](Instant instant) { return instant == Instant() ? std::string() : FormatTimeWithSeconds(instant, view.language); };
    for (const ClauseState* state : view.shown) {
        const auto* chapter = pack.ChapterOf(state->clause->id);
        rows.push_back({state->clause->id, state->clause->title.In(view.language),
                        chapter == nullptr ? std::string() : chapter->title.In(view.language),
                        std::string(procedure::StateTitle(state->state).In(view.language)), state->why.In(view.language),
                        std::string(RoleName(pack, state->clause->owner, view.language)), std::to_string(state->findings.size()),
                        time(state->since), time(state->judged_at)});
    }
    return rows;
}

}  // namespace opsteward::console::compliance
