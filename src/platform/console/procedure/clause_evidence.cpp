// Of the page of a clause: what was found, where, and by which checks.
#include <fmt/format.h>

#include <algorithm>

#include "base/count_text.hpp"
#include "base/text.hpp"
#include "platform/console/procedure/clause_parts.hpp"
#include "platform/console/procedure/duties.hpp"
#include "platform/console/procedure/words.hpp"
#include "platform/web/components.hpp"
#include "platform/web/table.hpp"

namespace opsteward::console::compliance {

using html::Escape;
using html::Format;
using html::Markup;
using procedure::Finding;

namespace {

constexpr std::size_t kFindingsPerPage = 50;

Markup SubjectCell(const web::RequestContext& context, const ClauseView& view, const Finding& finding) {
    const std::string href = FindingPath(context, view.pack(), finding);
    return href.empty() ? Escape(finding.subject) : web::Link(finding.subject, href);
}

}  // namespace

std::string FindingPath(const web::RequestContext& context, const procedure::Pack& pack, const Finding& finding) {
    if (!finding.device_id || !context.principal().May(kMayReadDevices, finding.unit_id)) return {};
    std::string path = fmt::format("/devices/{}", *finding.device_id);
    const auto check = std::ranges::find(pack.checks, finding.check_id, &procedure::Check::id);
    if (check != pack.checks.end() && check->topics.size() == 1) path += "?topic=" + net::PercentEncode(check->topics.front());
    return path;
}

Markup ClauseFindings(const web::RequestContext& context, const ClauseView& view) {
    const auto& findings = view.state->findings;
    if (findings.empty()) return {};
    const bool has_units = view.state->units.size() > 1;
    std::vector<web::Column> columns = {{.title = std::string(context.Say("對象", "Subject"))}, {.title = std::string(context.Say("狀態", "State"))}};
    if (has_units) columns.push_back({.title = std::string(context.Say("單位", "Unit"))});
    columns.push_back({.title = std::string(context.Say("原因與所見", "Reason and what was seen"))});
    columns.push_back({.title = std::string(context.Say("起始時間", "Since"))});
    const int pages = static_cast<int>((findings.size() + kFindingsPerPage - 1) / kFindingsPerPage);
    const int page = static_cast<int>(std::clamp<std::int64_t>(ParseInt(context.request.query.Get("page")).value_or(1), 1, pages));
    std::vector<std::vector<Markup>> rows;
    const std::size_t first = static_cast<std::size_t>(page - 1) * kFindingsPerPage;
    for (std::size_t i = first; i < std::min(findings.size(), first + kFindingsPerPage); ++i) {
        const Finding& finding = findings[i];
        std::vector<Markup> row = {SubjectCell(context, view, finding), web::StateBadge(ToneOf(finding.severity), context.language)};
        if (has_units) row.push_back(Escape(view.tree->Name(finding.unit_id)));
        const Markup evidence = finding.evidence.empty() ? Markup() : Format(R"(<p class="ops-cell-note">{}</p>)", web::Code(finding.evidence));
        row.push_back(Format("<span>{}</span>{}", finding.reason.In(context.language), evidence));
        row.push_back(web::Time(finding.since, context.language));
        rows.push_back(std::move(row));
    }
    const std::string title = fmt::format(fmt::runtime(context.Say("發現（{}）", "Findings ({})")), findings.size());
    const Markup export_button =
        web::LinkButton(context.Say("匯出 CSV", "Export CSV"), view.Href("format=csv"), web::ButtonLook::kQuiet, "download");
    return Format(R"(<div id="findings">{}{}</div>)", web::Card(title, web::Table(columns, rows, title), export_button),
                  web::Pager(view.Href(), page, pages, context.language));
}

std::vector<std::vector<std::string>> FindingsCsv(const web::RequestContext& context, const ClauseView& view) {
    const auto text = [&](std::string_view zh, std::string_view en) { return std::string(context.Say(zh, en)); };
    std::vector<std::vector<std::string>> rows = {{text("條文", "Clause"), text("對象", "Subject"), text("單位", "Unit"), text("狀態", "State"),
                                                   text("原因", "Reason"), text("起始時間", "Since"), text("所見", "Evidence"), text("查核", "Check")}};
    for (const Finding& finding : view.state->findings) {
        rows.push_back({view.clause().id, finding.subject, std::string(view.tree->Name(finding.unit_id)),
                        std::string(procedure::StateTitle(finding.severity).In(context.language)), finding.reason.In(context.language),
                        FormatTimeWithSeconds(finding.since, context.language), finding.evidence, finding.check_id});
    }
    return rows;
}

Markup ClauseUnits(const web::RequestContext& context, const ClauseView& view) {
    const auto& units = view.state->units;
    if (units.size() < 2) return {};
    const std::vector<web::Column> columns = {{.title = std::string(context.Say("單位", "Unit"))},
                                              {.title = std::string(context.Say("狀態", "State"))},
                                              {.title = std::string(context.Say("原因", "Why"))},
                                              {.title = std::string(context.Say("主責人員", "Who answers for it"))},
                                              {.title = std::string(context.Say("起始時間", "Since"))}};
    std::vector<const procedure::UnitState*> sorted;
    for (const auto& unit : units) sorted.push_back(&unit);
    const auto rank = [](const procedure::UnitState* unit) { return std::ranges::find(kAllStates, unit->state) - std::begin(kAllStates); };
    std::ranges::stable_sort(sorted, {}, rank);
    std::vector<std::vector<Markup>> rows;
    for (const auto* unit : sorted) {
        const auto names = HoldersOf(*view.tree, view.accounts, view.clause().owner, unit->unit_id, context.now);
        const Markup who = names.empty() ? Muted(context.Say("尚無人擔任", "nobody")) : Escape(Join(names, context.Say("、", ", ")));
        rows.push_back({web::Link(view.tree->Name(unit->unit_id), fmt::format("{}?unit={}", ClausePath(view.clause().id), unit->unit_id)),
                        web::StateBadge(ToneOf(unit->state), context.language), Escape(Shorten(unit->why.In(context.language), 160)), who,
                        web::Time(unit->since, context.language)});
    }
    const std::string_view title = context.Say("各單位的狀態", "State by unit");
    return web::Card(title, web::Table(columns, rows, title));
}

Markup ClauseDuties(const web::RequestContext& context, const ClauseView& view) {
    const Language language = context.language;
    std::vector<std::vector<Markup>> rows;
    for (const auto& duty : view.pack().duties) {
        if (std::ranges::find(duty.clause_ids, view.clause().id) == duty.clause_ids.end()) continue;
        std::size_t open = 0;
        const procedure::DutyRound* next = nullptr;
        for (const auto& round : view.rounds) {
            if (round.duty_id != duty.id) continue;
            if (open++ == 0) next = &round;
        }
        Markup state = web::Badge(web::Tone::kMet, context.Say("本期已完成", "Done for this period"));
        Markup due;
        if (next != nullptr) {
            const RoundState worst = StateOf(*next, &duty, context.now);
            state = web::Badge(ToneOf(worst), RoundStateTitle(worst).In(language));
            if (open > 1) state += Muted(fmt::format(fmt::runtime(context.Say(" {} 個單位未完成", " {} units open")), open));
            due = Day(TaipeiDate(next->due_at), language);
        }
        const std::string href = open == 1 ? DutyPath(next->id) : "/duties?duty=" + net::PercentEncode(duty.id);
        rows.push_back({Format(R"(<a href="{}">{}</a><p class="ops-cell-note">{}</p>)", href, duty.title.In(language),
                               Shorten(duty.instructions.In(language), 120)),
                        state, Escape(procedure::CycleTitle(duty.cycle).In(language)), Escape(RoleName(view.pack(), duty.owner, language)), due});
    }
    if (rows.empty()) return {};
    const std::vector<web::Column> columns = {{.title = std::string(context.Say("工作", "Duty"))},
                                              {.title = std::string(context.Say("狀態", "State"))},
                                              {.title = std::string(context.Say("週期", "Cycle"))},
                                              {.title = std::string(context.Say("主責", "Owner"))},
                                              {.title = std::string(context.Say("期限", "Due"))}};
    const std::string_view title = context.Say("這條條文的工作", "Duties of this clause");
    return Format(R"(<div id="duties">{}</div>)", web::Card(title, web::Table(columns, rows, title)));
}

namespace {

Markup CheckBody(const web::RequestContext& context, const procedure::Check& check) {
    Markup topics;
    for (const auto& topic : check.topics) topics += web::Code(topic) + Escape(" ");
    Markup parameters;
    for (const auto& [name, value] : check.parameters) parameters += web::Code(fmt::format(":{} = {}", name, ParameterText(value))) + Escape(" ");
    std::vector<std::pair<std::string, Markup>> facts = {{std::string(context.Say("查核編號", "Check")), web::Code(check.id)}};
    if (!topics.empty()) facts.emplace_back(context.Say("需要的觀測資料", "Facts it needs"), topics);
    if (!parameters.empty()) facts.emplace_back(context.Say("參數（期間為毫秒）", "Parameters (durations in milliseconds)"), parameters);
    facts.emplace_back(context.Say("出處", "Where it is written"), web::Code(fmt::format("{}:{}", check.sql_place.file, check.sql_place.line)));
    Markup body = web::DescriptionList(facts);
    if (!check.population.empty()) {
        body += Format("<p>{}</p>{}", context.Say("查核對象", "What is looked at"), web::CodeBlock(Trim(check.population)));
    }
    return body + Format("<p>{}</p>{}", context.Say("每一列是一項發現；沒有列即符合。", "Each row is a finding; no row means met."), web::CodeBlock(Trim(check.sql)));
}

}  // namespace

Markup ClauseChecks(const web::RequestContext& context, const ClauseView& view) {
    Markup list;
    for (const auto& check : view.pack().checks) {
        if (check.clause_id != view.clause().id) continue;
        const auto found = std::ranges::count(view.state->findings, check.id, &Finding::check_id);
        const std::string summary = fmt::format(fmt::runtime(ChooseByCount(context.Say("{}（發現 {} 項）", "{} ({} [finding|findings])"), found)), check.title.In(context.language), found);
        list += web::Disclosure(summary, CheckBody(context, check));
    }
    if (list.empty()) return {};
    return web::Card(context.Say("判定方式：背後的查詢", "How it is judged: the queries behind it"), list);
}

}  // namespace opsteward::console::compliance
