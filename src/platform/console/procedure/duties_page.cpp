#include "platform/console/procedure/duties_page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/count_text.hpp"
#include "base/text.hpp"
#include "platform/console/procedure/duty_query.hpp"
#include "platform/console/procedure/words.hpp"
#include "platform/web/components.hpp"
#include "platform/web/csv.hpp"
#include "platform/web/fields.hpp"
#include "platform/web/table.hpp"

namespace opsteward::console::compliance {

using html::Escape;
using html::Format;
using html::Markup;
using procedure::DutyRound;

namespace {

constexpr std::chrono::days kLookBack{366};
constexpr std::chrono::days kLookAhead{366};
constexpr std::size_t kPerPage = 100;

class DutiesPage {
  public:
    DutiesPage(const web::RequestContext& context, Surroundings& surroundings) : context_(context), surroundings_(surroundings) {}

    Result<net::Response> Answer() {
        OPS_TRY(filter_, ReadDutyFilter(context_, "open"));
        pack_ = surroundings_.procedure().pack();
        OPS_TRY(tree_, surroundings_.units.Tree(context_.principal().UnitsFor(kMayReadDuties), context_.now));
        OPS_TRY(rounds_, FindRounds(context_, surroundings_, *pack_, filter_, context_.now - kLookBack, context_.now + kLookAhead));
        // Of what is done, the latest comes first.
        if (filter_.state == RoundStateKey(RoundState::kDone)) std::ranges::reverse(rounds_);
        if (context_.request.query.Get("format") == "csv") return Export();

        web::Page page;
        page.title = Say("定期工作", "Duties");
        page.event_channel = kBoardChannel;
        page.actions = web::LinkButton(Say("行事曆", "Calendar"), "/calendar", web::ButtonLook::kSecondary, "calendar") +
                       web::LinkButton(Say("匯出 CSV", "Export CSV"), Href("format=csv"), web::ButtonLook::kSecondary, "download");
        page.lead = web::LivePart("duties-lead", kBoardChannel, Lead());
        page.body = StateTabs() + Filter() + web::LivePart("duties", kBoardChannel, List());
        return context_.Render(page);
    }

  private:
    std::string_view Say(std::string_view zh, std::string_view en) const { return context_.Say(zh, en); }

    std::string Href(std::string_view extra) const { return HrefWith(filter_.state, extra); }
    std::string HrefWith(std::string_view state, std::string_view extra) const {
        net::FormFields fields;
        fields.Set("state", state);
        if (!filter_.unit.empty()) fields.Set("unit", filter_.unit);
        if (!filter_.duty.empty()) fields.Set("duty", filter_.duty);
        if (filter_.owner) fields.Set("owner", identity::RoleKey(*filter_.owner));
        std::string href = "/duties?" + fields.Encode();
        if (!extra.empty()) href += "&" + std::string(extra);
        return href;
    }

    Markup Lead() const {
        const auto overdue = std::ranges::count(rounds_, RoundState::kOverdue, &ListedRound::state);
        if (overdue == 0) return {};
        return web::Alert(web::Tone::kNotMet, CountText(Say("有 {} 項逾期", "{} [is|are] overdue"), overdue));
    }

    Markup StateTabs() const {
        const auto tab = [&](std::string_view state, Phrase title) {
            return web::Tab{std::string(title.In(context_.language)), HrefWith(state, {}), filter_.state == state};
        };
        return web::Tabs({tab("open", {"待完成", "Open"}), tab("overdue", {"逾期", "Overdue"}), tab("coming", {"未到期", "Coming"}),
                          tab("done", {"已完成", "Done"}), tab("", {"全部", "All"})},
                         Say("依狀態", "By state"));
    }

