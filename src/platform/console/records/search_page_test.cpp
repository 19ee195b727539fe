#include "platform/console/records/records_test_support.hpp"

namespace opsteward::console::testing {
namespace {

using identity::Role;
using ::testing::HasSubstr;
using ::testing::Not;

/// Finds "hit 1" … "hit 30" whatever is asked.
platform::Module EagerModule() {
    platform::Module module;
    module.name = "eager";
    module.search = [](const web::RequestContext&, std::string_view query,
                       int limit) -> Result<std::vector<platform::SearchHit>> {
        std::vector<platform::SearchHit> hits;
        for (int i = 1; i <= 30 && i <= limit; ++i)
            hits.push_back({"hit " + std::to_string(i), std::string(query), "/devices/1", "server"});
        return hits;
    };
    return module;
}

class SearchPage : public RecordsConsole {};

TEST_F(SearchPage, NeedsSomebodySignedIn) {
    EXPECT_EQ(LocationOf(GateClient(console_).Get("/search?q=x")), "/login?next=%2Fsearch%3Fq%3Dx");
    EXPECT_EQ(GateClient(console_).Get("/api/v1/search?q=x").status, 401);
}

TEST_F(SearchPage, GivesThePaletteAnArrayOfHits) {
    GateClient client = As(Role::kSystemAdmin, Language::kEnglish);
    EXPECT_EQ(client.GetJson("/search.json?q=").as_array().size(), 0U);
    const json::array hits = client.GetJson("/search.json?q=works").as_array();
    ASSERT_EQ(hits.size(), 1U);
    EXPECT_EQ(hits[0].at("title").as_string(), "Works");
    EXPECT_EQ(hits[0].at("href").as_string(), "/jobs?kind=test.works");
    EXPECT_EQ(hits[0].at("icon").as_string(), "player-play");
}

TEST_F(SearchPage, FindsAJobByItsNumber) {
    const std::int64_t id = Enqueue("test.works");
    const json::value answer = As(Role::kSystemAdmin).GetJson("/api/v1/search?q=" + std::to_string(id));
    EXPECT_EQ(answer.at("items").at(0).at("href").as_string(), "/jobs/" + std::to_string(id));
}

TEST_F(SearchPage, FindsOnlyWhatTheReaderMaySee) {
    EXPECT_TRUE(As(Role::kNetworkUser).GetJson("/search.json?q=test").as_array().empty());
    const json::array hits = As(Role::kSupervisor).GetJson("/search.json?q=web+01").as_array();
    ASSERT_EQ(hits.size(), 1U);
    EXPECT_EQ(hits[0].at("href").as_string(), "/audit?q=web%2001");
}

TEST_F(SearchPage, ListsPagesAndRecordsWithoutScript) {
    GateClient client = As(Role::kAdministrator);
    const net::Response page = client.Get("/search?q=%E8%83%8C%E6%99%AF%E5%B7%A5%E4%BD%9C");
    EXPECT_THAT(page.body, HasSubstr("<a href=\"/jobs\">"));
    EXPECT_THAT(PageText(page.body), HasSubstr("在稽核紀錄中搜尋「背景工作」"));
    EXPECT_THAT(PageText(client.Get("/search").body), HasSubstr("要找什麼？"));
    EXPECT_THAT(PageText(As(Role::kNetworkUser).Get("/search?q=zzz").body), HasSubstr("找不到符合的項目"));
    EXPECT_THAT(client.Get("/search?q=%3Cscript%3E").body, Not(HasSubstr("<script>")));
    EXPECT_EQ(client.Get("/search?q=" + std::string(201, 'x')).status, 422);
    EXPECT_EQ(client.Get("/api/v1/search?q=" + std::string(201, 'x')).status, 400);
}

TEST(Search, StopsAtTwentyHits) {
    TestConsole console([](std::shared_ptr<const Services> services) {
        return std::vector<platform::Module>{EagerModule(), RecordsModule(std::move(services))};
    });
    GateClient client(console);
    client.SignIn(console.AddPerson("user", Role::kNetworkUser));
    EXPECT_EQ(client.GetJson("/search.json?q=x").as_array().size(), 20U);
    EXPECT_THAT(PageText(client.Get("/search?q=x").body), HasSubstr("只列出前 20 項"));
}

}  // namespace
}  // namespace opsteward::console::testing
