#include "platform/console/records/job_words.hpp"
#include "platform/console/records/records_test_support.hpp"

namespace opsteward::console::testing {
namespace {

using identity::Role;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class JobsPage : public RecordsConsole {
  protected:
    std::vector<std::int64_t> Ids(GateClient& client, std::string_view query) {
        std::vector<std::int64_t> ids;
        const json::value answer = client.GetJson("/api/v1/jobs?" + std::string(query));
        for (const json::value& item : answer.at("items").as_array()) ids.push_back(item.at("id").as_int64());
        return ids;
    }
    static std::string PathOf(std::int64_t id) { return "/jobs/" + std::to_string(id); }
};

TEST_F(JobsPage, IsReadByFiveRolesAndManagedByThree) {
    const std::int64_t id = Enqueue("test.with_subject");
    struct Case {
        Role role;
        bool may_read;
        bool may_manage;
    };
    for (const Case& test : {Case{Role::kAdministrator, true, true}, Case{Role::kSystemAdmin, true, true},
                             Case{Role::kNetworkAdmin, true, true}, Case{Role::kAuditor, true, false},
                             Case{Role::kSecurityTeam, true, false}, Case{Role::kSupervisor, false, false}}) {
        GateClient client = As(test.role);
        const std::string_view who = identity::RoleKey(test.role);
        EXPECT_EQ(client.Get("/jobs").status, test.may_read ? 200 : 403) << who;
        EXPECT_EQ(client.Get(PathOf(id)).status, test.may_read ? 200 : 403) << who;
        EXPECT_EQ(client.Get("/api/v1/jobs").status, test.may_read ? 200 : 403) << who;
        EXPECT_EQ(client.Post("/jobs/run", {{"kind", "test.works"}}).status, test.may_manage ? 303 : 403) << who;
        if (!test.may_manage) {
            EXPECT_EQ(client.Post(PathOf(id) + "/cancel").status, 403) << who;
            EXPECT_EQ(client.Post(PathOf(id) + "/retry").status, 403) << who;
        }
        const bool is_offered = client.Get(PathOf(id)).body.find(PathOf(id) + "/cancel") != std::string::npos;
        EXPECT_EQ(is_offered, test.may_manage) << who;
    }
}

TEST_F(JobsPage, ShowsEachKindWithItsScheduleNextRunAndLastOutcome) {
    Enqueue("test.fails");
    Enqueue("test.with_subject");
    RunDue();
    GateClient client = As(Role::kSystemAdmin);
    const net::Response page = client.Get("/jobs");
    const std::string text = PageText(page.body);
    EXPECT_THAT(text, HasSubstr("每日 03:15"));
    EXPECT_THAT(text, HasSubstr("114.8.6 03:15"));
    EXPECT_THAT(text, HasSubstr("每 1 小時"));
    EXPECT_THAT(text, HasSubstr("需要時"));
    EXPECT_THAT(text, HasSubstr("這些工作最近一次失敗"));
    EXPECT_THAT(text, HasSubstr("對方不理我。"));
    // What runs on demand needs to be told on what.
    EXPECT_THAT(page.body, HasSubstr("value=\"test.works\""));
    EXPECT_THAT(page.body, Not(HasSubstr("<input type=\"hidden\" name=\"kind\" value=\"test.with_subject\">")));
    EXPECT_THAT(PageText(As(Role::kNetworkAdmin, Language::kEnglish).Get("/jobs").body), HasSubstr("daily at 03:15"));
}

TEST_F(JobsPage, FiltersByKindAndStateAndPages) {
    const std::int64_t works = Enqueue("test.with_subject");
    const std::int64_t fails = Enqueue("test.fails");
    RunDue();
    const std::int64_t waits = Enqueue("test.with_subject");
    GateClient client = As(Role::kAuditor);
    EXPECT_THAT(Ids(client, "kind=test.with_subject"), ElementsAre(waits, works));
    EXPECT_THAT(Ids(client, "kind=test.with_subject&state=succeeded"), ElementsAre(works));
    EXPECT_THAT(Ids(client, "state=failed"), ElementsAre(fails));
    EXPECT_THAT(Ids(client, "kind=test.with_subject&before=" + std::to_string(waits)), ElementsAre(works));
    EXPECT_EQ(client.Get("/api/v1/jobs?state=lost").status, 400);
    const std::string failed = client.Get("/jobs?state=failed").body;
    EXPECT_THAT(failed, HasSubstr("href=\"" + PathOf(fails) + "\""));
    EXPECT_THAT(failed, Not(HasSubstr("href=\"" + PathOf(waits) + "\"")));

    for (int i = 0; i < 60; ++i) Enqueue("test.with_subject");
    const std::string first = client.Get("/jobs?kind=test.with_subject").body;
    EXPECT_THAT(first, HasSubstr("/jobs?kind=test.with_subject&amp;before="));
    EXPECT_THAT(PageText(client.Get("/jobs?before=20").body), HasSubstr("回到最新"));
    EXPECT_EQ(client.GetJson("/api/v1/jobs?limit=60").at("items").as_array().size(), 60U);
}

TEST_F(JobsPage, ShowsAJobWithItsLogEscaped) {
    const std::int64_t id = Enqueue("test.with_subject", {{"device", 4}});
    RunDue();
    GateClient client = As(Role::kAuditor, Language::kEnglish);
    const net::Response page = client.Get(PathOf(id));
    EXPECT_THAT(page.body, HasSubstr("Done with &lt;b&gt;."));
    EXPECT_THAT(PageText(page.body), HasSubstr("The job is done"));
    EXPECT_THAT(PageText(page.body), HasSubstr(R"({"device":4})"));
    const json::value detail = client.GetJson("/api/v1" + PathOf(id));
    EXPECT_EQ(detail.at("job").at("state").as_string(), "succeeded");
    EXPECT_EQ(detail.at("log").as_array().at(0).at("text").at("zh").as_string(), "做完了 <b>。");
    EXPECT_EQ(client.Get("/jobs/99999").status, 404);
    EXPECT_EQ(client.Get("/api/v1/jobs/99999").status, 404);
}

TEST_F(JobsPage, IsRenewedByEvents) {
    const std::int64_t id = Enqueue("test.works");
    GateClient client = As(Role::kAuditor);
    for (const std::string& path : {std::string("/jobs"), PathOf(id), std::string("/audit")}) {
        const std::string page = client.Get(path).body;
        EXPECT_THAT(page, HasSubstr("data-event-address=\"/events/jobs\"")) << path;
        EXPECT_THAT(page, HasSubstr("data-live=\"jobs\"")) << path;
    }
    std::vector<std::string> frames;
    const auto subscription =
        console_.events().Subscribe(kJobsChannel, [&](const auto& frame) { frames.push_back(*frame); });
    As(Role::kSystemAdmin).Post(PathOf(id) + "/cancel");
    console_.events().Unsubscribe(subscription);
    ASSERT_EQ(frames.size(), 1U);
    EXPECT_THAT(frames.front(), HasSubstr("event: jobs"));
}

TEST_F(JobsPage, CancelsAndTriesAgain) {
    const std::int64_t id = Enqueue("test.with_subject");
    GateClient client = As(Role::kSystemAdmin);
    EXPECT_EQ(LocationOf(client.Post(PathOf(id) + "/cancel")), PathOf(id));
    EXPECT_EQ(FindJob(id).state, jobs::JobState::kCancelled);
    EXPECT_EQ(AuditRows().front().change.action, "job.cancel");
    EXPECT_EQ(RunDue(), 2) << "those that run every so often, alone";
    EXPECT_EQ(client.Post(PathOf(id) + "/cancel").status, 409);

    EXPECT_THAT(client.Get(PathOf(id)).body, HasSubstr(PathOf(id) + "/retry"));
    const int woken = console_.times_jobs_were_woken();
    EXPECT_EQ(LocationOf(client.Post(PathOf(id) + "/retry")), PathOf(id));
    EXPECT_EQ(console_.times_jobs_were_woken(), woken + 1);
    EXPECT_EQ(FindJob(id).state, jobs::JobState::kQueued);
    RunDue();
    EXPECT_EQ(FindJob(id).state, jobs::JobState::kSucceeded);
    EXPECT_EQ(client.Post(PathOf(id) + "/retry").status, 409);
}

TEST_F(JobsPage, CancelsAndTriesAgainThroughTheInterfaceForPrograms) {
    const std::int64_t id = Enqueue("test.with_subject");
    GateClient client = As(Role::kNetworkAdmin);
    const std::string path = "/api/v1" + PathOf(id);
    EXPECT_EQ(client.PostJson(path + "/retry", json::object{}).status, 409);
    EXPECT_EQ(client.PostJson(path + "/cancel", json::object{}).status, 200);
    EXPECT_EQ(client.PostJson(path + "/retry", json::object{}).status, 200);
    EXPECT_EQ(FindJob(id).state, jobs::JobState::kQueued);
    EXPECT_EQ(client.PostJson("/api/v1/jobs/99999/cancel", json::object{}).status, 404);
}

TEST_F(JobsPage, RunsAScheduledKindNowAndOnlyOnce) {
    GateClient client = As(Role::kSystemAdmin);
    const std::string first = LocationOf(client.Post("/jobs/run", {{"kind", "test.works"}}));
    EXPECT_THAT(first, ::testing::StartsWith("/jobs/"));
    EXPECT_EQ(LocationOf(client.Post("/jobs/run", {{"kind", "test.works"}})), first);
    EXPECT_EQ(client.Post("/jobs/run", {{"kind", "test.with_subject"}}).status, 422);
    EXPECT_EQ(client.Post("/jobs/run", {{"kind", "test.unheard"}}).status, 404);
    EXPECT_EQ(client.PostJson("/api/v1/jobs", {{"kind", "test.fails"}}).status, 202);
    EXPECT_EQ(client.PostJson("/api/v1/jobs", json::object{}).status, 400);
    EXPECT_THAT(PageText(client.Get(first).body), HasSubstr("工作在佇列中等候。"));
}

TEST_F(JobsPage, SaysWhatARunningJobIsDoingAndThatItIsStopping) {
    const std::int64_t id = Enqueue("test.with_subject");
    Tamper(
        "UPDATE jobs SET state = 'running', progress = 0.25, doing_en = 'half of it', started_at = run_at, lease_until "
        "= run_at + 60000");
    GateClient client = As(Role::kSystemAdmin, Language::kEnglish);
    EXPECT_THAT(PageText(client.Get(PathOf(id)).body), HasSubstr("half of it"));
    EXPECT_THAT(PageText(client.Get("/jobs").body), HasSubstr("25%"));
    EXPECT_EQ(LocationOf(client.Post(PathOf(id) + "/cancel")), PathOf(id));
    const net::Response page = client.Get(PathOf(id));
    EXPECT_THAT(PageText(page.body), HasSubstr("asked to stop"));
    EXPECT_THAT(page.body, Not(HasSubstr(PathOf(id) + "/cancel")));
}

TEST_F(JobsPage, RemovesEndedSessionsEveryHour) {
    As(Role::kAuditor);
    console_.clock().Advance(std::chrono::hours(13));
    RunDue();
    const auto ran = Must(console_.database().Read<std::vector<jobs::Job>>([](db::Session& session) {
        return jobs::ListJobs(session, "identity.remove_ended", jobs::JobState::kSucceeded, 0, 10);
    }));
    ASSERT_EQ(ran.size(), 1U);
    const auto log = Must(console_.database().Read<std::vector<jobs::LogLine>>(
        [&](db::Session& session) { return jobs::JobLog(session, ran.front().id); }));
    ASSERT_EQ(log.size(), 1U);
    EXPECT_EQ(log.front().text.en, "1 ended sessions removed.");
}

TEST(JobWords, SaysASchedule) {
    struct Case {
        std::string_view schedule;
        std::string_view zh;
        std::string_view en;
    };
    for (const Case& test :
         {Case{"", "需要時", "when needed"}, Case{"every 60s", "每 60 秒", "every 60 s"},
          Case{"every 5m", "每 5 分鐘", "every 5 min"}, Case{"every 1h", "每 1 小時", "every 1 h"},
          Case{"30 2 * * *", "每日 02:30", "daily at 02:30"}, Case{"5 * * * *", "每小時 5 分", "hourly at minute 5"},
          Case{"0 4 * * 1", "0 4 * * 1", "0 4 * * 1"}, Case{"*/5 * * * *", "*/5 * * * *", "*/5 * * * *"}}) {
        EXPECT_EQ(records::ScheduleText(test.schedule, Language::kZhHant), test.zh);
        EXPECT_EQ(records::ScheduleText(test.schedule, Language::kEnglish), test.en);
    }
}

TEST(JobWords, SaysHowLongSomethingTook) {
    using std::chrono::milliseconds;
    EXPECT_EQ(records::ElapsedText(milliseconds(840), Language::kEnglish), "0.8 s");
    EXPECT_EQ(records::ElapsedText(milliseconds(-5), Language::kEnglish), "0.0 s");
    EXPECT_EQ(records::ElapsedText(milliseconds(42'900), Language::kZhHant), "42 秒");
    EXPECT_EQ(records::ElapsedText(milliseconds(125'000), Language::kZhHant), "2 分 5 秒");
}

}  // namespace
}  // namespace opsteward::console::testing