    Markup Filter() const {
        const std::string all(Say("全部", "All"));
        std::vector<web::Choice> duties = {{"", all}};
        for (const auto& duty : pack_->duties) duties.push_back({duty.id, duty.title.In(context_.language)});
        std::vector<web::Choice> owners = {{"", all}};
        for (const auto& role : identity::AllRoles()) {
            const bool owns = std::ranges::find(pack_->duties, role.role, &procedure::Duty::owner) != pack_->duties.end();
            if (owns) owners.push_back({std::string(role.key), std::string(RoleName(*pack_, role.role, context_.language))});
        }
        Markup fields = web::HiddenField("state", filter_.state) + web::SelectField("duty", Say("工作", "Duty"), filter_.duty, duties) +
                        web::SelectField("owner", Say("主責", "Owner"),
                                         filter_.owner ? identity::RoleKey(*filter_.owner) : std::string_view(), owners);
        const auto& readable = context_.principal().UnitsFor(kMayReadDuties);
        if (readable.size() > 1) fields += web::SelectField("unit", Say("單位", "Unit"), filter_.unit, tree_->Choices(readable, all));
        return web::FilterForm("/duties", fields, context_.language);
    }

    Markup List() const {
        const std::vector<web::Column> columns = {{.title = std::string(Say("工作", "Duty"))},  {.title = std::string(Say("狀態", "State"))},
                                                  {.title = std::string(Say("期限", "Due"))},   {.title = std::string(Say("單位", "Unit"))},
                                                  {.title = std::string(Say("主責", "Owner"))}, {.title = std::string(Say("條文", "Clauses"))},
                                                  {.title = std::string(Say("完成", "Done"))}};
        const int pages = static_cast<int>((rounds_.size() + kPerPage - 1) / kPerPage);
        const int page = static_cast<int>(std::clamp<std::int64_t>(ParseInt(context_.request.query.Get("page")).value_or(1), 1, std::max(pages, 1)));
        std::vector<std::vector<Markup>> rows;
        const std::size_t first = static_cast<std::size_t>(page - 1) * kPerPage;
        for (std::size_t i = first; i < std::min(rounds_.size(), first + kPerPage); ++i) rows.push_back(Row(rounds_[i]));
        web::TableOptions options;
        options.when_empty = web::EmptyState(Say("這裡沒有工作", "Nothing here"),
                                             Say("目前沒有符合條件的定期工作；到期前會自動出現在主責人員的待辦。",
                                                 "No duty fits; each comes to the tasks of its owner before it is due."),
                                             web::LinkButton(Say("查看全年行事曆", "See the year"), "/calendar", web::ButtonLook::kSecondary, "calendar"));
        return web::Card({}, web::Table(columns, rows, Say("定期工作", "Duties"), options)) + web::Pager(Href({}), page, pages, context_.language);
    }

    std::vector<Markup> Row(const ListedRound& listed) const {
        const auto& [round, duty, state] = listed;
        const Language language = context_.language;
        Markup clauses;
        if (duty != nullptr) {
            constexpr std::size_t kShown = 3;
            for (std::size_t i = 0; i < duty->clause_ids.size() && i < kShown; ++i) {
                if (i > 0) clauses += Escape(Say("、", ", "));
                clauses += web::Link(duty->clause_ids[i], ClausePath(duty->clause_ids[i]));
            }
            if (duty->clause_ids.size() > kShown) clauses += Escape(Say("等", " …"));
        }
        Markup done;
        if (round.done_at) done = Format("{} {}", round.done_by, web::Time(*round.done_at, language));
        return {web::Link(DutyTitle(duty, round, language), DutyPath(round.id)),
                web::Badge(ToneOf(state), RoundStateTitle(state).In(language)),
                Day(TaipeiDate(round.due_at), language),
                Escape(tree_->Name(round.unit_id)),
                duty == nullptr ? Markup() : Escape(RoleName(*pack_, duty->owner, language)),
                clauses,
                done};
    }

    net::Response Export() const {
        const auto text = [&](std::string_view zh, std::string_view en) { return std::string(Say(zh, en)); };
        std::vector<std::vector<std::string>> rows = {{text("工作", "Duty"), text("狀態", "State"), text("期限", "Due"), text("單位", "Unit"),
                                                       text("主責", "Owner"), text("條文", "Clauses"), text("完成者", "Done by"),
                                                       text("完成時間", "Done at"), text("紀錄", "Note")}};
        for (const auto& [round, duty, state] : rounds_) {
            rows.push_back({DutyTitle(duty, round, context_.language), std::string(RoundStateTitle(state).In(context_.language)),
                            FormatDateShort(TaipeiDate(round.due_at), context_.language), std::string(tree_->Name(round.unit_id)),
                            duty == nullptr ? std::string() : std::string(RoleName(*pack_, duty->owner, context_.language)),
                            duty == nullptr ? std::string() : Join(duty->clause_ids, " "), round.done_by,
                            round.done_at ? FormatTimeWithSeconds(*round.done_at, context_.language) : std::string(), round.note});
        }
        return web::CsvResponse("duties.csv", rows);
    }

