#include "platform/console/procedure/testing/procedure_world.hpp"

namespace opsteward::console::compliance {
namespace {

using identity::Role;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Path(std::int64_t round) { return "/duties/" + std::to_string(round); }

TEST(Duties, AreCompletedByWhoHoldsTheRoleInThatUnitOnly) {
    World world;
    const std::int64_t round = world.Round("review", world.red());
    const TestPerson right = world.console().AddPerson("red-admin", {{Role::kSystemAdmin, world.red()}});
    struct Wrong {
        std::string name;
        std::vector<identity::RoleGrant> grants;
    };
    const Wrong wrong[] = {{"green-admin", {{Role::kSystemAdmin, world.green()}}},
                           {"other-role", {{Role::kNetworkAdmin, world.red()}}},
                           {"auditor", {{Role::kAuditor, world.top()}}},
                           {"user", {{Role::kNetworkUser, world.red()}}}};
    for (const Wrong& one : wrong) {
        GateClient client(world.console());
        client.SignIn(world.console().AddPerson(one.name, one.grants));
        EXPECT_EQ(client.Post(Path(round) + "/complete", {{"note", "done"}}).status, 403) << one.name;
        EXPECT_EQ(client.PostJson("/api/v1" + Path(round) + "/complete", json::object{{"note", "done"}}).status, 403) << one.name;
    }
    GateClient client(world.console());
    client.SignIn(right);
    EXPECT_THAT(PageText(client.Get(Path(round)).body), AllOf(HasSubstr("列出帳號"), HasSubstr("做了什麼"), HasSubstr("red")));
    EXPECT_EQ(LocationOf(client.Post(Path(round) + "/complete", {{"note", "清查 <b>12</b> 個帳號"}})), Path(round));
    const std::string page = client.Get(Path(round)).body;
    EXPECT_THAT(PageText(page), AllOf(HasSubstr("red-admin"), HasSubstr("清查 <b>12</b> 個帳號"), Not(HasSubstr("做了什麼"))));
    EXPECT_EQ(client.Post(Path(round) + "/complete", {{"note", "again"}}).status, 409);
    world.Evaluate();
    EXPECT_THAT(PageText(client.Get("/clauses/6.1.1").body), HasSubstr("已完成"));
}

TEST(Duties, MayBeCompletedByTheAdministratorButNotThePartOfTheChecker) {
    World world;
    GateClient chief(world.console());
    chief.SignIn(world.console().AddPerson("chief", Role::kAdministrator));
    EXPECT_EQ(chief.Post(Path(world.Round("review", world.green())) + "/complete", {{"note", "stood in"}}).status, 303);
    const std::int64_t check = world.Round("check", world.top());
    EXPECT_EQ(chief.Post(Path(check) + "/complete", {{"note", "checked"}}).status, 403);
    EXPECT_THAT(PageText(chief.Get(Path(check)).body), HasSubstr("您在這個單位沒有擔任這個角色"));
}

TEST(Duties, ThatCheckWhatAnotherDidAreDoneByAnotherPerson) {
    World world;
    const TestPerson both = world.console().AddPerson("both", {{Role::kVansAdmin, world.top()}, {Role::kChecker, world.top()}});
    const TestPerson checker = world.console().AddPerson("checker", Role::kChecker);
    const std::string upload = Path(world.Round("upload", world.top())) + "/complete";
    const std::string check = Path(world.Round("check", world.top())) + "/complete";
    GateClient client(world.console());
    client.SignIn(both);
    EXPECT_EQ(client.Post(upload, {{"note", "uploaded"}}).status, 303);
    const auto refused = client.Post(check, {{"note", "checked"}});
    EXPECT_EQ(refused.status, 409);
    EXPECT_THAT(PageText(refused.body), HasSubstr("須由另一人完成"));
    GateClient second(world.console());
    second.SignIn(checker);
    EXPECT_EQ(second.Post(check, {{"note", "checked"}}).status, 303);
}

TEST(Duties, AreNotUploadedByWhoCheckedThemBefore) {
    World world;
    GateClient client(world.console());
    client.SignIn(world.console().AddPerson("both", {{Role::kVansAdmin, world.top()}, {Role::kChecker, world.top()}}));
    EXPECT_EQ(client.Post(Path(world.Round("check", world.top())) + "/complete", {{"note", "checked"}}).status, 303);
    EXPECT_EQ(client.Post(Path(world.Round("upload", world.top())) + "/complete", {{"note", "uploaded"}}).status, 409);
}

TEST(Duties, KeepTheNoteThatWasRefused) {
    World world;
    GateClient client(world.console());
    client.SignIn(world.console().AddPerson("red-admin", {{Role::kSystemAdmin, world.red()}}));
    const std::string path = Path(world.Round("review", world.red())) + "/complete";
    const auto empty = client.Post(path, {{"note", "   "}});
    EXPECT_EQ(empty.status, 422);
    EXPECT_THAT(PageText(empty.body), HasSubstr("請寫下做了什麼"));
    const std::string long_note(4001, 'x');
    EXPECT_THAT(client.Post(path, {{"note", long_note}}).body, HasSubstr(long_note));
}

TEST(Duties, OfAPeriodToComeWait) {
    World world;
    GateClient client(world.console());
    client.SignIn(world.console().AddPerson("red-admin", {{Role::kSystemAdmin, world.red()}}));
    std::int64_t next = 0;
    for (const auto& round : Must(world.console().procedure().OpenDuties(world.console().clock().Now() + std::chrono::days(70), {world.red()}))) {
        if (round.duty_id == "review") next = round.id;
    }
    ASSERT_NE(next, world.Round("review", world.red()));
    EXPECT_EQ(client.Post(Path(next) + "/complete", {{"note", "early"}}).status, 409);
    EXPECT_THAT(PageText(client.Get(Path(next)).body), HasSubstr("這一期從 民國114年9月1日開始。"));
}

TEST(Duties, AreListedByStateUnitAndOwner) {
    World world;
    GateClient client(world.console());
    client.SignIn(world.console().AddPerson("chief", Role::kAdministrator));
    EXPECT_EQ(client.Post(Path(world.Round("review", world.red())) + "/complete", {{"note", "done"}}).status, 303);
    const std::string open = client.Get("/duties?format=csv").body;
    EXPECT_THAT(open, AllOf(HasSubstr("清查帳號,待完成,114.8.31,green"), Not(HasSubstr(",red,"))));
    EXPECT_THAT(client.Get("/duties?state=done&format=csv").body, AllOf(HasSubstr("清查帳號,已完成,114.8.31,red"), HasSubstr("chief"), Not(HasSubstr("green"))));
    EXPECT_THAT(client.Get("/duties?state=&owner=checker&format=csv").body, AllOf(HasSubstr("查核 VANS,未到期"), Not(HasSubstr("清查帳號"))));
    EXPECT_THAT(client.Get("/duties?state=&duty=review&unit=" + std::to_string(world.green()) + "&format=csv").body, Not(HasSubstr(",red,")));
    EXPECT_EQ(client.Get("/duties?state=whenever").status, 422);
    world.console().clock().Advance(std::chrono::days(40));
    EXPECT_THAT(PageText(client.Get("/duties").body), HasSubstr("項逾期"));
    EXPECT_THAT(client.Get("/duties?state=overdue&format=csv").body, HasSubstr("清查帳號,逾期,114.8.31,green"));
}

TEST(Duties, OfOtherUnitsAreNotSeen) {
    World world;
    GateClient client(world.console());
    client.SignIn(world.console().AddPerson("green-admin", {{Role::kSystemAdmin, world.green()}}));
    EXPECT_EQ(client.Get(Path(world.Round("review", world.red()))).status, 403);
    EXPECT_THAT(client.Get("/duties?state=&format=csv").body, Not(HasSubstr(",red,")));
    EXPECT_EQ(client.Get(Path(999'999)).status, 404);
}

}  // namespace
}  // namespace opsteward::console::compliance
