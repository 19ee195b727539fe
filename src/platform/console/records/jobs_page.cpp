#include "platform/console/records/jobs_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/text.hpp"
#include "platform/console/records/job_actions.hpp"
#include "platform/console/records/job_words.hpp"
#include "platform/web/address.hpp"
#include "platform/web/components.hpp"
#include "platform/web/fields.hpp"
#include "platform/web/table.hpp"

namespace opsteward::console::records {

using html::Escape;
using html::Format;
using html::Markup;

namespace {

constexpr int kPerPage = 50;

class JobsPage {
  public:
    JobsPage(const web::RequestContext& context, const Services& services)
        : context_(context), services_(services), kinds_(services.job_kinds()) {}

    Result<net::Response> Answer() {
        const net::FormFields& query = context_.request.query;
        before_ = std::max<std::int64_t>(0, ParseInt(query.Get("before")).value_or(0));
        OPS_CHECK(services_.database.ReadWith([&](db::Session& session) -> Result<void> {
            OPS_TRY(next_runs_, jobs::NextRuns(session));
            for (const jobs::JobKind& kind : kinds_) {
                OPS_TRY(last_ended_[kind.key], LastEnded(session, kind.key));
            }
            OPS_TRY(failing_, FailingJobs(session));
            OPS_TRY(jobs_, jobs::ListJobs(session, query.Get("kind"), ParseJobState(query.Get("state")), before_,
                                          kPerPage + 1));
            return Ok();
        }));
        web::Page page;
        page.title = Say("背景工作", "Jobs");
        page.event_channel = kJobsChannel;
        page.lead = web::LivePart("job-lead", kJobsChannel, Lead());
        page.body = web::LivePart("job-kinds", kJobsChannel, web::Card(Say("排程", "Schedule"), Kinds())) +
                    Format("<h2>{}</h2>", Say("佇列與歷史", "Queue and history")) + Filter() +
                    web::LivePart("job-list", kJobsChannel, List());
        return context_.Render(page);
    }

  private:
    std::string_view Say(std::string_view zh, std::string_view en) const { return context_.Say(zh, en); }
    web::Address Here() const { return web::Address::Of(context_.request); }
    std::string TitleOf(std::string_view kind) const { return JobKindTitle(kinds_, kind, context_.language); }

    Markup Lead() const {
        if (failing_.empty()) {
            return web::Alert(web::Tone::kMet, Say("每種工作最近一次都沒有失敗，目前不需處理。",
                                                   "No kind of job failed the last time it ran: nothing to do."));
        }
        const Markup list = html::Join(failing_, [&](const jobs::Job& job) {
            return Format("<li>{} {}</li>", web::Link(TitleOf(job.kind), fmt::format("/jobs/{}", job.id)),
                          job.error.In(context_.language));
        });
        return web::Alert(web::Tone::kNotMet,
                          Say("這些工作最近一次失敗，請檢視原因後重試",
                              "These jobs failed the last time they ran: see why, then try again"),
                          Format("<ul>{}</ul>", list));
    }

    Markup Kinds() const {
        const std::vector<web::Column> columns = {
            {.title = std::string(Say("工作", "Job"))},
            {.title = std::string(Say("排程", "Schedule"))},
            {.title = std::string(Say("下次執行", "Next run"))},
            {.title = std::string(Say("最近一次結果", "Last outcome"))},
            {.title = std::string(Say("操作", "Actions")), .is_title_hidden = true}};
        std::vector<std::vector<Markup>> rows;
        for (const jobs::JobKind& kind : kinds_) rows.push_back(KindRow(kind));
        web::TableOptions options;
        options.when_empty =
            web::EmptyState(Say("沒有背景工作", "There are no jobs"),
                            Say("程式的模組沒有帶來任何工作。", "No module of the program brings any."));
        return web::Table(columns, rows,
                          Say("各種工作的排程與最近一次結果", "Kinds of jobs, their schedule and last outcome"),
                          options);
    }

    std::vector<Markup> KindRow(const jobs::JobKind& kind) const {
        const Markup nothing = Format(R"(<span class="ops-muted">—</span>)");
        const auto next = next_runs_.find(kind.key);
        Markup outcome = nothing;
        if (const auto& last = last_ended_.at(kind.key)) {
            outcome = Format(R"(<a href="{}">{}</a> {})", fmt::format("/jobs/{}", last->id),
                             JobStateBadge(*last, context_.language),
                             web::Time(last->finished_at.value_or(last->created_at), context_.now, context_.language));
        }
        Markup action;
        if (!kind.schedule.empty() && context_.principal().May(kMayManageJobs)) {
            action = web::PostForm("/jobs/run", context_.frame.csrf_token,
                                   web::HiddenField("kind", kind.key) +
                                       web::Button(Say("立即執行", "Run now"), web::ButtonLook::kQuiet, "player-play"));
        }
        return {Format(R"({} <span class="ops-muted">{}</span>)", kind.title.In(context_.language), kind.key),
                Escape(ScheduleText(kind.schedule, context_.language)),
                next == next_runs_.end() ? nothing : web::Time(next->second, context_.now, context_.language), outcome,
                action};
    }