    const web::RequestContext& context_;
    Surroundings& surroundings_;
    DutyFilter filter_;
    std::shared_ptr<const procedure::Pack> pack_;
    std::shared_ptr<const UnitTree> tree_;
    std::vector<ListedRound> rounds_;
};

/// One round, with its form for those who may do it. `note` and `error` of what was sent and refused.
class DutyPage {
  public:
    DutyPage(const web::RequestContext& context, Surroundings& surroundings) : context_(context), surroundings_(surroundings) {}

    Result<net::Response> Answer(std::string_view note, std::string_view error, int status) {
        OPS_TRY(round_, RoundOf(context_, surroundings_, kMayReadDuties));
        pack_ = surroundings_.procedure().pack();
        duty_ = FindDuty(*pack_, round_.duty_id);
        state_ = StateOf(round_, duty_, context_.now);
        OPS_TRY(tree_, surroundings_.units.Tree({round_.unit_id}, context_.now));
        OPS_TRY(accounts_, surroundings_.services->identity.Accounts());

        web::Page page;
        page.title = DutyTitle(duty_, round_, context_.language);
        page.crumbs = {{std::string(Say("定期工作", "Duties")), "/duties"}};
        page.lead = Lead();
        page.body = web::Grid(2, {Instructions(), About()}) + (round_.done_at ? Evidence() : CompletionForm(note, error));
        return context_.Render(page, status);
    }

  private:
    std::string_view Say(std::string_view zh, std::string_view en) const { return context_.Say(zh, en); }

    Markup Lead() const {
        if (round_.done_at) {
            return web::Alert(web::Tone::kMet, fmt::format(fmt::runtime(Say("{} 已完成", "Done by {}")), round_.done_by),
                              Format("<p>{}</p>", web::Time(*round_.done_at, context_.now, context_.language)));
        }
        const std::string due = FormatDate(TaipeiDate(round_.due_at), context_.language);
        return web::Alert(ToneOf(state_), RoundStateTitle(state_).In(context_.language),
                          Format("<p>{}{} {}</p>", Say("期限 ", "Due on "), due,
                                 Muted(FormatDistance(round_.due_at, context_.now, context_.language))));
    }

    Markup Instructions() const {
        const std::string_view title = Say("怎麼做、要記下什麼", "What to do and what to note down");
        if (duty_ == nullptr) {
            return web::Card(title, Format("<p>{}</p>", Say("現行程序書已經沒有這項工作；這裡是當時的紀錄。",
                                                            "The procedure in force has no such duty any more; this is the record of it.")));
        }
        return web::Card(title, Format("<p>{}</p>", duty_->instructions.In(context_.language)));
    }

    Markup About() const {
        const Language language = context_.language;
        std::vector<std::pair<std::string, Markup>> facts = {{std::string(Say("單位", "Unit")), Escape(tree_->Name(round_.unit_id))}};
        if (duty_ != nullptr) {
            Markup clauses;
            for (const auto& id : duty_->clause_ids) clauses += web::Link(id, ClausePath(id)) + Escape(" ");
            const auto names = HoldersOf(*tree_, accounts_, duty_->owner, round_.unit_id, context_.now);
            const Markup who = names.empty() ? Format("{} {}", web::Badge(web::Tone::kAttention, Say("尚無人擔任", "nobody holds this role")),
                                                      web::Link(Say("指派角色", "Give the role"), "/users"))
                                             : Escape(Join(names, Say("、", ", ")));
            facts.emplace_back(Say("條文", "Clauses"), clauses);
            facts.emplace_back(Say("主責", "Owner"), Escape(RoleName(*pack_, duty_->owner, language)));
            facts.emplace_back(Say("人員", "People"), who);
            facts.emplace_back(Say("週期", "Cycle"), Escape(procedure::CycleTitle(duty_->cycle).In(language)));
            if (duty_->cycle != procedure::Cycle::kOnce) {
                facts.emplace_back(Say("本期開始", "Period from"), Escape(FormatDate(round_.period_start, language)));
            }
        }
        facts.emplace_back(Say("期限", "Due"), Escape(FormatDate(TaipeiDate(round_.due_at), language)));
        return web::Card(Say("這項工作", "This duty"), web::DescriptionList(facts));
    }

