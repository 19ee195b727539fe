#include "platform/console/procedure/board_filter.hpp"

#include <fmt/format.h>

#include "platform/console/procedure/words.hpp"
#include "platform/web/fields.hpp"

namespace opsteward::console::compliance {

using procedure::Mode;
using procedure::State;

namespace {

constexpr Mode kAllModes[] = {Mode::kGate, Mode::kAutomatic, Mode::kForm, Mode::kDuty, Mode::kPolicy, Mode::kReference};

std::optional<Mode> ParseMode(std::string_view key) {
    for (const Mode mode : kAllModes) {
        if (procedure::ModeKey(mode) == key) return mode;
    }
    return std::nullopt;
}

Error UnknownValue(std::string_view name) {
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("參數 {} 的值不認得。", name), fmt::format("The value of the parameter {} is not known.", name));
}

}  // namespace

std::string BoardFilter::Href(std::string_view extra) const {
    net::FormFields fields;
    if (!chapter.empty()) fields.Set("chapter", chapter);
    if (!unit.empty()) fields.Set("unit", unit);
    if (owner) fields.Set("owner", identity::RoleKey(*owner));
    if (state) fields.Set("state", procedure::StateKey(*state));
    if (mode) fields.Set("mode", procedure::ModeKey(*mode));
    if (!as_of_text.empty()) fields.Set("as_of", as_of_text);
    std::string query = fields.Encode();
    if (!extra.empty()) query += (query.empty() ? "" : "&") + std::string(extra);
    return query.empty() ? "/board" : "/board?" + query;
}

BoardFilter BoardFilter::With(std::optional<State> other_state) const {
    BoardFilter other = *this;
    other.state = other_state;
    return other;
}

bool BoardFilter::FitsApartFromState(const procedure::Pack& pack, const procedure::ClauseState& clause) const {
    if (!chapter.empty()) {
        const auto* own = pack.ChapterOf(clause.clause->id);
        if (own == nullptr || own->id != chapter) return false;
    }
    if (owner && clause.clause->owner != *owner) return false;
    return !mode || std::ranges::find(clause.clause->modes, *mode) != clause.clause->modes.end();
}

Result<BoardFilter> ReadBoardFilter(const web::RequestContext& context) {
    const net::FormFields& query = context.request.query;
    BoardFilter filter;
    filter.chapter = query.Get("chapter");
    filter.unit = query.Get("unit");
    filter.is_every_unit_shown = query.Get("units") == "all";
    if (const auto owner = query.Get("owner"); !owner.empty()) {
        filter.owner = identity::ParseRole(owner);
        if (!filter.owner) return UnknownValue("owner");
    }
    if (const auto state = query.Get("state"); !state.empty()) {
        filter.state = ParseState(state);
        if (!filter.state) return UnknownValue("state");
    }
    if (const auto mode = query.Get("mode"); !mode.empty()) {
        filter.mode = ParseMode(mode);
        if (!filter.mode) return UnknownValue("mode");
    }
    filter.as_of_text = query.Get("as_of");
    return filter;
}

html::Markup BoardFilterForm(const web::RequestContext& context, const BoardFilter& filter, const procedure::Pack& pack,
                             const UnitTree& units, std::string_view as_of_error) {
    const Language language = context.language;
    const std::string all(context.Say("全部", "All"));
    std::vector<web::Choice> chapters = {{"", all}};
    for (const auto& chapter : pack.chapters) chapters.push_back({chapter.id, chapter.title.In(language)});
    std::vector<web::Choice> owners = {{"", all}};
    for (const auto& role : identity::AllRoles()) {
        const bool owns = std::ranges::find(pack.clauses, role.role, &procedure::Clause::owner) != pack.clauses.end();
        if (owns) owners.push_back({std::string(role.key), std::string(RoleName(pack, role.role, language))});
    }
    std::vector<web::Choice> states = {{"", all}};
    for (const State state : kAllStates) {
        states.push_back({std::string(procedure::StateKey(state)), std::string(procedure::StateTitle(state).In(language))});
    }
    std::vector<web::Choice> modes = {{"", all}};
    for (const Mode mode : kAllModes) {
        modes.push_back({std::string(procedure::ModeKey(mode)), std::string(procedure::ModeTitle(mode).In(language))});
    }
    const auto& seen = context.principal().UnitsFor(kMayReadBoard);
    html::Markup fields = web::SelectField("chapter", context.Say("章節", "Chapter"), filter.chapter, chapters);
    if (seen.size() > 1) fields += web::SelectField("unit", context.Say("單位", "Unit"), filter.unit, units.Choices(seen, all));
    fields += web::SelectField("owner", context.Say("主責", "Owner"),
                               filter.owner ? identity::RoleKey(*filter.owner) : std::string_view(), owners) +
              web::SelectField("state", context.Say("狀態", "State"),
                               filter.state ? procedure::StateKey(*filter.state) : std::string_view(), states) +
              web::SelectField("mode", context.Say("執行方式", "Carried out by"),
                               filter.mode ? procedure::ModeKey(*filter.mode) : std::string_view(), modes) +
              web::TextField("as_of", context.Say("時間點", "As of"), filter.as_of_text, {}, as_of_error,
                             {.placeholder = context.Say("現在，或 114.8.5 14:00", "now, or 2025-08-05 14:00")});
    return web::FilterForm("/board", fields, language);
}

}  // namespace opsteward::console::compliance
