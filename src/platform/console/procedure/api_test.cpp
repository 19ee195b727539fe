#include "platform/console/procedure/testing/procedure_world.hpp"

namespace opsteward::console::compliance {
namespace {

using identity::Role;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Every answer is held against its description by the client.

json::value ClauseOf(const json::value& list, std::string_view id) {
    for (const auto& item : list.at("items").as_array()) {
        if (item.at("id").as_string() == id) return item;
    }
    throw std::runtime_error("no such clause");
}

class Api : public ::testing::Test {
  protected:
    Api() {
        const TestPerson person = world.console().AddPerson("program", Role::kAdministrator);
        client.UseToken(Must(world.console().identity().CreateToken(person.actor, person.id, "program", true, 30)));
    }
    World world;
    GateClient client{world.console()};
};

TEST_F(Api, ListsClausesWithStateWhyAndFindings) {
    const json::value clause = ClauseOf(client.GetJson("/api/v1/clauses"), "6.9.5");
    EXPECT_EQ(clause.at("state").as_string(), "not_met");
    EXPECT_EQ(json::serialize(clause.at("mode")), R"(["automatic"])");
    EXPECT_EQ(clause.at("why").at("zh").as_string(), "red 有不需要的服務 <i>");
    const auto& finding = clause.at("findings").as_array().front();
    EXPECT_EQ(finding.at("subject").as_string(), "red");
    EXPECT_EQ(finding.at("reason").at("en").as_string(), "red runs needless services <i>");
    EXPECT_EQ(finding.at("since").as_string(), "2025-08-05T06:00:00.000Z");
    EXPECT_THAT(std::string(finding.at("evidence").as_string()), HasSubstr("tcp/23"));
    EXPECT_EQ(ClauseOf(client.GetJson("/api/v1/clauses?findings=0"), "6.9.5").at("findings").as_array().size(), 0U);
    EXPECT_EQ(ClauseOf(client.GetJson("/api/v1/clauses?findings=0"), "6.9.5").at("finding_count").to_number<int>(), 1);
}

TEST_F(Api, NarrowsClausesByTimeUnitAndState) {
    world.Rename(world.red(), "calm");
    world.console().clock().Advance(std::chrono::hours(1));
    const auto state_at = [&](const std::string& query) { return std::string(ClauseOf(client.GetJson("/api/v1/clauses" + query), "6.9.5").at("state").as_string()); };
    EXPECT_EQ(state_at(""), "met");
    EXPECT_EQ(state_at("?as_of=2025-08-05T06:00:30Z"), "not_met");
    EXPECT_EQ(state_at("?as_of=2025-08-05T14:00:30%2B08:00"), "not_met");
    EXPECT_EQ(state_at("?as_of=2025-08-04"), "not_set_up");
    EXPECT_EQ(state_at("?as_of=2025-08-05T06:00:30Z&unit=" + std::to_string(world.green())), "met");
    EXPECT_EQ(client.GetJson("/api/v1/clauses?state=not_met").at("items").as_array().size(), 0U);
}

TEST_F(Api, NamesTheParameterThatIsWrong) {
    for (const std::string query : {"as_of=yesterday", "as_of=2099-01-01", "unit=x", "state=red", "findings=-1"}) {
        const auto answer = client.Get("/api/v1/clauses?" + query);
        EXPECT_EQ(answer.status, 400) << query;
        EXPECT_THAT(answer.body, HasSubstr(query.substr(0, query.find('=')))) << query;
    }
    EXPECT_EQ(client.Get("/api/v1/clauses?unit=999").status, 404);
    for (const std::string query : {"from=x", "until=x", "state=x", "owner=x", "unit=x"}) {
        const auto answer = client.Get("/api/v1/duties?" + query);
        EXPECT_EQ(answer.status, 400) << query;
        EXPECT_THAT(answer.body, HasSubstr(query.substr(0, query.find('=')))) << query;
    }
    EXPECT_EQ(client.Get("/api/v1/exemptions?state=x").status, 400);
}

TEST_F(Api, DescribesAClauseWithItsChecksDutiesAndHistory) {
    const json::value detail = client.GetJson("/api/v1/clauses/6.9.5");
    EXPECT_EQ(detail.at("checks").as_array().front().at("parameters").at("grace").as_int64(), 604'800'000);
    EXPECT_EQ(detail.at("action").at("href").as_string(), "/devices");
    EXPECT_EQ(client.GetJson("/api/v1/clauses/6.15.1").at("duties").as_array().size(), 2U);
    EXPECT_TRUE(client.GetJson("/api/v1/clauses/6.9.4").at("action").is_null());
    world.Rename(world.red(), "calm");
    const json::value history = client.GetJson("/api/v1/clauses/6.9.5/history?unit=" + std::to_string(world.red()));
    std::vector<std::string> changes;
    for (const auto& change : history.at("items").as_array()) {
        changes.push_back(std::string(change.at("from").as_string()) + ">" + std::string(change.at("to").as_string()));
    }
    EXPECT_THAT(changes, ElementsAre("not_met>met", "not_set_up>not_met"));
    EXPECT_EQ(client.Get("/api/v1/clauses/9.9").status, 404);
    EXPECT_EQ(client.Get("/api/v1/clauses/9.9/history").status, 404);
}

TEST_F(Api, ListsAndCompletesDuties) {
    const std::int64_t round = world.Round("review", world.red());
    const json::value open = client.GetJson("/api/v1/duties?state=open&owner=system_admin&unit=" + std::to_string(world.red()));
    ASSERT_EQ(open.at("items").as_array().size(), 1U);
    EXPECT_EQ(open.at("items").as_array().front().at("id").as_int64(), round);
    EXPECT_EQ(open.at("items").as_array().front().at("due_at").as_string(), "2025-08-31T15:59:59.000Z");
    EXPECT_EQ(client.GetJson("/api/v1/duties?from=2025-09-01&duty=review").at("items").as_array().size(), 3U);
    const std::string path = "/api/v1/duties/" + std::to_string(round);
    EXPECT_EQ(client.PostJson(path + "/complete", json::object{{"note", 7}}).status, 400);
    const auto done = client.PostJson(path + "/complete", json::object{{"note", "清查完成"}});
    ASSERT_EQ(done.status, 200);
    EXPECT_EQ(Must(ParseJson(done.body)).at("state").as_string(), "done");
    EXPECT_EQ(client.GetJson(path).at("done_by").as_string(), "program");
    EXPECT_EQ(client.PostJson(path + "/complete", json::object{{"note", "again"}}).status, 409);
}

TEST_F(Api, AsksForAndDecidesExemptions) {
    const json::object wish{{"clause", "6.9.5"}, {"unit_id", world.red()}, {"reason", "沒有主機"}, {"ends", "2025-12-31"}};
    const auto asked = client.PostJson("/api/v1/exemptions", wish);
    ASSERT_EQ(asked.status, 201);
    EXPECT_EQ(Must(ParseJson(asked.body)).at("state").as_string(), "waiting");
    EXPECT_EQ(client.PostJson("/api/v1/exemptions", wish).status, 409);
    EXPECT_EQ(client.PostJson("/api/v1/exemptions", json::object{{"clause", "9.9"}, {"unit_id", world.red()}, {"reason", "x"}, {"ends", "2025-12-31"}}).status, 404);
    EXPECT_EQ(client.PostJson("/api/v1/exemptions", json::object{{"clause", "6.9.4"}, {"unit_id", world.red()}, {"reason", "x"}, {"ends", "soon"}}).status, 400);
    const std::string path = "/api/v1/exemptions/" + std::to_string(Must(ParseJson(asked.body)).at("id").as_int64());
    EXPECT_EQ(client.PostJson(path + "/approve", json::object{}).status, 409);
    GateClient chief(world.console());
    chief.SignIn(world.console().AddPerson("chief", Role::kExecutiveSecretary));
    const auto rejected = chief.PostJson(path + "/reject", json::object{});
    ASSERT_EQ(rejected.status, 200);
    EXPECT_EQ(Must(ParseJson(rejected.body)).at("decided_by").as_string(), "chief");
    EXPECT_EQ(client.PostJson(path + "/withdraw", json::object{}).status, 409);
    EXPECT_EQ(client.GetJson("/api/v1/exemptions?state=rejected&clause=6.9.5").at("items").as_array().size(), 1U);
    EXPECT_EQ(client.GetJson("/api/v1/exemptions?state=waiting").at("items").as_array().size(), 0U);
}

TEST_F(Api, TellsOfTheProcedureInUse) {
    const json::value procedure = client.GetJson("/api/v1/procedure");
    EXPECT_EQ(procedure.at("id").as_string(), "T-1");
    EXPECT_EQ(procedure.at("clauses").to_number<int>(), 5);
    EXPECT_EQ(procedure.at("judged_at").as_string(), "2025-08-05T06:00:00.000Z");
}

TEST_F(Api, LetsATokenThatMayOnlyReadChangeNothing) {
    const TestPerson person = world.console().AddPerson("reader", Role::kAdministrator);
    GateClient reader(world.console());
    reader.UseToken(Must(world.console().identity().CreateToken(person.actor, person.id, "reader", false, 30)));
    EXPECT_EQ(reader.Get("/api/v1/clauses").status, 200);
    EXPECT_EQ(reader.PostJson("/api/v1/duties/" + std::to_string(world.Round("review", world.red())) + "/complete", json::object{{"note", "x"}}).status, 403);
    EXPECT_EQ(reader.PostJson("/api/v1/exemptions", json::object{}).status, 403);
}

}  // namespace
}  // namespace opsteward::console::compliance