    Markup Evidence() const {
        return web::Card(Say("完成紀錄", "Record"),
                         web::DescriptionList({{std::string(Say("完成者", "Done by")), Escape(round_.done_by)},
                                               {std::string(Say("完成時間", "Done at")), web::Time(*round_.done_at, context_.language)},
                                               {std::string(Say("紀錄", "Note")), Escape(round_.note)}}));
    }

    Markup CompletionForm(std::string_view note, std::string_view error) const {
        const std::string_view title = Say("記錄完成", "Record that it is done");
        if (duty_ == nullptr) return {};
        const auto& reader = context_.principal();
        if (!reader.May(kMayComplete, round_.unit_id) || !MayComplete(reader, *duty_, round_.unit_id)) {
            return web::Card(title, Format("<p>{}</p>", fmt::format(fmt::runtime(Say("由{}完成；您在這個單位沒有擔任這個角色。",
                                                                                       "This is done by the role \"{}\", which you do not hold in this unit.")),
                                                                     RoleName(*pack_, duty_->owner, context_.language))));
        }
        if (StartOfDay(round_.period_start) > context_.now) {
            return web::Card(title, Format("<p>{}{}{}</p>", Say("這一期從 ", "This period begins on "), FormatDate(round_.period_start, context_.language),
                                           Say("開始。", ".")));
        }
        std::vector<std::string> errors;
        if (!error.empty()) errors.emplace_back(error);
        return web::Card(title, web::FormErrors(errors, context_.language) +
                                    web::PostForm(DutyPath(round_.id) + "/complete", context_.frame.csrf_token,
                                                  web::TextArea("note", Say("做了什麼、結果如何", "What was done, and with what result"), note,
                                                                Say("會留作這條條文的證據，送出後不能修改。",
                                                                    "It is kept as evidence of the clause and can't be changed once it is sent."),
                                                                {}, {.is_required = true, .max_length = 4000, .rows = 6}) +
                                                      web::ButtonRow({web::Button(Say("完成", "Done"), web::ButtonLook::kApprove, "check"),
                                                                      web::LinkButton(Say("回到清單", "Back to the list"), "/duties")})));
    }

    const web::RequestContext& context_;
    Surroundings& surroundings_;
    DutyRound round_;
    std::shared_ptr<const procedure::Pack> pack_;
    const procedure::Duty* duty_ = nullptr;
    RoundState state_ = RoundState::kComing;
    std::shared_ptr<const UnitTree> tree_;
    std::vector<identity::Account> accounts_;
};

Result<net::Response> PostComplete(const web::RequestContext& context, Surroundings& surroundings) {
    OPS_TRY(const DutyRound round, RoundOf(context, surroundings, kMayReadDuties));
    const auto done = CompleteDuty(context, surroundings, round, context.form.Get("note"));
    if (!done.ok()) {
        if (done.error().code != ErrorCode::kInvalidInput) return done.error();
        return DutyPage(context, surroundings).Answer(context.form.Get("note"), done.error().caller_text.In(context.language), 422);
    }
    return context.RedirectWithNotice(DutyPath(round.id), {"已記錄完成，相關條文會重新判定。", "Recorded as done; its clauses are judged again."});
}

}  // namespace

std::vector<web::Route> DutyRoutes(const SharedSurroundings& surroundings) {
    return {{net::Method::kGet, "/duties", kMayReadDuties,
             [surroundings](const web::RequestContext& context) { return DutiesPage(context, *surroundings).Answer(); }},
            {net::Method::kGet, "/duties/{id}", kMayReadDuties,
             [surroundings](const web::RequestContext& context) { return DutyPage(context, *surroundings).Answer({}, {}, 200); }},
            {net::Method::kPost, "/duties/{id}/complete", kMayComplete,
             [surroundings](const web::RequestContext& context) { return PostComplete(context, *surroundings); }}};
}

}  // namespace opsteward::console::compliance
