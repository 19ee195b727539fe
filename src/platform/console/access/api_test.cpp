#include "base/text.hpp"
#include "platform/console/access/access_fixture.hpp"

namespace opsteward::console {
namespace {

using net::Method;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

json::value Parsed(const net::Response& response) {
    return Must(ParseJson(response.body));
}

class AccessApi : public AccessTest {
  protected:
    static constexpr int kTokenDays = 30;

    /// A program with a token of that person.
    GateClient ProgramOf(const TestPerson& person, bool may_write) {
        GateClient program(console_);
        program.UseToken(Must(console_.identity().CreateToken(person.actor, person.id, "program", may_write, kTokenDays)));
        return program;
    }
    std::vector<std::string> Names(GateClient& program, std::string_view query) {
        std::vector<std::string> names;
        const json::value answer = program.GetJson("/api/v1/accounts" + std::string(query));
        for (const json::value& item : answer.at("items").as_array()) names.emplace_back(item.at("name").as_string());
        return names;
    }
    static std::string AccountPath(std::int64_t id) { return "/api/v1/accounts/" + std::to_string(id); }

    const std::int64_t north_ = console_.AddUnit("North");
    const TestPerson boss_ = console_.AddPerson("boss", Role::kAdministrator);
    const TestPerson lin_ = console_.AddPerson("lin", {{Role::kSystemAdmin, north_}}, north_);
    GateClient program_ = ProgramOf(boss_, true);
};

TEST_F(AccessApi, SaysWhoIsAskingAndWhatTheyMayDoWhere) {
    const json::value me = program_.GetJson("/api/v1/me");
    EXPECT_EQ(me.at("name").as_string(), "boss");
    EXPECT_EQ(me.at("scope").as_string(), "write");
    GateClient reader = ProgramOf(boss_, false);
    const json::value reading = reader.GetJson("/api/v1/me");
    EXPECT_EQ(reading.at("scope").as_string(), "read");
    for (const json::value& permission : reading.at("permissions").as_array()) {
        EXPECT_TRUE(std::string_view(permission.at("key").as_string()).ends_with(".read"))
            << permission.at("key").as_string();
    }
    EXPECT_LT(reading.at("permissions").as_array().size(), me.at("permissions").as_array().size());
}

TEST_F(AccessApi, AsksWhoIsThereWithoutAToken) {
    GateClient stranger(console_);
    for (const std::string_view path :
         {"/api/v1/me", "/api/v1/accounts", "/api/v1/units", "/api/v1/roles", "/api/v1/me/tokens"}) {
        EXPECT_EQ(stranger.Get(path).status, 401) << path;
    }
}

TEST_F(AccessApi, ListsAccountsByFilterOrderAndPart) {
    EXPECT_THAT(Names(program_, ""), ElementsAre("admin", "boss", "lin"));
    EXPECT_THAT(Names(program_, "?sort=name&dir=desc"), ElementsAre("lin", "boss", "admin"));
    EXPECT_THAT(Names(program_, "?role=administrator&offset=1&limit=1"), ElementsAre("boss"));
    EXPECT_THAT(Names(program_, "?unit=" + std::to_string(north_)), ElementsAre("lin"));
    EXPECT_THAT(Names(program_, "?offset=1000000000000"), ElementsAre());
    EXPECT_EQ(program_.GetJson("/api/v1/accounts?limit=0").at("total").as_int64(), 3);
}

TEST_F(AccessApi, MakesChangesAndReadsAccounts) {
    const auto made = program_.PostJson(
        "/api/v1/accounts", {{"name", "chen"},
                             {"display_name", "陳"},
                             {"unit_id", north_},
                             {"ends_at", "2025-12-31"},
                             {"roles", json::array{json::object{{"role", "checker"}, {"unit_id", north_}}}}});
    ASSERT_EQ(made.status, 201) << made.body;
    const json::value created = Parsed(made);
    const std::int64_t id = created.at("account").at("id").as_int64();
    EXPECT_EQ(created.at("account").at("ends_at").as_string(), "2025-12-31T16:00:00.000Z");
    EXPECT_TRUE(
        console_.identity()
            .SignInWithPassword("chen", std::string(created.at("one_time_password").as_string()), "192.0.2.8", "")
            .ok());

    const auto changed =
        program_.SendJson(Method::kPatch, AccountPath(id), {{"email", "chen@x.test"}, {"ends_at", nullptr}});
    ASSERT_EQ(changed.status, 200) << changed.body;
    const json::value account = program_.GetJson(AccountPath(id));
    EXPECT_EQ(account, Parsed(changed));
    EXPECT_EQ(account.at("email").as_string(), "chen@x.test");
    EXPECT_TRUE(account.at("ends_at").is_null());
    EXPECT_EQ(account.at("display_name").as_string(), "陳") << "what is left out stays";
    EXPECT_THAT(account.at("roles").as_array(), SizeIs(1));
}

TEST_F(AccessApi, ResetsPasswordsAndEndsLocks) {
    for (int i = 0; i < 5; ++i) (void)console_.identity().SignInWithPassword("lin", "wrong", "192.0.2.8", "");
    EXPECT_FALSE(program_.GetJson(AccountPath(lin_.id)).at("locked_until").is_null());
    const auto unlocked = program_.PostJson(AccountPath(lin_.id) + "/unlock", json::object());
    EXPECT_TRUE(Parsed(unlocked).at("locked_until").is_null());
    const auto reset = program_.PostJson(AccountPath(lin_.id) + "/reset-password", json::object());
    const std::string password(Parsed(reset).at("one_time_password").as_string());
    EXPECT_TRUE(console_.identity().SignInWithPassword("lin", password, "192.0.2.8", "").ok());
    EXPECT_EQ(program_.PostJson(AccountPath(lin_.id) + "/remove-totp", json::object()).status, 200);
    EXPECT_THAT(TrailText(), Not(HasSubstr(password)));
}

TEST_F(AccessApi, RefusesWhatItDoesNotUnderstandAndNamesIt) {
    struct Case {
        json::value body;
        std::string named;
    };
    const Case cases[] = {{{{"email", 7}}, "email"},
                          {{{"is_enabled", "yes"}}, "is_enabled"},
                          {{{"disabled", true}}, "disabled"},
                          {{{"ends_at", "tomorrow"}}, ""},
                          {{{"roles", "administrator"}}, "roles"},
                          {{{"roles", json::array{"administrator"}}}, "roles"},
                          {{{"roles", json::array{json::object{{"role", "king"}, {"unit_id", 1}}}}}, "role"},
                          {{{"roles", json::array{json::object{{"role", "checker"}}}}}, "unit_id"},
                          {json::array{}, "JSON"}};
    for (const Case& one : cases) {
        const auto refused = program_.SendJson(Method::kPatch, AccountPath(lin_.id), one.body);
        EXPECT_EQ(refused.status, 400) << json::serialize(one.body);
        EXPECT_THAT(refused.body, HasSubstr(one.named)) << json::serialize(one.body);
    }
    EXPECT_EQ(program_.PostJson("/api/v1/accounts", {{"display_name", "x"}, {"unit_id", north_}}).status, 400);
    EXPECT_EQ(
        program_.PostJson("/api/v1/accounts", {{"name", "boss"}, {"display_name", "x"}, {"unit_id", north_}}).status,
        409);
    EXPECT_EQ(program_.Get(AccountPath(999)).status, 404);
}

TEST_F(AccessApi, HoldsUnitsApartAsThePagesDo) {
    const std::int64_t south = console_.AddUnit("South");
    const TestPerson stranger = console_.AddPerson("stranger", {}, south);
    GateClient local = ProgramOf(console_.AddPerson("local", {{Role::kAdministrator, north_}}, north_), true);
    EXPECT_THAT(Names(local, ""), ElementsAre("lin", "local"));
    EXPECT_EQ(local.Get(AccountPath(stranger.id)).status, 403);
    EXPECT_EQ(local.SendJson(Method::kPatch, AccountPath(stranger.id), {{"email", "x"}}).status, 403);
    EXPECT_EQ(local.SendJson(Method::kPatch, AccountPath(lin_.id), {{"unit_id", south}}).status, 403);
    const json::array grant = {json::object{{"role", "administrator"}, {"unit_id", top_}}};
    EXPECT_EQ(local.SendJson(Method::kPatch, AccountPath(lin_.id), {{"roles", grant}}).status, 403);
    EXPECT_EQ(local
                  .PostJson("/api/v1/accounts",
                            {{"name", "chen"}, {"display_name", "x"}, {"unit_id", north_}, {"roles", grant}})
                  .status,
              403);
    EXPECT_EQ(local.PostJson(AccountPath(boss_.id) + "/reset-password", json::object()).status, 403);
    EXPECT_EQ(local.PostJson("/api/v1/units", {{"parent_id", south}, {"name", "x"}}).status, 403);
    EXPECT_EQ(local.SendJson(Method::kPatch, "/api/v1/units/" + std::to_string(north_), {{"parent_id", south}}).status,
              403);
    EXPECT_EQ(local.GetJson("/api/v1/units").at("items").as_array().size(), 1U);
    EXPECT_EQ(local.Get("/api/v1/units/" + std::to_string(south)).status, 403);
}

TEST_F(AccessApi, AddsRenamesMovesAndClosesUnits) {
    const auto made = program_.PostJson("/api/v1/units", {{"parent_id", north_}, {"name", "Deep"}});
    ASSERT_EQ(made.status, 201) << made.body;
    const std::string path = "/api/v1/units/" + std::to_string(Parsed(made).at("id").as_int64());
    EXPECT_EQ(program_.SendJson(Method::kPatch, path, {{"name", "Depth"}, {"parent_id", top_}}).status, 200);
    EXPECT_EQ(program_.SendJson(Method::kPatch, path, {{"is_active", false}}).status, 200);
    const json::value unit = program_.GetJson(path);
    EXPECT_EQ(unit.at("name").as_string(), "Depth");
    EXPECT_EQ(unit.at("parent_id").as_int64(), top_);
    EXPECT_FALSE(unit.at("is_active").as_bool());
    EXPECT_EQ(
        program_.SendJson(Method::kPatch, "/api/v1/units/" + std::to_string(north_), {{"is_active", false}}).status,
        409);
}

TEST_F(AccessApi, NamesTheRoles) {
    EXPECT_THAT(program_.GetJson("/api/v1/roles").at("items").as_array(), SizeIs(10));
}

TEST_F(AccessApi, ListsAndEndsOnesOwnSessions) {
    GateClient browser = BrowserOf(boss_);
    const json::value sessions = program_.GetJson("/api/v1/me/sessions");
    ASSERT_THAT(sessions.at("items").as_array(), SizeIs(1));
    EXPECT_TRUE(browser.GetJson("/api/v1/me/sessions").at("items").at(0).at("is_current").as_bool());
    const std::string path = "/api/v1/me/sessions/" + std::to_string(sessions.at("items").at(0).at("id").as_int64());
    EXPECT_EQ(program_.Delete(path).status, 204);
    EXPECT_EQ(browser.Get("/account").status, 303);
    EXPECT_EQ(program_.Delete(path).status, 404);
}

TEST_F(AccessApi, MakesListsAndRevokesOnesOwnTokens) {
    const auto made = program_.PostJson("/api/v1/me/tokens", {{"name", "backup"}, {"scope", "read"}, {"days", 7}});
    ASSERT_EQ(made.status, 201) << made.body;
    const std::string token(Parsed(made).at("token").as_string());
    GateClient other(console_);
    other.UseToken(token);
    EXPECT_EQ(other.GetJson("/api/v1/me").at("scope").as_string(), "read");

    const json::value tokens = program_.GetJson("/api/v1/me/tokens");
    EXPECT_THAT(tokens.at("items").as_array(), SizeIs(2));
    EXPECT_THAT(json::serialize(tokens), Not(HasSubstr(token)));
    const std::string path = "/api/v1/me/tokens/" + std::to_string(tokens.at("items").at(0).at("id").as_int64());
    EXPECT_EQ(program_.Delete(path).status, 204);
    EXPECT_EQ(other.Get("/api/v1/me").status, 401);
    for (const json::object& body : {json::object{{"name", "x"}, {"scope", "all"}, {"days", 7}},
                                     json::object{{"name", "x"}, {"scope", "read"}, {"days", 0}}}) {
        EXPECT_EQ(program_.PostJson("/api/v1/me/tokens", body).status, 400) << json::serialize(body);
    }
}

TEST_F(AccessApi, LetsNoTokenMakeOneThatOutlivesIt) {
    const auto make = [this](std::int64_t days) {
        return program_.PostJson("/api/v1/me/tokens", {{"name", "x"}, {"scope", "read"}, {"days", days}});
    };
    EXPECT_EQ(make(kTokenDays).status, 201);
    EXPECT_EQ(make(4'294'967'297).status, 403);
    const auto refused = make(kTokenDays + 1);
    EXPECT_EQ(refused.status, 403);
    EXPECT_THAT(refused.body, HasSubstr(std::to_string(kTokenDays) + " days at most"));
}

TEST_F(AccessApi, LetsAReadingTokenChangeNothing) {
    GateClient reader = ProgramOf(boss_, false);
    EXPECT_EQ(reader.PostJson("/api/v1/me/tokens", {{"name", "x"}, {"scope", "write"}, {"days", 7}}).status, 403);
    EXPECT_EQ(reader.SendJson(Method::kPatch, AccountPath(lin_.id), {{"email", "x"}}).status, 403);
    EXPECT_EQ(reader.PostJson(AccountPath(lin_.id) + "/reset-password", json::object()).status, 403);
    EXPECT_EQ(reader.Get("/api/v1/accounts").status, 200);
    EXPECT_THAT(Must(console_.identity().Tokens(boss_.id)), SizeIs(2));
}

TEST_F(AccessApi, OpensNoPages) {
    EXPECT_EQ(program_.Get("/users").status, 303);
}

TEST_F(AccessApi, WorksFromASessionOnlyWithItsToken) {
    GateClient browser = BrowserOf(boss_);
    EXPECT_EQ(browser.SendJson(Method::kPatch, AccountPath(lin_.id), {{"email", "lin@x.test"}}).status, 200);
    net::Request forged = browser.MakeRequest(Method::kPatch, AccountPath(lin_.id));
    forged.headers.Set("Content-Type", "application/json");
    forged.headers.Set("Sec-Fetch-Site", "same-origin");
    forged.body = R"({"email":"evil@x.test"})";
    EXPECT_EQ(browser.Send(forged).status, 403);
    EXPECT_EQ(Account(lin_.id).email, "lin@x.test");
}

TEST_F(AccessApi, IsDescribedWithoutAReferenceThatLeadsNowhere) {
    const auto& module = console_.modules().front();
    const json::value document = Must(ParseJson(web::OpenApiDocument(module.routes, module.schemas, "1.0.0")));
    const std::string text = json::serialize(document);
    constexpr std::string_view kReference = "#/components/schemas/";
    int references = 0;
    for (auto at = text.find(kReference); at != std::string::npos; at = text.find(kReference, at + 1)) {
        const std::string name = text.substr(at + kReference.size(), text.find('"', at) - at - kReference.size());
        EXPECT_TRUE(document.at("components").at("schemas").as_object().contains(name)) << name;
        ++references;
    }
    EXPECT_GT(references, 20);
}

}  // namespace
}  // namespace opsteward::console
