#include "base/text.hpp"
#include "platform/console/records/records_test_support.hpp"

namespace opsteward::console::testing {
namespace {

using identity::Role;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class AuditPage : public RecordsConsole {
  protected:
    /// The sequences of the rows that GET /api/v1/audit gives.
    std::vector<std::int64_t> Sequences(GateClient& client, std::string_view query) {
        std::vector<std::int64_t> sequences;
        const json::value answer = client.GetJson(std::string("/api/v1/audit?") + std::string(query));
        for (const json::value& item : answer.at("items").as_array())
            sequences.push_back(item.at("sequence").as_int64());
        return sequences;
    }
    std::int64_t LastSequence() { return AuditRows().front().sequence; }
};

TEST_F(AuditPage, IsForThoseWhoHoldThePermission) {
    for (const auto& [role, is_allowed] : std::vector<std::pair<Role, bool>>{{Role::kAuditor, true},
                                                                             {Role::kAdministrator, true},
                                                                             {Role::kExecutiveSecretary, true},
                                                                             {Role::kSecurityTeam, true},
                                                                             {Role::kSupervisor, true},
                                                                             {Role::kNetworkUser, false},
                                                                             {Role::kSystemAdmin, false}}) {
        GateClient client = As(role);
        const int expected = is_allowed ? 200 : 403;
        EXPECT_EQ(client.Get("/audit").status, expected) << identity::RoleKey(role);
        EXPECT_EQ(client.Get("/audit/1").status, expected) << identity::RoleKey(role);
        EXPECT_EQ(client.Get("/api/v1/audit").status, expected) << identity::RoleKey(role);
        EXPECT_EQ(client.Post("/audit/verify").status, is_allowed ? 303 : 403) << identity::RoleKey(role);
    }
    EXPECT_EQ(LocationOf(GateClient(console_).Get("/audit")), "/login?next=%2Faudit");
}

TEST_F(AuditPage, ShowsWhatChangedAndNothingElse) {
    Append(DeviceChange("web-01", {{"name", "web-01"}, {"address", "10.0.0.1"}},
                        {{"name", "web-01"}, {"address", "10.0.0.2"}}));
    for (const Language language : {Language::kZhHant, Language::kEnglish}) {
        GateClient client =
            As(console_.AddPerson(language == Language::kEnglish ? "en" : "zh", Role::kAuditor), language);
        const std::string text = PageText(client.Get("/audit?kind=device").body);
        EXPECT_THAT(text, HasSubstr(language == Language::kEnglish ? "Address: 10.0.0.1 → 10.0.0.2"
                                                                   : "位址：10.0.0.1 → 10.0.0.2"));
        EXPECT_THAT(text, Not(HasSubstr(language == Language::kEnglish ? "Name: " : "名稱：")));
    }
}

TEST_F(AuditPage, EscapesWhatPeopleWrote) {
    Append(DeviceChange("<script>alert(1)</script>", nullptr, {{"notes", "<img src=x onerror=alert(1)>"}}));
    const std::string page = As(Role::kAuditor).Get("/audit").body;
    EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
    EXPECT_THAT(page, Not(HasSubstr("<img src=x")));
    EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)"));
}

TEST_F(AuditPage, FiltersByTextPersonKindAndDay) {
    Append(DeviceChange("web-01", nullptr, {{"port", 1}}), {8, "chen", "192.0.2.8"});
    const std::int64_t device = LastSequence();
    console_.clock().Advance(std::chrono::days(1));
    Append({.action = "unit.create",
            .subject_kind = "unit",
            .subject_id = "5",
            .subject_name = "會計室",
            .unit_id = {},
            .before = nullptr,
            .after = nullptr},
           {9, "wu", ""});
    const std::int64_t unit = LastSequence();

    GateClient client = As(Role::kAuditor);
    EXPECT_THAT(Sequences(client, "q=WEB-01"), ElementsAre(device));
    EXPECT_THAT(Sequences(client, "actor=chen"), ElementsAre(device));
    EXPECT_THAT(Sequences(client, "kind=unit&id=5"), ElementsAre(unit));
    EXPECT_THAT(Sequences(client, "kind=device&until=2025-08-05"), ElementsAre(device));
    EXPECT_THAT(Sequences(client, "kind=device&from=2025-08-06"), ElementsAre());
    EXPECT_THAT(Sequences(client, "kind=unit&from=2025-08-06&until=2025-08-06"), ElementsAre(unit));

    const std::string first_day = PageText(client.Get("/audit?from=114.8.5&until=114.8.5").body);
    EXPECT_THAT(first_day, HasSubstr("web-01"));
    EXPECT_THAT(first_day, Not(HasSubstr("會計室")));
    EXPECT_THAT(PageText(client.Get("/audit?from=114.8.6").body), HasSubstr("會計室"));
}

TEST_F(AuditPage, SaysThatADateIsWrongInsteadOfShowingEverything) {
    Append(DeviceChange("web-01", nullptr, {{"port", 1}}));
    GateClient client = As(Role::kAuditor);
    const std::string text = PageText(client.Get("/audit?from=114.2.31").body);
    EXPECT_THAT(text, HasSubstr("日期無法解讀"));
    EXPECT_THAT(text, Not(HasSubstr("web-01")));
    EXPECT_EQ(client.Get("/api/v1/audit?from=yesterday").status, 400);
    EXPECT_EQ(client.Get("/api/v1/audit?limit=0").status, 400);
    EXPECT_EQ(client.Get("/api/v1/audit?limit=201").status, 400);
}

TEST_F(AuditPage, PagesByTheLastRowShownSoThatNewRowsDoNotShiftIt) {
    for (int i = 0; i < 120; ++i) Append(DeviceChange("device-" + std::to_string(i), nullptr, {{"port", i}}));
    GateClient client = As(Role::kAuditor);
    const std::int64_t last = LastSequence();
    const json::value first = client.GetJson("/api/v1/audit?kind=device&limit=50");
    EXPECT_EQ(first.at("items").as_array().size(), 50U);
    const std::int64_t before = first.at("next_before").as_int64();
    Append(DeviceChange("newer", nullptr, {{"port", 1}}));
    const auto second = Sequences(client, "kind=device&limit=50&before=" + std::to_string(before));
    ASSERT_EQ(second.size(), 50U);
    EXPECT_EQ(second.front(), before - 1);
    const json::value third = client.GetJson("/api/v1/audit?kind=device&before=" + std::to_string(second.back()));
    EXPECT_EQ(third.at("items").as_array().size(), 20U);
    EXPECT_TRUE(third.at("next_before").is_null());
    EXPECT_GT(last, before);

    const std::string page = client.Get("/audit?kind=device&q=device-").body;
    EXPECT_THAT(page, HasSubstr("/audit?kind=device&amp;q=device-&amp;before="));
    EXPECT_THAT(PageText(client.Get("/audit?kind=device&before=" + std::to_string(before)).body),
                HasSubstr("回到最新"));
}

TEST_F(AuditPage, ShowsRowsOfAUnitOnlyToThoseWhoReadThere) {
    const std::int64_t north = console_.AddUnit("北區");
    const std::int64_t south = console_.AddUnit("南區");
    const std::int64_t below_north = console_.AddUnit("北區一課", north);
    Append(DeviceChange("north-1", nullptr, {{"port", 1}}, below_north));
    const std::int64_t of_north = LastSequence();
    Append(DeviceChange("south-1", nullptr, {{"port", 1}}, south));
    const std::int64_t of_south = LastSequence();
    Append(DeviceChange("of-no-unit", nullptr, {{"port", 1}}));
    const std::int64_t of_none = LastSequence();

    GateClient supervisor = As(console_.AddPerson("north", {{Role::kSupervisor, north}}));
    EXPECT_THAT(Sequences(supervisor, "kind=device"), ElementsAre(of_north));
    EXPECT_EQ(supervisor.Get("/audit/" + std::to_string(of_north)).status, 200);
    for (const std::int64_t hidden : {of_south, of_none}) {
        EXPECT_EQ(supervisor.Get("/audit/" + std::to_string(hidden)).status, 403);
        EXPECT_EQ(supervisor.Get("/api/v1/audit/" + std::to_string(hidden)).status, 403);
    }
    const std::string page = PageText(supervisor.Get("/audit").body);
    EXPECT_THAT(page, HasSubstr("north-1"));
    EXPECT_THAT(page, Not(HasSubstr("south-1")));
    EXPECT_THAT(supervisor.Get("/audit?format=csv").body, Not(HasSubstr("south-1")));

    GateClient auditor = As(Role::kAuditor);
    EXPECT_THAT(Sequences(auditor, "kind=device"), ElementsAre(of_none, of_south, of_north));
}

TEST_F(AuditPage, ExportsExactlyTheFilteredRowsWithoutFormulas) {
    Append(DeviceChange("=HYPERLINK(\"http://evil\")", nullptr, {{"notes", "a,b\n\"c\""}}));
    Append({.action = "unit.create",
            .subject_kind = "unit",
            .subject_id = "5",
            .subject_name = "會計室",
            .unit_id = {},
            .before = nullptr,
            .after = nullptr});
    const net::Response csv = As(Role::kAuditor).Get("/audit?kind=device&format=csv");
    EXPECT_EQ(csv.headers.Get("Content-Type"), "text/csv; charset=utf-8");
    EXPECT_EQ(csv.headers.Get("Content-Disposition"), "attachment; filename=\"audit.csv\"");
    EXPECT_THAT(csv.body, ::testing::StartsWith("\xEF\xBB\xBF序號,時間,人員,來源位址,動作,對象種類,對象,變更內容\r\n"));
    EXPECT_THAT(csv.body, HasSubstr("\"'=HYPERLINK(\"\"http://evil\"\")\""));
    EXPECT_THAT(csv.body, HasSubstr("\"備註：a,b\n\"\"c\"\"\""));
    EXPECT_THAT(csv.body, HasSubstr("114.8.5 14:00:00,lin,192.0.2.9,修改設備,設備,"));
    EXPECT_THAT(csv.body, Not(HasSubstr("會計室")));
}

TEST_F(AuditPage, ExportsMoreThanOneReadingOfTheDatabase) {
    for (int i = 0; i < 1200; ++i) Append(DeviceChange("device-" + std::to_string(i), nullptr, {{"port", i}}));
    const std::string csv = As(Role::kAuditor).Get("/audit?kind=device&format=csv").body;
    EXPECT_EQ(std::ranges::count(csv, '\n'), 1201);
    EXPECT_THAT(csv, HasSubstr("device-0,"));
    EXPECT_THAT(csv, HasSubstr("device-1199,"));
}

TEST_F(AuditPage, ShowsARowWithBothHashes) {
    Append(DeviceChange("web-01", {{"port", 1}}, {{"port", 2}}));
    const auto rows = AuditRows();
    GateClient client = As(Role::kAuditor, Language::kEnglish);
    const std::string path = "/audit/" + std::to_string(rows[0].sequence);
    const std::string text = PageText(client.Get(path).body);
    EXPECT_THAT(text, HasSubstr(rows[0].hash));
    EXPECT_THAT(text, HasSubstr(rows[1].hash));
    const json::value row = client.GetJson("/api/v1" + path);
    EXPECT_EQ(row.at("hash").as_string(), rows[0].hash);
    EXPECT_EQ(row.at("previous_hash").as_string(), rows[1].hash);
    EXPECT_EQ(client.GetJson("/api/v1/audit/1").at("previous_hash").as_string(), "");
    EXPECT_EQ(client.Get("/audit/999999").status, 404);
    EXPECT_EQ(client.Get("/audit/none").status, 404);
}

TEST_F(AuditPage, VerifiesTheChainAtOnceAndTellsTheOutcome) {
    GateClient client = As(Role::kAuditor);
    EXPECT_THAT(PageText(client.Get("/audit").body), HasSubstr("稽核鏈尚未驗證過"));
    EXPECT_EQ(LocationOf(client.Post("/audit/verify")), "/audit");
    EXPECT_EQ(console_.times_jobs_were_woken(), 1);
    EXPECT_THAT(PageText(client.Get("/audit").body), HasSubstr("驗證進行中"));
    EXPECT_EQ(AuditRows().front().change.action, "job.run");
    RunDue();
    const std::string text = PageText(client.Get("/audit").body);
    EXPECT_THAT(text, HasSubstr("稽核鏈完整"));
    EXPECT_THAT(text, HasSubstr("立即驗證"));
    console_.clock().Advance(std::chrono::hours(37));
    EXPECT_THAT(PageText(As(console_.AddPerson("late", Role::kAuditor)).Get("/audit").body),
                HasSubstr("稽核鏈已超過一天沒有驗證"));
}

TEST_F(AuditPage, TellsWhereTheChainIsBrokenAndWhatToDo) {
    Append(DeviceChange("web-01", nullptr, {{"port", 1}}));
    const std::int64_t sequence = LastSequence();
    Tamper("UPDATE audit_trail SET subject_name = 'web-02' WHERE subject_name = 'web-01'");
    GateClient client = As(Role::kAuditor, Language::kEnglish);
    EXPECT_EQ(client.PostJson("/api/v1/audit/verify", json::object{}).status, 202);
    RunDue();
    const net::Response page = client.Get("/audit");
    EXPECT_THAT(PageText(page.body), HasSubstr("The audit chain is broken"));
    EXPECT_THAT(PageText(page.body), HasSubstr("Row " + std::to_string(sequence) + " does not fit its hash."));
    EXPECT_THAT(page.body, HasSubstr("/audit?before=" + std::to_string(sequence + 1)));
}

TEST_F(AuditPage, VerifiesEveryNightAndAsksForTheProcedureToBeJudgedAgain) {
    RunDue();
    console_.clock().Set(StartOfDay(Date(std::chrono::year(2025) / 8 / 6)) + std::chrono::minutes(2 * 60 + 30));
    RunDue();
    const auto verdict = Must(console_.database().Read<std::optional<audit::DatedVerdict>>(
        [](db::Session& session) { return audit::LastVerdict(session); }));
    ASSERT_TRUE(verdict.has_value());
    EXPECT_TRUE(verdict->verdict.is_intact);
    EXPECT_EQ(verdict->at, console_.clock().Now());
    const auto judging = Must(console_.database().Read<std::vector<jobs::Job>>([](db::Session& session) {
        return jobs::ListJobs(session, "procedure.evaluate", jobs::JobState::kQueued, 0, 10);
    }));
    EXPECT_EQ(judging.size(), 1U);
}

TEST_F(AuditPage, DoesNotLetATokenThatMayOnlyReadStartAnything) {
    const TestPerson auditor = console_.AddPerson("reader", Role::kAuditor);
    GateClient client(console_);
    client.UseToken(Must(console_.identity().CreateToken(auditor.actor, auditor.id, "t", false, 1)));
    EXPECT_EQ(client.Get("/api/v1/audit").status, 200);
    EXPECT_EQ(client.PostJson("/api/v1/audit/verify", json::object{}).status, 403);
}

}  // namespace
}  // namespace opsteward::console::testing
