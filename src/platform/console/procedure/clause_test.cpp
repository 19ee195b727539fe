#include "platform/console/procedure/clause_parts.hpp"
#include "platform/console/procedure/testing/procedure_world.hpp"

namespace opsteward::console::compliance {
namespace {

using identity::Role;
using procedure::State;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

TEST(ClausePage, SaysWhyItIsRedWhatToDoWhoDoesItAndWhatWasAsked) {
    World world;
    world.console().AddPerson("wang", {{Role::kSystemAdmin, world.red()}}, 0, "王小明");
    GateClient reader(world.console());
    reader.SignIn(world.console().AddPerson("auditor", Role::kAuditor));
    const std::string page = reader.Get("/clauses/6.9.5").body;
    EXPECT_THAT(PageText(page), AllOf(HasSubstr("只開必要的服務。"), HasSubstr("red 有不需要的服務"), HasSubstr("現在要做什麼"), HasSubstr("逐項處理 1 項發現"),
                                      HasSubstr("王小明"), HasSubstr("核准服務"), HasSubstr("tcp/23"), HasSubstr("LIKE 'red%'"), HasSubstr(":grace = 604800000"),
                                      HasSubstr("尚未設定 → 不符合")));
}

TEST(ClausePage, NamesTheRoleThatNobodyHolds) {
    World world;
    GateClient reader(world.console());
    reader.SignIn(world.console().AddPerson("auditor", Role::kAuditor));
    EXPECT_THAT(PageText(reader.Get("/clauses/6.9.5").body), AllOf(HasSubstr("尚無人擔任"), HasSubstr("指派角色")));
}

TEST(ClausePage, SaysWhatIsMissingAndOffersTheFirstButton) {
    World world;
    GateClient reader(world.console());
    reader.SignIn(world.console().AddPerson("auditor", Role::kAuditor));
    EXPECT_THAT(PageText(reader.Get("/clauses/6.9.4").body), AllOf(HasSubstr("尚未設定"), HasSubstr("尚無資料。")));
    EXPECT_EQ(reader.Get("/clauses/9.9.9").status, 404);
}

TEST(ClausePage, EscapesHostileTextsInBothLanguages) {
    World world;
    for (const Language language : {Language::kZhHant, Language::kEnglish}) {
        GateClient reader(world.console(), language);
        reader.SignIn(world.console().AddPerson(language == Language::kEnglish ? "en" : "zh", Role::kAuditor));
        for (const std::string path : {"/clauses/6.9.5", "/board", "/", "/duties", "/calendar", "/approvals", "/clauses/6.9.5?as_of=114.8.5%2013:00"}) {
            const auto answer = reader.Get(path);
            EXPECT_EQ(answer.status, 200) << path;
            EXPECT_THAT(answer.body, AllOf(Not(HasSubstr("<img src=x")), Not(HasSubstr("services <i>")), Not(HasSubstr("off <script>")))) << path;
        }
    }
}

TEST(ClausePage, ShowsThePastAndTheWayBack) {
    World world;
    GateClient reader(world.console());
    reader.SignIn(world.console().AddPerson("auditor", Role::kAuditor));
    world.Rename(world.red(), "calm");
    world.console().clock().Advance(std::chrono::hours(1));
    EXPECT_THAT(PageText(reader.Get("/clauses/6.9.5").body), HasSubstr("不符合 → 符合"));
    EXPECT_THAT(reader.Get("/clauses/6.9.5").body, Not(HasSubstr("id=\"findings\"")));
    const std::string then = reader.Get("/clauses/6.9.5?as_of=114.8.5%2014:00:10").body;
    EXPECT_THAT(then, AllOf(HasSubstr("id=\"findings\""), HasSubstr("回到現在")));
    EXPECT_EQ(reader.Get("/clauses/6.9.5?as_of=soon").status, 422);
}

TEST(ClausePage, GivesItsFindingsAsAFile) {
    World world;
    GateClient reader(world.console());
    reader.SignIn(world.console().AddPerson("auditor", Role::kAuditor));
    const auto answer = reader.Get("/clauses/6.9.5?format=csv");
    EXPECT_THAT(std::string(answer.headers.Get("Content-Type")), HasSubstr("text/csv"));
    EXPECT_THAT(answer.body, HasSubstr("6.9.5,red,red,不符合,"));
}

TEST(ClauseHistory, IsTheWorstOfTheUnitsAtEachTime) {
    const auto at = [](int minute) { return FromMillis(60'000LL * minute); };
    const auto change = [&](int minute, std::int64_t unit, State from, State to) { return procedure::StateChange{unit, from, to, {}, at(minute)}; };
    // Newest first, as the procedure gives them.
    const std::vector<procedure::StateChange> changes = {change(9, 1, State::kNotMet, State::kMet),       change(7, 2, State::kNotMet, State::kAttention),
                                                         change(5, 1, State::kMet, State::kNotMet),       change(3, 2, State::kNotSetUp, State::kNotMet),
                                                         change(1, 1, State::kNotSetUp, State::kMet)};
    EXPECT_THAT(WorstOverTime(changes), ElementsAre(Pair(at(1), State::kNotSetUp), Pair(at(3), State::kNotMet), Pair(at(9), State::kAttention)));
}

}  // namespace
}  // namespace opsteward::console::compliance