    Markup Filter() const {
        const net::FormFields& query = context_.request.query;
        const std::string all(Say("全部", "All"));
        std::vector<web::Choice> kinds = {{"", all}};
        for (const jobs::JobKind& kind : kinds_) kinds.push_back({kind.key, kind.title.In(context_.language)});
        std::vector<web::Choice> states = {{"", all}};
        for (const auto state : {jobs::JobState::kQueued, jobs::JobState::kRunning, jobs::JobState::kSucceeded,
                                 jobs::JobState::kFailed, jobs::JobState::kCancelled}) {
            states.push_back(
                {std::string(jobs::JobStateKey(state)), std::string(JobStateTitle(state).In(context_.language))});
        }
        return web::FilterForm("/jobs",
                               web::SelectField("kind", Say("工作", "Job"), query.Get("kind"), kinds) +
                                   web::SelectField("state", Say("狀態", "State"), query.Get("state"), states),
                               context_.language);
    }

    Markup List() const {
        const std::vector<web::Column> columns = {
            {.title = std::string(Say("編號", "No.")), .align = web::Align::kEnd},
            {.title = std::string(Say("工作", "Job"))},
            {.title = std::string(Say("狀態", "State"))},
            {.title = std::string(Say("進度", "Progress"))},
            {.title = std::string(Say("排入", "Queued"))},
            {.title = std::string(Say("歷時", "Took")), .align = web::Align::kEnd},
            {.title = std::string(Say("由", "By"))}};
        std::vector<std::vector<Markup>> rows;
        for (std::size_t i = 0; i < jobs_.size() && i < kPerPage; ++i) rows.push_back(JobRow(jobs_[i]));
        web::TableOptions options;
        const bool is_filtered =
            !context_.request.query.Get("kind").empty() || !context_.request.query.Get("state").empty();
        options.when_empty =
            is_filtered ? web::EmptyState(Say("沒有符合條件的工作", "No job fits"),
                                          Say("放寬條件再試一次。", "Widen the filter and try again."),
                                          web::LinkButton(Say("清除條件", "Clear the filter"), "/jobs"))
                        : web::EmptyState(Say("還沒有執行過工作", "No job has run yet"),
                                          Say("排程會自行排入工作；也可以在上方立即執行。",
                                              "The schedule queues jobs by itself; you can also run one above."));
        return web::Table(columns, rows, Say("工作，由新到舊", "Jobs, newest first"), options) + Paging();
    }

    std::vector<Markup> JobRow(const jobs::Job& job) const {
        Markup doing;
        if (job.state == jobs::JobState::kRunning) {
            doing =
                web::Progress(job.progress, Say("進度", "Progress")) + Format(" {}", job.doing.In(context_.language));
        }
        if (job.state == jobs::JobState::kFailed) doing = Escape(Shorten(job.error.In(context_.language), 120));
        const Markup number = web::Link(fmt::format("{}", job.id), fmt::format("/jobs/{}", job.id));
        return {number,
                Escape(TitleOf(job.kind)),
                JobStateBadge(job, context_.language),
                doing,
                web::Time(job.created_at, context_.now, context_.language),
                Escape(RunningTime(job, context_.now, context_.language)),
                Escape(job.requested_by)};
    }

    Markup Paging() const {
        std::vector<Markup> links;
        if (before_ > 0) {
            links.push_back(web::LinkButton(Say("回到最新", "Newest"), Here().With("before", "").text(),
                                            web::ButtonLook::kSecondary, "chevrons-left"));
        }
        if (jobs_.size() > kPerPage) {
            const std::string last = fmt::format("{}", jobs_[kPerPage - 1].id);
            links.push_back(web::LinkButton(Say("較早的工作", "Older"), Here().With("before", last).text(),
                                            web::ButtonLook::kSecondary, "chevron-right"));
        }
        return links.empty() ? Markup() : web::ButtonRow(links);
    }

    const web::RequestContext& context_;
    const Services& services_;
    const std::span<const jobs::JobKind> kinds_;
    std::int64_t before_ = 0;
    std::map<std::string, Instant, std::less<>> next_runs_;
    std::map<std::string, std::optional<jobs::Job>, std::less<>> last_ended_;
    std::vector<jobs::Job> failing_;
    std::vector<jobs::Job> jobs_;
};

Result<net::Response> PostRun(const web::RequestContext& context, const Services& services) {
    OPS_TRY(const jobs::Job job, RunNow(services, context, context.form.Get("kind")));
    return context.RedirectWithNotice(fmt::format("/jobs/{}", job.id), {"已排入佇列。", "It is queued."});
}

}  // namespace

std::vector<web::Route> JobListRoutes(std::shared_ptr<const Services> services) {
    return {{net::Method::kGet, "/jobs", kMayReadJobs,
             [services](const web::RequestContext& context) { return JobsPage(context, *services).Answer(); }},
            {net::Method::kPost, "/jobs/run", kMayManageJobs,
             [services](const web::RequestContext& context) { return PostRun(context, *services); }}};
}

}  // namespace opsteward::console::records
