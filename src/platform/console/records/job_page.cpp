// One job: how far it is, what it said, and what may be done about it.
#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "platform/console/records/job_actions.hpp"
#include "platform/console/records/job_words.hpp"
#include "platform/console/records/jobs_page.hpp"
#include "platform/web/components.hpp"
#include "platform/web/fields.hpp"
#include "platform/web/table.hpp"

namespace opsteward::console::records {

using html::Escape;
using html::Format;
using html::Markup;

namespace {

std::string JobPath(std::int64_t id) {
    return fmt::format("/jobs/{}", id);
}

class JobPage {
  public:
    JobPage(const web::RequestContext& context, const Services& services) : context_(context), services_(services) {}

    Result<net::Response> Answer() {
        OPS_TRY(const std::int64_t id, context_.IdParameter());
        OPS_CHECK(services_.database.ReadWith([&](db::Session& session) -> Result<void> {
            OPS_TRY(job_, jobs::FindJob(session, id));
            OPS_TRY(log_, jobs::JobLog(session, id));
            return Ok();
        }));
        web::Page page;
        page.title = JobKindTitle(services_.job_kinds(), job_.kind, context_.language);
        page.crumbs = {{std::string(Say("背景工作", "Jobs")), "/jobs"}};
        page.event_channel = kJobsChannel;
        page.lead = web::LivePart("job-state", kJobsChannel, Lead());
        page.body = web::LivePart("job-facts", kJobsChannel, web::Card(Say("資料", "Facts"), Facts())) +
                    web::LivePart("job-log", kJobsChannel, web::Card(Say("執行紀錄", "Log"), Log()));
        return context_.Render(page);
    }

  private:
    std::string_view Say(std::string_view zh, std::string_view en) const { return context_.Say(zh, en); }

    Markup CancelForm() const {
        if (!context_.principal().May(kMayManageJobs) || job_.cancel_requested) return {};
        const Markup button =
            web::Button(Say("取消工作", "Cancel the job"),
                        {.look = web::ButtonLook::kDanger,
                         .icon = "player-stop",
                         .confirm = Say("取消後，這次執行不會產生任何結果。", "This run will then have no effect.")});
        return web::PostForm(JobPath(job_.id) + "/cancel", context_.frame.csrf_token, web::ButtonRow({button}));
    }

    Markup RetryForm() const {
        if (!context_.principal().May(kMayManageJobs)) return {};
        return web::PostForm(
            JobPath(job_.id) + "/retry", context_.frame.csrf_token,
            web::ButtonRow({web::Button(Say("重試", "Try again"), web::ButtonLook::kPrimary, "refresh")}));
    }

    Markup Lead() const {
        switch (job_.state) {
            case jobs::JobState::kQueued:
                return QueuedAlert();
            case jobs::JobState::kRunning:
                return RunningAlert();
            case jobs::JobState::kSucceeded:
                return web::Alert(web::Tone::kMet,
                                  Say("工作已完成，不需處理。", "The job is done; there is nothing to do."));
            case jobs::JobState::kFailed:
                return FailedAlert();
            case jobs::JobState::kCancelled:
                break;
        }
        return web::Alert(web::Tone::kNotApplicable,
                          Say("工作已取消，沒有產生結果。", "The job was cancelled and has no effect."), RetryForm());
    }

    Markup QueuedAlert() const {
        Markup text = Format("<p>{} {}</p>", Say("最早執行時間：", "Not before"),
                             web::Time(job_.run_at, context_.now, context_.language));
        if (!job_.error.empty()) {
            text += Format("<p>{} {}</p>", Say("前一次失敗：", "The attempt before failed:"),
                           job_.error.In(context_.language));
        }
        return web::Alert(web::Tone::kInfo, Say("工作在佇列中等候。", "The job waits in the queue."),
                          text + CancelForm());
    }

    Markup RunningAlert() const {
        const Markup progress = Format("<p>{} {}</p>", web::Progress(job_.progress, Say("進度", "Progress")),
                                       job_.doing.In(context_.language));
        const std::string_view title =
            job_.cancel_requested ? Say("已要求停止，等候工作結束。", "It was asked to stop and will end soon.")
                                  : Say("工作執行中。", "The job is running.");
        return web::Alert(job_.cancel_requested ? web::Tone::kAttention : web::Tone::kInfo, title,
                          progress + CancelForm());
    }

