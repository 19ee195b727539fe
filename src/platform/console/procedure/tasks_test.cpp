#include "platform/console/procedure/testing/procedure_world.hpp"

namespace opsteward::console::compliance {
namespace {

using identity::Role;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<std::string> Titles(GateClient& client) {
    std::vector<std::string> titles;
    const json::value tasks = client.GetJson("/api/v1/tasks");
    for (const auto& task : tasks.at("items").as_array()) titles.emplace_back(task.at("title").as_string());
    return titles;
}

TEST(Tasks, AreTheDutiesAndTheRedClausesOfOnesOwnRolesAndUnits) {
    World world;
    GateClient red(world.console());
    red.SignIn(world.console().AddPerson("red-admin", {{Role::kSystemAdmin, world.red()}}));
    EXPECT_THAT(Titles(red), ElementsAre("清查帳號", "6.9.5 關閉不需要的服務 <script>"));
    GateClient green(world.console());
    green.SignIn(world.console().AddPerson("green-admin", {{Role::kSystemAdmin, world.green()}}));
    EXPECT_THAT(Titles(green), ElementsAre("清查帳號"));
    GateClient auditor(world.console());
    auditor.SignIn(world.console().AddPerson("auditor", Role::kAuditor));
    EXPECT_THAT(Titles(auditor), IsEmpty());
}

TEST(Tasks, GoAwayAtOnceWhenADutyIsDone) {
    World world;
    GateClient client(world.console());
    client.SignIn(world.console().AddPerson("green-admin", {{Role::kSystemAdmin, world.green()}}));
    EXPECT_THAT(client.Get("/").body, HasSubstr("ops-count\">1<"));
    ASSERT_EQ(client.Post("/duties/" + std::to_string(world.Round("review", world.green())) + "/complete", {{"note", "done"}}).status, 303);
    EXPECT_THAT(Titles(client), IsEmpty());
    EXPECT_THAT(PageText(client.Get("/").body), HasSubstr("目前沒有待辦事項"));
}

TEST(Tasks, OfSeveralUnitsAreOneLine) {
    World world;
    GateClient client(world.console());
    client.SignIn(world.console().AddPerson("top-admin", {{Role::kSystemAdmin, world.top()}}));
    const json::value tasks = client.GetJson("/api/v1/tasks");
    const auto& first = tasks.at("items").as_array().front();
    EXPECT_EQ(first.at("title").as_string(), "清查帳號");
    EXPECT_EQ(first.at("detail").as_string(), "3 項・條文 6.1.1");
    EXPECT_EQ(first.at("href").as_string(), "/duties?state=due&duty=review");
}

TEST(Tasks, OfOneDutyThatAreLateAreOneLineHoweverManyPeriodsTheyAre) {
    World world;
    GateClient client(world.console());
    client.SignIn(world.console().AddPerson("green-admin", {{Role::kSystemAdmin, world.green()}}));
    world.console().clock().Advance(std::chrono::days(60));
    world.Plan();
    const json::value tasks = client.GetJson("/api/v1/tasks");
    ASSERT_EQ(tasks.at("items").as_array().size(), 2U);
    const auto& late = tasks.at("items").as_array().front();
    EXPECT_EQ(late.at("detail").as_string(), "2 項・條文 6.1.1");
    EXPECT_EQ(late.at("tone").as_string(), "not_met");
    EXPECT_EQ(late.at("due_at").as_string(), "2025-08-31T15:59:59.000Z");
    EXPECT_EQ(tasks.at("items").as_array().back().at("tone").as_string(), "attention");
}

TEST(Tasks, AskForADecisionOnlyOfThoseWhoMayDecide) {
    World world;
    GateClient admin(world.console());
    admin.SignIn(world.console().AddPerson("green-admin", {{Role::kSystemAdmin, world.green()}}));
    GateClient chief(world.console());
    chief.SignIn(world.console().AddPerson("chief", Role::kSupervisor));
    ASSERT_EQ(admin.Post("/clauses/6.9.4/exemptions", {{"unit_id", std::to_string(world.green())}, {"reason", "none"}, {"ends", "115.1.1"}}).status, 303);
    EXPECT_THAT(Titles(chief), ElementsAre("核定不適用申請：6.9.4 加密通道"));
    EXPECT_THAT(Titles(admin), ElementsAre("清查帳號"));
}

TEST(Home, GroupsTasksByWhenTheyAreDueAndSaysWhatComesFirst) {
    World world;
    GateClient client(world.console());
    client.SignIn(world.console().AddPerson("red-admin", {{Role::kSystemAdmin, world.red()}}));
    EXPECT_THAT(PageText(client.Get("/").body), AllOf(HasSubstr("之後到期（1）"), HasSubstr("待改善與待核定（1）"), HasSubstr("我的單位的符合性")));
    world.console().clock().Advance(std::chrono::days(21));
    EXPECT_THAT(PageText(client.Get("/").body), AllOf(HasSubstr("七天內有 1 項到期"), HasSubstr("七天內到期（1）")));
    world.console().clock().Advance(std::chrono::days(10));
    EXPECT_THAT(PageText(client.Get("/").body), AllOf(HasSubstr("有 1 項已逾期，請先處理"), HasSubstr("已逾期（1）")));
}

TEST(Home, ShowsTheAdministratorTheFirstStepsUntilTheyAreDone) {
    World world;
    TestConsole& console = world.console();
    const auto run = [&](std::string_view sql) {
        Must(console.database().WriteWith([&](db::Transaction& transaction) -> Result<void> {
            OPS_CHECK(transaction.Execute(sql));
            return Ok();
        }));
    };
    run("INSERT INTO world_devices (device_id, unit_id, name, owner_id) VALUES (1, 1, 'host', NULL)");
    run("INSERT INTO world_sockets (device_id, is_approved, is_loopback) VALUES (1, 0, 0)");
    GateClient chief(console);
    chief.SignIn(console.AddPerson("chief", Role::kAdministrator));
    const auto before = chief.Get("/");
    EXPECT_THAT(PageText(before.body), AllOf(HasSubstr("開始使用（2／5）"), HasSubstr("指定負責人"), HasSubstr("檢視並核准")));
    EXPECT_THAT(before.body, AllOf(HasSubstr("href=\"/devices/1/edit\""), HasSubstr("href=\"/devices/1/approvals/seen\"")));
    run("UPDATE world_devices SET owner_id = 1");
    run("UPDATE world_sockets SET is_approved = 1");
    EXPECT_THAT(PageText(chief.Get("/").body), HasSubstr("開始使用（4／5）"));
    run("INSERT INTO world_copies (made_at) VALUES (1)");
    EXPECT_THAT(PageText(chief.Get("/").body), Not(HasSubstr("開始使用")));
}

TEST(Search, FindsClausesByNumberAndWordsAndDutiesByTitle) {
    World world;
    const TestPerson reader = world.console().AddPerson("auditor", Role::kAuditor);
    const auto hits = [&](std::string_view query, int limit) {
        const auto authentication = Must(world.console().identity().SignInWithPassword(reader.name, reader.password, "192.0.2.7", "test"));
        const auto recognised = Must(world.console().identity().AuthenticateSession(authentication.session_secret, "192.0.2.7"));
        const net::Request request;
        const web::RequestContext context{request, &recognised, world.console().clock().Now(), Language::kZhHant, {}, {}, {}};
        std::vector<std::string> titles;
        for (const auto& hit : Must(world.console().modules().back().search(context, query, limit))) titles.push_back(hit.title);
        return titles;
    };
    EXPECT_THAT(hits("6.15", 10), ElementsAre("6.15.1 上傳", "6.15.2 查核"));
    EXPECT_THAT(hits("VANS", 10), ElementsAre("上傳 VANS", "查核 VANS"));
    EXPECT_THAT(hits("encrypted", 10), ElementsAre("6.9.4 加密通道"));
    EXPECT_THAT(hits("查核", 10), ElementsAre("6.15.2 查核", "查核 VANS"));
    EXPECT_THAT(hits("6.", 2), ElementsAre("6.1.1 帳號清查", "6.9.4 加密通道"));
    EXPECT_THAT(hits("  ", 10), IsEmpty());
}

}  // namespace
}  // namespace opsteward::console::compliance
