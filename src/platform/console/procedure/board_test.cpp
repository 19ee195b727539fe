#include "platform/console/procedure/testing/procedure_world.hpp"

namespace opsteward::console::compliance {
namespace {

using identity::Role;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Board, ShowsEveryClauseWithItsStateAndWhyToThoseWhoMaySeeIt) {
    World world;
    GateClient reader(world.console());
    reader.SignIn(world.console().AddPerson("auditor", Role::kAuditor));
    const std::string page = PageText(reader.Get("/board").body);
    EXPECT_THAT(page, AllOf(HasSubstr("6.1.1 帳號清查"), HasSubstr("6.9.5"), HasSubstr("red 有不需要的服務"), HasSubstr("6.15.2 查核"), HasSubstr("尚無資料。")));

    GateClient english(world.console(), Language::kEnglish);
    english.SignIn(world.console().AddPerson("auditor2", Role::kAuditor));
    EXPECT_THAT(PageText(english.Get("/board").body), AllOf(HasSubstr("Compliance board"), HasSubstr("red runs needless services"), HasSubstr("Not met")));
}

TEST(Board, IsNotForNetworkUsersNorForStrangers) {
    World world;
    GateClient user(world.console());
    user.SignIn(world.console().AddPerson("user", Role::kNetworkUser));
    EXPECT_EQ(user.Get("/board").status, 403);
    EXPECT_EQ(user.Get("/clauses/6.9.5").status, 403);
    EXPECT_EQ(user.Get("/").status, 200);
    GateClient stranger(world.console());
    EXPECT_EQ(stranger.Get("/board").status, 303);
    EXPECT_EQ(stranger.Get("/api/v1/clauses").status, 401);
}

TEST(Board, ShowsOnlyTheUnitsWhereTheReaderHoldsAPermission) {
    World world;
    GateClient reader(world.console());
    reader.SignIn(world.console().AddPerson("green-admin", {{Role::kSystemAdmin, world.green()}}));
    const std::string page = PageText(reader.Get("/board").body);
    EXPECT_THAT(page, AllOf(Not(HasSubstr("red 有不需要的服務")), HasSubstr("未發現問題")));
    EXPECT_EQ(reader.Get("/board?unit=" + std::to_string(world.red())).status, 404);
    EXPECT_THAT(reader.Get("/clauses/6.9.5").body, Not(HasSubstr("red 有不需要的服務")));
    EXPECT_THAT(reader.Get("/board?unit=" + std::to_string(world.green())).body, HasSubstr("6.9.5"));
}

TEST(Board, NarrowsByChapterUnitOwnerStateAndMode) {
    World world;
    GateClient reader(world.console());
    reader.SignIn(world.console().AddPerson("auditor", Role::kAuditor));
    struct Case {
        std::string query;
        bool has_611, has_694, has_695;
    };
    const Case cases[] = {{"chapter=6.9", false, true, true},          {"owner=network_admin", false, true, false},
                          {"state=not_met", false, false, true},       {"state=not_set_up", false, true, false},
                          {"mode=policy", true, false, false},         {"mode=gate&chapter=6.9", false, true, false},
                          {"state=met&unit=" + std::to_string(world.green()), false, false, true}};
    for (const Case& one : cases) {
        const std::string text = reader.Get("/board?" + one.query + "&format=csv").body;
        EXPECT_EQ(text.find("6.1.1,") != std::string::npos, one.has_611) << one.query << text;
        EXPECT_EQ(text.find("6.9.4,") != std::string::npos, one.has_694) << one.query << text;
        EXPECT_EQ(text.find("6.9.5,") != std::string::npos, one.has_695) << one.query << text;
        EXPECT_EQ(reader.Get("/board?" + one.query).status, 200) << one.query;
    }
    for (const std::string query : {"state=red", "owner=boss", "mode=magic", "unit=x"}) EXPECT_EQ(reader.Get("/board?" + query).status, 422) << query;
    EXPECT_THAT(PageText(reader.Get("/board?chapter=9.9").body), HasSubstr("沒有符合篩選的條文"));
}

TEST(Board, ShowsHowThingsStoodAtAPastTime) {
    World world;
    GateClient reader(world.console());
    reader.SignIn(world.console().AddPerson("auditor", Role::kAuditor));
    world.Rename(world.red(), "calm");
    world.console().clock().Advance(std::chrono::hours(2));
    EXPECT_THAT(PageText(reader.Get("/board?chapter=6.9").body), Not(HasSubstr("red 有不需要的服務")));
    const std::string then = PageText(reader.Get("/board?chapter=6.9&as_of=114.8.5%2014:00:30").body);
    EXPECT_THAT(then, AllOf(HasSubstr("red 有不需要的服務"), HasSubstr("這是 114.8.5 14:00 的狀態"), HasSubstr("回到現在")));
    // Asked for again, it is remembered and says the same.
    EXPECT_EQ(PageText(reader.Get("/board?chapter=6.9&as_of=114.8.5%2014:00:30").body), then);
    EXPECT_THAT(PageText(reader.Get("/board?chapter=6.9&as_of=114.8.4").body), Not(HasSubstr("red 有不需要的服務")));

    const auto wrong = reader.Get("/board?as_of=tomorrow");
    EXPECT_EQ(wrong.status, 422);
    EXPECT_THAT(PageText(wrong.body), HasSubstr("as_of"));
    EXPECT_EQ(reader.Get("/board?as_of=tomorrow&format=csv").status, 422);
}

TEST(Board, IsRenewedOnceTheClausesAreJudgedAnew) {
    World world;
    GateClient reader(world.console());
    reader.SignIn(world.console().AddPerson("auditor", Role::kAuditor));
    EXPECT_THAT(PageText(reader.Get("/board?state=not_met").body), HasSubstr("red 有不需要的服務"));
    world.Rename(world.red(), "calm");
    EXPECT_THAT(PageText(reader.Get("/board?state=not_met").body), Not(HasSubstr("red 有不需要的服務")));
    world.Rename(world.green(), "red again");
    EXPECT_THAT(PageText(reader.Get("/board?state=not_met").body), HasSubstr("red again 有不需要的服務"));
}

TEST(Board, HasAStripForEachUnitWhenThereAreSeveral) {
    World world;
    GateClient all(world.console());
    all.SignIn(world.console().AddPerson("auditor", Role::kAuditor));
    EXPECT_THAT(all.Get("/board").body, AllOf(HasSubstr("ops-clause-strip"), HasSubstr("red：不符合 1")));
    GateClient one(world.console());
    one.SignIn(world.console().AddPerson("green-admin", {{Role::kSystemAdmin, world.green()}}));
    EXPECT_THAT(one.Get("/board").body, Not(HasSubstr("ops-clause-strip")));
}

TEST(Board, PrintsWithTheVersionOfTheProcedureAndWithoutFilters) {
    World world;
    GateClient reader(world.console());
    reader.SignIn(world.console().AddPerson("auditor", Role::kAuditor));
    const std::string page = reader.Get("/board?view=print").body;
    EXPECT_THAT(PageText(page), AllOf(HasSubstr("T-1 測試程序書"), HasSubstr("內容摘要值"), HasSubstr("6.9.5")));
    EXPECT_THAT(page, Not(HasSubstr("ops-filter")));
}

TEST(Board, ShowsChecksThatWereRefused) {
    World world(R"([[check]]
id = "broken"
clause = "6.9.5"
title = { zh = "壞掉的查核", en = "Broken check" }
topics = []
sql = "SELECT nothing FROM nowhere"
)");
    GateClient reader(world.console());
    reader.SignIn(world.console().AddPerson("auditor", Role::kAuditor));
    EXPECT_THAT(PageText(reader.Get("/board").body), HasSubstr("有 1 項查核無法執行"));
    const auto procedure = reader.GetJson("/api/v1/procedure");
    EXPECT_EQ(procedure.at("refused_checks").as_array().size(), 1U);
}

TEST(Board, IsJudgedAnewOnlyByThoseWhoManageTheProcedure) {
    World world;
    GateClient reader(world.console());
    reader.SignIn(world.console().AddPerson("auditor", Role::kAuditor));
    EXPECT_EQ(reader.Post("/board/evaluate").status, 403);
    EXPECT_EQ(reader.PostJson("/api/v1/procedure/evaluate", json::object{}).status, 403);
    GateClient manager(world.console());
    manager.SignIn(world.console().AddPerson("chief", Role::kAdministrator));
    const int before = world.console().times_jobs_were_woken();
    EXPECT_EQ(LocationOf(manager.Post("/board/evaluate")), "/board");
    const auto answer = manager.PostJson("/api/v1/procedure/evaluate", json::object{});
    EXPECT_EQ(answer.status, 202);
    EXPECT_EQ(world.console().times_jobs_were_woken(), before + 2);
    const auto job = Must(world.console().database().Read<jobs::Job>([&](db::Session& session) {
        return jobs::FindJob(session, Must(ParseJson(answer.body)).at("job").at("id").as_int64());
    }));
    EXPECT_EQ(job.kind, "procedure.evaluate");
    EXPECT_LE(job.run_at, world.console().clock().Now());
}

}  // namespace
}  // namespace opsteward::console::compliance
