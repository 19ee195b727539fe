#include "platform/console/procedure/home_page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/civil_time.hpp"
#include "base/count_text.hpp"
#include "platform/console/procedure/figures.hpp"
#include "platform/console/procedure/first_steps.hpp"
#include "platform/console/procedure/words.hpp"
#include "platform/web/components.hpp"
#include "platform/web/table.hpp"

namespace opsteward::console::compliance {

using html::Format;
using html::Markup;
using platform::Task;
using procedure::State;

namespace {

/// Tasks by when they are due.
struct TaskGroups {
    std::vector<const Task*> overdue;
    std::vector<const Task*> this_week;
    std::vector<const Task*> later;
    std::vector<const Task*> undated;
};

TaskGroups GroupTasks(const std::vector<Task>& tasks, Instant now) {
    constexpr std::chrono::days kSoon{7};
    TaskGroups groups;
    for (const Task& task : tasks) {
        if (!task.due_at) {
            groups.undated.push_back(&task);
        } else if (*task.due_at <= now) {
            groups.overdue.push_back(&task);
        } else if (*task.due_at <= now + kSoon) {
            groups.this_week.push_back(&task);
        } else {
            groups.later.push_back(&task);
        }
    }
    return groups;
}

class HomePage {
  public:
    HomePage(const web::RequestContext& context, Surroundings& surroundings) : context_(context), surroundings_(surroundings) {}

    Result<net::Response> Answer() {
        const Services& services = *surroundings_.services;
        if (services.all_tasks) {
            OPS_TRY(tasks_, services.all_tasks(context_));
        }
        const identity::Principal& reader = context_.principal();
        if (reader.May(kMayReadBoard)) {
            OPS_TRY(board_, surroundings_.boards.For(reader.UnitsFor(kMayReadBoard), std::nullopt, context_.now));
        }
        if (reader.HoldsAnywhere(identity::Role::kAdministrator)) {
            OPS_TRY(const auto facts, services.database.Read<SetupFacts>(ReadSetup));
            first_steps_ = FirstSteps(context_, facts);
        }
        groups_ = GroupTasks(tasks_, context_.now);

        web::Page page;
        page.title = Say("我的待辦", "My tasks");
        page.event_channel = kBoardChannel;
        page.lead = web::LivePart("home-lead", kBoardChannel, Lead());
        page.body = web::LivePart("home-tasks", kBoardChannel, first_steps_ + Overview() + TaskCards());
        return context_.Render(page);
    }

  private:
    std::string_view Say(std::string_view zh, std::string_view en) const { return context_.Say(zh, en); }

    Markup Lead() const {
        const Task* first = groups_.overdue.empty() ? nullptr : groups_.overdue.front();
        if (first != nullptr) {
            return web::Alert(web::Tone::kNotMet,
                              CountText(Say("有 {} 項已逾期，請先處理", "{} [is overdue: do it|are overdue: do these] first"), std::ssize(groups_.overdue)),
                              Format("<p>{}</p>", web::Link(first->title, first->href)));
        }
        if (!groups_.this_week.empty()) {
            const Task& next = *groups_.this_week.front();
            return web::Alert(web::Tone::kAttention,
                              CountText(Say("七天內有 {} 項到期", "{} [is|are] due within seven days"), std::ssize(groups_.this_week)),
                              Format("<p>{}{}{}</p>", web::Link(next.title, next.href), Say("，", ", "),
                                     FormatDate(TaipeiDate(*next.due_at), context_.language)));
        }
        return {};
    }

    Markup TaskCards() const {
        return html::Join(Sections(), [&](const Section& section) { return TaskCard(section); });
    }

    struct Section {
        std::string_view id;
        std::string_view title;
        web::Tone tone;
        const std::vector<const Task*>& tasks;
    };
    std::vector<Section> Sections() const {
        return {{"overdue", Say("已逾期", "Overdue"), web::Tone::kNotMet, groups_.overdue},
                {"this-week", Say("七天內到期", "Due within seven days"), web::Tone::kAttention, groups_.this_week},
                {"later", Say("之後到期", "Due later"), web::Tone::kInfo, groups_.later},
                {"undated", Say("待改善與待核定", "To improve and to decide"), web::Tone::kNotMet, groups_.undated}};
    }

