// Of the page of a clause: how its state changed, and whether it applies at all.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "platform/console/procedure/clause_parts.hpp"
#include "platform/console/procedure/exemption_table.hpp"
#include "platform/console/procedure/words.hpp"
#include "platform/procedure/judging.hpp"
#include "platform/web/charts.hpp"
#include "platform/web/components.hpp"
#include "platform/web/fields.hpp"

namespace opsteward::console::compliance {

using html::Format;
using html::Markup;
using procedure::State;
using procedure::StateChange;

std::vector<std::pair<Instant, State>> WorstOverTime(const std::vector<StateChange>& changes) {
    std::map<std::int64_t, State> by_unit;
    // What a unit was before its first known change.
    for (const auto& change : changes) by_unit[change.unit_id] = change.from;
    const auto worst = [&] {
        State state = by_unit.begin()->second;
        for (const auto& [unit_id, other] : by_unit) {
            if (procedure::IsWorse(other, state)) state = other;
        }
        return state;
    };
    std::vector<std::pair<Instant, State>> over_time;
    for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
        by_unit[change->unit_id] = change->to;
        const State now = worst();
        if (!over_time.empty() && over_time.back().first == change->at) {
            over_time.back().second = now;
        } else if (over_time.empty() || over_time.back().second != now) {
            over_time.emplace_back(change->at, now);
        }
    }
    return over_time;
}

namespace {

Markup Strip(const web::RequestContext& context, const std::vector<StateChange>& history) {
    const auto over_time = WorstOverTime(history);
    const Instant from = over_time.front().first;
    // Within the first day it would be a line with all changes at one end.
    if (context.now - from < std::chrono::days(1)) return {};
    std::vector<web::StateSpan> spans;
    for (const auto& [at, state] : over_time) spans.push_back({at, ToneOf(state)});
    return web::StateStrip(spans, from, context.now, context.Say("狀態變化", "State over time"), context.language);
}

}  // namespace

Markup ClauseHistory(const web::RequestContext& context, const ClauseView& view) {
    constexpr std::size_t kShown = 15;
    const std::string_view title = context.Say("歷程", "History");
    if (view.history.empty()) {
        return web::Card(title, web::EmptyState(context.Say("還沒有狀態變化", "No change of state yet"),
                                                context.Say("第一次判定後，紅燈與綠燈的時間都記在這裡。",
                                                            "Once it is judged, the times at which it was met and not met stand here.")));
    }
    std::vector<web::TimelineEntry> entries;
    const bool has_units = view.units.size() > 1;
    for (std::size_t i = 0; i < view.history.size() && i < kShown; ++i) {
        const StateChange& change = view.history[i];
        std::string what(procedure::StateTitle(change.to).In(context.language));
        // The same state again is another reason for it.
        if (change.from != change.to) what = fmt::format("{} → {}", procedure::StateTitle(change.from).In(context.language), what);
        if (has_units) what = fmt::format("{}{}{}", view.tree->Name(change.unit_id), context.Say("：", ": "), what);
        entries.push_back({change.at, ToneOf(change.to), std::move(what), Format("<p>{}</p>", change.why.In(context.language))});
    }
    return web::Card(title, Strip(context, view.history) + web::Timeline(entries, context.now, context.language));
}

namespace {

Markup RequestForm(const web::RequestContext& context, const ClauseView& view, const ExemptionDraft& draft) {
    const auto& may_request = context.principal().UnitsFor(kMayRequest);
    std::set<std::int64_t> units;
    std::ranges::set_intersection(view.units, may_request, std::inserter(units, units.end()));
    if (units.empty() || view.as_of) return {};
    auto choices = view.tree->Choices(units, {});
    choices.erase(choices.begin());
    Markup errors;
    if (!draft.error.empty()) errors = web::FormErrors({draft.error}, context.language);
    const Markup fields =
        errors +
        web::FieldRow({web::SelectField("unit_id", context.Say("單位", "Unit"), draft.unit.empty() ? view.unit_text : draft.unit, choices, {}, {}, {.is_required = true}),
                       web::DateField("ends", context.Say("期限", "Until"), draft.ends, context.language,
                                      context.Say("到期後自動恢復判定，例如 115.6.30。", "It is judged again after this day, for example 2026-06-30."), {},
                                      {.is_required = true})}) +
        web::TextArea("reason", context.Say("不適用的理由", "Why it does not apply"), draft.reason,
                      context.Say("寫明事實與替代措施；由另一人核定。", "State the facts and what is done instead; another person decides."), {},
                      {.is_required = true, .max_length = 4000, .rows = 3}) +
        web::ButtonRow({web::Button(context.Say("送出申請", "Send the request"), web::ButtonLook::kPrimary, "send")});
    return web::Disclosure(context.Say("申請不適用…", "Ask for \"not applicable\" …"),
                           web::PostForm(ClausePath(view.clause().id) + "/exemptions", context.frame.csrf_token, fields), !draft.error.empty());
}

}  // namespace

Markup ClauseExemptions(const web::RequestContext& context, const ClauseView& view, const ExemptionDraft& draft) {
    Markup list;
    if (!view.exemptions.empty()) list = ExemptionTable(context, *view.tree, nullptr, view.exemptions);
    const Markup body = list + RequestForm(context, view, draft);
    if (body.empty()) return {};
    return Format(R"(<div id="exemptions">{}</div>)", web::Card(context.Say("不適用", "Not applicable"), body));
}

}  // namespace opsteward::console::compliance
