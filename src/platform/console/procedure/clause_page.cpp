#include "platform/console/procedure/clause_page.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "platform/console/procedure/clause_parts.hpp"
#include "platform/console/procedure/exemptions.hpp"
#include "platform/console/procedure/words.hpp"
#include "platform/web/components.hpp"
#include "platform/web/csv.hpp"
#include "platform/web/fields.hpp"

namespace opsteward::console::compliance {

using html::Format;
using html::Markup;

namespace {

Markup PastNotice(const web::RequestContext& context, const ClauseView& view) {
    if (!view.as_of) return {};
    ClauseView now = view;
    now.as_of_text.clear();
    return web::Alert(web::Tone::kInfo,
                      fmt::format(fmt::runtime(context.Say("這是 {} 的狀態", "This is how it stood on {}")), FormatTime(*view.as_of, context.language)),
                      Format("<p>{}</p>", web::Link(context.Say("回到現在", "Back to now"), now.Href())));
}

Markup Filter(const web::RequestContext& context, const ClauseView& view) {
    const auto& readable = context.principal().UnitsFor(kMayReadBoard);
    Markup fields;
    if (readable.size() > 1) {
        fields = web::SelectField("unit", context.Say("單位", "Unit"), view.unit_text,
                                  view.tree->Choices(readable, context.Say("全部", "All")), {}, {}, {.id = "filter-unit"});
    }
    fields += web::TextField("as_of", context.Say("時間點", "As of"), view.as_of_text, {}, {},
                             {.placeholder = context.Say("現在，或 114.8.5 14:00", "now, or 2025-08-05 14:00")});
    return web::FilterForm(ClausePath(view.clause().id), fields, context.language);
}

Result<net::Response> ShowClause(const web::RequestContext& context, Surroundings& surroundings, const ExemptionDraft& draft, int status) {
    OPS_TRY(const ClauseView view, ReadClause(context, surroundings));
    if (context.request.query.Get("format") == "csv") {
        return web::CsvResponse(fmt::format("clause-{}.csv", view.clause().id), FindingsCsv(context, view));
    }
    const auto* chapter = view.pack().ChapterOf(view.clause().id);
    web::Page page;
    page.title = fmt::format("{} {}", view.clause().id, view.clause().title.In(context.language));
    page.crumbs = {{std::string(context.Say("符合性看板", "Compliance board")), "/board"}};
    if (chapter != nullptr) {
        page.crumbs.push_back({chapter->title.In(context.language), "/board?chapter=" + net::PercentEncode(chapter->id)});
    }
    if (!view.as_of) page.event_channel = kBoardChannel;
    page.lead = PastNotice(context, view) + web::LivePart("clause-verdict", kBoardChannel, ClauseVerdict(context, view));
    page.body = web::LivePart("clause-now", kBoardChannel, web::Grid(2, {ClauseSteps(context, view), ClauseAbout(context, view)})) +
                Filter(context, view) +
                web::LivePart("clause-evidence", kBoardChannel,
                              ClauseFindings(context, view) + ClauseUnits(context, view) + ClauseDuties(context, view) +
                                  ClauseHistory(context, view)) +
                ClauseChecks(context, view) + ClauseExemptions(context, view, draft);
    return context.Render(page, status);
}

Result<net::Response> PostRequest(const web::RequestContext& context, Surroundings& surroundings) {
    const net::FormFields& form = context.form;
    const ExemptionWish wish{context.Parameter("id"), ParseInt(form.Get("unit_id")).value_or(0), form.Get("reason"), form.Get("ends")};
    const auto asked = RequestExemption(context, surroundings, wish);
    if (!asked.ok()) {
        const ErrorCode code = asked.error().code;
        if (code != ErrorCode::kInvalidInput && code != ErrorCode::kConflict) return asked.error();
        const ExemptionDraft draft{std::string(form.Get("unit_id")), std::string(wish.ends), std::string(wish.reason),
                                   asked.error().caller_text.In(context.language)};
        return ShowClause(context, surroundings, draft, code == ErrorCode::kConflict ? 409 : 422);
    }
    return context.RedirectWithNotice(ClausePath(wish.clause_id), {"已送出申請，等待另一人核定。", "The request is sent and waits for another person to decide."});
}

}  // namespace

std::vector<web::Route> ClauseRoutes(const SharedSurroundings& surroundings) {
    return {{net::Method::kGet, "/clauses/{id}", kMayReadBoard,
             [surroundings](const web::RequestContext& context) { return ShowClause(context, *surroundings, {}, 200); }},
            {net::Method::kPost, "/clauses/{id}/exemptions", kMayRequest,
             [surroundings](const web::RequestContext& context) { return PostRequest(context, *surroundings); }}};
}

}  // namespace opsteward::console::compliance