    Markup FailedAlert() const {
        const Markup text = Format("<p>{}</p><p>{}</p>", job_.error.In(context_.language),
                                   Say("排除原因後可以重試；重試不會重複產生結果。",
                                       "Put the cause right, then try again; nothing will be done twice."));
        return web::Alert(web::Tone::kNotMet, Say("工作失敗", "The job failed"), text + RetryForm());
    }

    Markup Facts() const {
        const auto label = [&](std::string_view zh, std::string_view en) { return std::string(Say(zh, en)); };
        const auto time = [&](Instant at) { return web::Time(at, context_.now, context_.language); };
        std::vector<std::pair<std::string, Markup>> facts = {
            {label("編號", "Number"), Format("{}", job_.id)},
            {label("種類", "Kind"), web::Code(job_.kind)},
            {label("狀態", "State"), JobStateBadge(job_, context_.language)},
            {label("由誰排入", "Queued by"), Escape(job_.requested_by)},
            {label("排入時間", "Queued"), time(job_.created_at)}};
        if (job_.started_at) facts.emplace_back(label("開始", "Started"), time(*job_.started_at));
        if (job_.finished_at) facts.emplace_back(label("結束", "Ended"), time(*job_.finished_at));
        if (const std::string took = RunningTime(job_, context_.now, context_.language); !took.empty()) {
            const bool is_running = job_.state == jobs::JobState::kRunning;
            facts.emplace_back(is_running ? label("已執行", "Running for") : label("歷時", "Took"), Escape(took));
        }
        facts.emplace_back(label("嘗試次數", "Attempts"), Format("{}", job_.attempts));
        if (job_.payload.is_object() && !job_.payload.as_object().empty()) {
            facts.emplace_back(label("工作內容", "Payload"), web::Code(json::serialize(job_.payload)));
        }
        return web::DescriptionList(facts);
    }

    Markup Log() const {
        std::vector<std::vector<Markup>> rows;
        for (const jobs::LogLine& line : log_) {
            rows.push_back(
                {Escape(FormatTimeWithSeconds(line.at, context_.language)), Escape(line.text.In(context_.language))});
        }
        web::TableOptions options;
        options.when_empty =
            web::EmptyState(Say("沒有執行紀錄", "Nothing is in the log"),
                            Say("工作有話要說時會寫在這裡。", "What the job has to say is written here."));
        return web::Table({{.title = std::string(Say("時間", "Time"))}, {.title = std::string(Say("內容", "What"))}},
                          rows, Say("執行紀錄", "Log"), options);
    }

    const web::RequestContext& context_;
    const Services& services_;
    jobs::Job job_;
    std::vector<jobs::LogLine> log_;
};

Result<net::Response> PostCancel(const web::RequestContext& context, const Services& services) {
    OPS_TRY(const std::int64_t id, context.IdParameter());
    OPS_TRY(const jobs::Job job, Cancel(services, context, id));
    const bool is_stopping = job.state == jobs::JobState::kRunning;
    return context.RedirectWithNotice(JobPath(id), is_stopping ? Text{"已要求工作停止。", "The job was asked to stop."}
                                                               : Text{"工作已取消。", "The job is cancelled."});
}

Result<net::Response> PostRetry(const web::RequestContext& context, const Services& services) {
    OPS_TRY(const std::int64_t id, context.IdParameter());
    OPS_CHECK(Retry(services, context, id));
    return context.RedirectWithNotice(JobPath(id), {"工作已重新排入。", "The job is queued again."});
}

}  // namespace

std::vector<web::Route> JobRoutes(std::shared_ptr<const Services> services) {
    return {{net::Method::kGet, "/jobs/{id}", kMayReadJobs,
             [services](const web::RequestContext& context) { return JobPage(context, *services).Answer(); }},
            {net::Method::kPost, "/jobs/{id}/cancel", kMayManageJobs,
             [services](const web::RequestContext& context) { return PostCancel(context, *services); }},
            {net::Method::kPost, "/jobs/{id}/retry", kMayManageJobs,
             [services](const web::RequestContext& context) { return PostRetry(context, *services); }}};
}

}  // namespace opsteward::console::records