    /// How much there is to do, beside how the units stand.
    Markup Overview() const {
        const auto filled = std::ranges::count_if(Sections(), [](const Section& section) { return !section.tasks.empty(); });
        // One section says itself how long it is.
        if (filled == 1) return Summary();
        const Markup counts = filled == 0 ? NothingToDo() : web::Card(Say("待辦摘要", "At a glance"), CountBars());
        return board_ == nullptr ? counts : web::Grid(2, {counts, Summary()});
    }

    Markup NothingToDo() const {
        return web::Card({}, web::EmptyState(Say("目前沒有待辦事項", "Nothing waits for you"),
                                             Say("該簽的、該做的、該查的都完成了。到期前會列在這裡。",
                                                 "What you have to sign, do and check is done. What comes due will stand here."),
                                             web::LinkButton(Say("查看行事曆", "See the calendar"), "/calendar", web::ButtonLook::kSecondary, "calendar")));
    }

    Markup CountBars() const {
        std::vector<web::Bar> bars;
        for (const Section& section : Sections()) {
            if (section.tasks.empty()) continue;
            bars.push_back({std::string(section.title), static_cast<double>(section.tasks.size()), section.tone, fmt::format("#{}", section.id)});
        }
        return web::BarList(bars, Say("待辦的件數", "Number of tasks"));
    }

    Markup TaskCard(const Section& section) const {
        const auto& [id, title, tone, tasks] = section;
        if (tasks.empty()) return {};
        const bool has_dates = tasks.front()->due_at.has_value();
        std::vector<web::Column> columns = {{.title = std::string(Say("事項", "What"))}};
        if (has_dates) columns.push_back({.title = std::string(Say("到期", "Due"))});
        columns.push_back({.title = std::string(Say("操作", "Actions")), .align = web::Align::kEnd, .is_title_hidden = true});
        std::vector<std::vector<Markup>> rows;
        for (const Task* task : tasks) {
            std::vector<Markup> row = {Format(R"(<a href="{}">{}</a><p class="ops-cell-note">{}</p>)", task->href, task->title, task->detail)};
            if (has_dates) row.push_back(DueCell(*task));
            row.push_back(web::LinkButton(Say("處理", "Open"), task->href, web::ButtonLook::kSecondary, "arrow-right"));
            rows.push_back(std::move(row));
        }
        return Format(R"(<div id="{}">{}</div>)", id,
                      web::Card(fmt::format(fmt::runtime(Say("{}（{}）", "{} ({})")), title, tasks.size()), web::Table(columns, rows, title)));
    }

    Markup DueCell(const Task& task) const {
        return Format("{} {}", web::Badge(task.tone, FormatDateShort(TaipeiDate(*task.due_at), context_.language)),
                      Muted(FormatDistance(*task.due_at, context_.now, context_.language)));
    }

    Markup Summary() const {
        if (board_ == nullptr) return {};
        StateCounts counts;
        Instant judged_at;
        for (const auto& clause : board_->clauses) {
            counts.Add(clause.state);
            judged_at = clause.judged_at;
        }
        const auto href = [](State state) { return fmt::format("/board?state={}", procedure::StateKey(state)); };
        Markup body = StateDonut(counts, Say("條文狀態", "State of the clauses"), href, context_.language);
        if (judged_at != Instant()) {
            body += Format(R"(<p class="ops-muted">{} {}</p>)", Say("最近判定：", "Last judged:"), web::Time(judged_at, context_.now, context_.language));
        }
        return web::Card(Say("我的單位的符合性", "Compliance of my units"), body,
                         web::LinkButton(Say("看板", "Board"), "/board", web::ButtonLook::kSecondary, "layout-dashboard"));
    }

    const web::RequestContext& context_;
    Surroundings& surroundings_;
    std::vector<Task> tasks_;
    TaskGroups groups_;
    BoardPointer board_;
    Markup first_steps_;
};

}  // namespace

std::vector<web::Route> HomeRoutes(const SharedSurroundings& surroundings) {
    return {{net::Method::kGet, "/", web::kSignedIn,
             [surroundings](const web::RequestContext& context) { return HomePage(context, *surroundings).Answer(); }}};
}

}  // namespace opsteward::console::compliance
