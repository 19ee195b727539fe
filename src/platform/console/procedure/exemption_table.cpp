#include "platform/console/procedure/exemption_table.hpp"

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "platform/console/procedure/words.hpp"
#include "platform/web/components.hpp"
#include "platform/web/fields.hpp"
#include "platform/web/table.hpp"

namespace opsteward::console::compliance {

using html::Escape;
using html::Format;
using html::Markup;
using procedure::Exemption;

namespace {

Markup Buttons(const web::RequestContext& context, const Exemption& exemption) {
    Markup buttons;
    const std::string path = fmt::format("/exemptions/{}/", exemption.id);
    if (MayDecide(context, exemption)) {
        buttons += web::PostForm(path + "decide", context.frame.csrf_token,
                                 web::ButtonRow({web::Button(context.Say("核准", "Approve"),
                                                             {.look = web::ButtonLook::kApprove, .icon = "check", .name = "decision", .value = "approve"}),
                                                 web::Button(context.Say("不核准", "Reject"),
                                                             {.look = web::ButtonLook::kDanger, .icon = "x", .name = "decision", .value = "reject"})}));
    }
    if (MayWithdraw(context, exemption)) {
        buttons += web::PostForm(path + "withdraw", context.frame.csrf_token,
                                 web::Button(context.Say("撤回", "Withdraw"),
                                             {.look = web::ButtonLook::kQuiet,
                                              .icon = "arrow-back-up",
                                              .confirm = context.Say("撤回後會重新判定這條條文。", "The clause is judged again once this is withdrawn.")}));
    }
    if (!MayDecide(context, exemption) && StateOf(exemption, context.now) == ExemptionState::kWaiting) {
        const bool is_own = exemption.requested_by == context.principal().user_id();
        buttons += Muted(is_own ? context.Say("由另一人核定", "another person decides") : context.Say("等待核定", "waits for a decision"));
    }
    return buttons;
}

Markup ClauseCell(const web::RequestContext& context, const procedure::Pack& pack, const Exemption& one) {
    const auto* clause = pack.FindClause(one.clause_id);
    const std::string title = clause == nullptr ? one.clause_id : fmt::format("{} {}", one.clause_id, clause->title.In(context.language));
    return Format(R"(<a id="request-{}" href="{}">{}</a>)", one.id, ClausePath(one.clause_id), title);
}

}  // namespace

Markup ExemptionTable(const web::RequestContext& context, const UnitTree& tree, const procedure::Pack* pack,
                      const std::vector<Exemption>& exemptions) {
    const Language language = context.language;
    std::vector<web::Column> columns;
    if (pack != nullptr) columns.push_back({.title = std::string(context.Say("條文", "Clause"))});
    for (const Phrase title : {Phrase{"單位", "Unit"}, Phrase{"狀態", "State"}, Phrase{"理由", "Reason"}, Phrase{"期限", "Until"},
                               Phrase{"申請", "Asked by"}, Phrase{"核定", "Decided by"}}) {
        columns.push_back({.title = std::string(title.In(language))});
    }
    columns.push_back({.title = std::string(context.Say("操作", "Actions")), .is_title_hidden = true});
    std::vector<std::vector<Markup>> rows;
    for (const Exemption& one : exemptions) {
        const ExemptionState state = StateOf(one, context.now);
        Markup decided;
        if (one.decided_at) decided = Format("{} {}", one.decided_by_name, web::Time(*one.decided_at, language));
        std::vector<Markup> row;
        if (pack != nullptr) row.push_back(ClauseCell(context, *pack, one));
        row.push_back(Escape(tree.Name(one.unit_id)));
        row.push_back(web::Badge(ToneOf(state), ExemptionStateTitle(state).In(language)));
        row.push_back(Escape(one.reason));
        row.push_back(Day(one.ends, language));
        row.push_back(Format("{} {}", one.requested_by_name, web::Time(one.requested_at, language)));
        row.push_back(std::move(decided));
        row.push_back(Buttons(context, one));
        rows.push_back(std::move(row));
    }
    return web::Table(columns, rows, context.Say("不適用申請", "Requests that a clause does not apply"));
}

}  // namespace opsteward::console::compliance
