#include "platform/console/procedure/clause_view.hpp"

#include <algorithm>

#include "platform/console/procedure/exemptions.hpp"
#include "platform/console/procedure/words.hpp"

namespace opsteward::console::compliance {

namespace {

constexpr int kMaxChanges = 200;
constexpr std::chrono::days kLongestPeriod{366};

bool IsOfClause(const procedure::Duty& duty, std::string_view clause_id) {
    return std::ranges::find(duty.clause_ids, clause_id) != duty.clause_ids.end();
}

}  // namespace

std::string ClauseView::Href(std::string_view extra) const {
    net::FormFields fields;
    if (!unit_text.empty()) fields.Set("unit", unit_text);
    if (!as_of_text.empty()) fields.Set("as_of", as_of_text);
    std::string query = fields.Encode();
    if (!extra.empty()) query += (query.empty() ? "" : "&") + std::string(extra);
    return query.empty() ? ClausePath(clause().id) : ClausePath(clause().id) + "?" + query;
}

Result<ClauseView> ReadClause(const web::RequestContext& context, Surroundings& surroundings) {
    const net::FormFields& query = context.request.query;
    const procedure::Procedure& procedure = surroundings.procedure();
    ClauseView view;
    view.unit_text = query.Get("unit");
    view.as_of_text = query.Get("as_of");
    OPS_TRY(view.as_of, ParseAsOf(view.as_of_text, context.now));
    OPS_TRY(view.units, ChosenUnits(context, surroundings.units, kMayReadBoard, view.unit_text));
    OPS_TRY(view.tree, surroundings.units.Tree(view.units, context.now));
    OPS_TRY(view.board, surroundings.boards.For(view.units, view.as_of, context.now));
    const std::string_view id = context.Parameter("id");
    const auto found = std::ranges::find_if(view.board->clauses, [&](const auto& state) { return state.clause->id == id; });
    if (found == view.board->clauses.end()) {
        return Error::Of(ErrorCode::kNotFound, "程序書沒有這條條文。", "The procedure has no such clause.");
    }
    view.state = &*found;
    OPS_TRY(view.history, procedure.History(id, view.units, kMaxChanges));
    const bool has_duties = std::ranges::any_of(view.pack().duties, [&](const procedure::Duty& duty) { return IsOfClause(duty, id); });
    if (has_duties) {
        OPS_TRY(view.rounds, procedure.OpenDuties(context.now + kLongestPeriod, view.units));
    }
    std::erase_if(view.rounds, [&](const procedure::DutyRound& round) {
        return round.duty == nullptr || !IsOfClause(*round.duty, id) || StartOfDay(round.period_start) > context.now;
    });
    OPS_TRY(view.exemptions, VisibleExemptions(context, surroundings, id));
    std::erase_if(view.exemptions, [&](const procedure::Exemption& one) { return !view.units.contains(one.unit_id); });
    OPS_TRY(view.accounts, surroundings.services->identity.Accounts());
    return view;
}

}  // namespace opsteward::console::compliance
