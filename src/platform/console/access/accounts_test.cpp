#include "base/civil_time.hpp"
#include "platform/console/access/access_fixture.hpp"

namespace opsteward::console {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using namespace std::chrono_literals;

std::string PathOf(const TestPerson& person) {
    return "/users/" + std::to_string(person.id);
}

class Accounts : public AccessTest {
  protected:
    /// The fields of a form that leaves the account as AddPerson made it.
    GateClient::Fields Fields(const TestPerson& person, std::int64_t unit) const {
        return {{"display_name", person.name},
                {"email", ""},
                {"unit", std::to_string(unit)},
                {"ends_on", ""},
                {"is_enabled", "1"}};
    }
    static GateClient::Fields With(GateClient::Fields fields, const GateClient::Fields& more) {
        for (const auto& [name, value] : more) {
            std::erase_if(fields, [&](const auto& field) {
                return field.first == name && name != "role" && name != "role_unit";
            });
        }
        fields.insert(fields.end(), more.begin(), more.end());
        return fields;
    }

    const std::int64_t north_ = console_.AddUnit("North");
    const std::int64_t south_ = console_.AddUnit("South");
    const TestPerson boss_ = console_.AddPerson("boss", Role::kAdministrator);
    const TestPerson northerner_ = console_.AddPerson("northerner", {{Role::kSystemAdmin, north_}}, north_);
    const TestPerson southerner_ = console_.AddPerson("southerner", {{Role::kNetworkAdmin, south_}}, south_);
    GateClient browser_ = BrowserOf(boss_);
};

TEST_F(Accounts, AreListedByFilterInTheAddress) {
    const std::string all = browser_.Get("/users").body;
    for (const std::string_view name : {"admin", "boss", "northerner", "southerner"})
        EXPECT_THAT(all, HasSubstr(">" + std::string(name) + "</a>"));
    struct Case {
        std::string query, shown, hidden;
    };
    const Case cases[] = {{"q=NORTH", "northerner", "southerner"},
                          {"unit=" + std::to_string(south_), "southerner", "northerner"},
                          {"role=network_admin", "southerner", "northerner"},
                          {"state=never_signed_in", "southerner", "boss"},
                          {"state=one_time_password", "admin", "southerner"}};
    for (const Case& one : cases) {
        const std::string page = browser_.Get("/users?" + one.query).body;
        EXPECT_THAT(page, HasSubstr(">" + one.shown + "</a>")) << one.query;
        EXPECT_THAT(page, Not(HasSubstr(">" + one.hidden + "</a>"))) << one.query;
    }
    EXPECT_THAT(browser_.Get("/users?q=nothing-like-it").body, HasSubstr("清除條件"));
}

TEST_F(Accounts, AreSortedAndPagedByTheAddress) {
    for (int i = 0; i < 60; ++i) console_.AddPerson(fmt::format("person{:02}", i), {});
    const std::string first = browser_.Get("/users?q=person").body;
    EXPECT_THAT(first, HasSubstr(">person00</a>"));
    EXPECT_THAT(first, Not(HasSubstr(">person55</a>")));
    EXPECT_THAT(first, HasSubstr("/users?q=person&amp;page=2"));
    EXPECT_THAT(browser_.Get("/users?q=person&page=2").body, HasSubstr(">person55</a>"));
    EXPECT_THAT(browser_.Get("/users?q=person&sort=name&dir=desc").body, HasSubstr(">person59</a>"));
    EXPECT_EQ(browser_.Get("/users?q=person&page=99999999999999999999").status, 200);
}

TEST_F(Accounts, AreExportedAsTheyAreShown) {
    const auto file = browser_.Get("/users?q=north&format=csv");
    EXPECT_THAT(file.headers.Get("Content-Type"), HasSubstr("csv"));
    EXPECT_THAT(file.body, HasSubstr("northerner"));
    EXPECT_THAT(file.body, Not(HasSubstr("southerner")));
}

TEST_F(Accounts, AreMadeWithAOneTimePasswordThatIsShownOnce) {
    EXPECT_EQ(browser_.Get("/users/new").status, 200);
    const auto made = browser_.Post("/users", {{"name", "chen"},
                                               {"display_name", "<script>alert(1)</script> & \"陳\""},
                                               {"unit", std::to_string(north_)},
                                               {"ends_on", "114.12.31"},
                                               {"is_enabled", "1"},
                                               {"role", "checker"},
                                               {"role_unit", std::to_string(north_)},
                                               {"role", ""},
                                               {"role_unit", std::to_string(north_)}});
    EXPECT_EQ(made.status, 200);
    EXPECT_EQ(made.headers.Get("Cache-Control"), "no-store");
    EXPECT_THAT(made.body, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt; &amp; "));
    EXPECT_THAT(made.body, Not(HasSubstr("<script>alert")));
    const std::string password = Between(made.body, R"(data-copy=")", "\"");
    const auto account = Must(console_.identity().FindAccountByName("chen"));
    ASSERT_THAT(account.grants, SizeIs(1));
    EXPECT_EQ(account.grants[0].role, Role::kChecker);
    EXPECT_EQ(FormatRfc3339(account.ends_at.value()), "2025-12-31T16:00:00.000Z")
        << "the last day is a whole day in Taipei";
    EXPECT_TRUE(console_.identity().SignInWithPassword("chen", password, "192.0.2.8", "").ok());
    EXPECT_THAT(TrailText(), Not(HasSubstr(password)));
    for (const std::string& path : {std::string("/users"), "/users/" + std::to_string(account.id)}) {
        const std::string page = browser_.Get(path).body;
        EXPECT_THAT(page, Not(HasSubstr("<script>alert"))) << path;
        EXPECT_THAT(page, Not(HasSubstr(password))) << path;
    }
}

TEST_F(Accounts, KeepWhatWasTypedWhenTheyAreRefused) {
    const GateClient::Fields good = {
        {"name", "chen"}, {"display_name", "Chen"}, {"unit", std::to_string(north_)}, {"is_enabled", "1"}};
    struct Case {
        GateClient::Fields change;
        int status;
        std::string said;
    };
    const Case cases[] = {{{{"name", "Chen Upper"}}, 422, "帳號名稱只能用"},
                          {{{"name", "boss"}}, 409, "已經有人使用"},
                          {{{"ends_on", "114.2.31"}}, 422, "114.2.31"},
                          {{{"display_name", " "}}, 422, "請填姓名"},
                          {{{"role", "king"}, {"role_unit", std::to_string(north_)}}, 422, "沒有這個角色"},
                          {{{"unit", ""}}, 422, "請選擇單位"}};
    for (const Case& one : cases) {
        const auto refused = browser_.Post("/users", With(good, one.change));
        EXPECT_EQ(refused.status, one.status) << one.said;
        EXPECT_THAT(refused.body, HasSubstr(one.said));
        EXPECT_THAT(refused.body, HasSubstr(R"(name="name" value=")")) << one.said;
    }
    EXPECT_FALSE(console_.identity().FindAccountByName("chen").ok());
}

TEST_F(Accounts, ChangeByTheirFormAndTellTheDifference) {
    const auto fields = With(Fields(northerner_, south_), {{"display_name", "New <b>Name"},
                                                           {"ends_on", "民國114年8月10日"},
                                                           {"role", "checker"},
                                                           {"role_unit", std::to_string(south_)},
                                                           {"role", "supervisor"},
                                                           {"role_unit", std::to_string(north_)}});
    EXPECT_EQ(LocationOf(browser_.Post(PathOf(northerner_), fields)), PathOf(northerner_));
    const auto account = Account(northerner_.id);
    EXPECT_EQ(account.display_name, "New <b>Name");
    EXPECT_EQ(account.unit_id, south_);
    EXPECT_THAT(account.grants, SizeIs(2));
    const std::string page = browser_.Get(PathOf(northerner_)).body;
    EXPECT_THAT(page, HasSubstr("northerner → New &lt;b&gt;Name"));
    EXPECT_THAT(page, HasSubstr("114.8.10 到期"));
    EXPECT_THAT(page, HasSubstr(R"(value="114.8.10")"));
}

TEST_F(Accounts, GetAnotherRowForRolesWithoutSavingAnything) {
    const auto fields = With(Fields(northerner_, north_), {{"display_name", "Not saved"}, {"another_row", "1"}});
    const auto again = browser_.Post(PathOf(northerner_), fields);
    EXPECT_EQ(again.status, 200);
    EXPECT_THAT(again.body, HasSubstr(R"(value="Not saved")"));
    EXPECT_THAT(again.body, HasSubstr(R"(id="role-2")"));
    EXPECT_EQ(Account(northerner_.id).display_name, "northerner");
}

TEST_F(Accounts, AreSignedOutWhenTheyAreDisabled) {
    GateClient theirs = BrowserOf(northerner_);
    auto fields = Fields(northerner_, north_);
    std::erase_if(fields, [](const auto& field) { return field.first == "is_enabled"; });
    browser_.Post(PathOf(northerner_), fields);
    EXPECT_EQ(theirs.Get("/account").status, 303);
    EXPECT_EQ(GateClient(console_).Post("/login", {{"name", "northerner"}, {"password", northerner_.password}}).status,
              401);
}

TEST_F(Accounts, NeverLeaveTheOrganisationWithoutAnAdministrator) {
    const auto admin = Must(console_.identity().FindAccountByName("admin"));
    const std::string top = std::to_string(top_);
    EXPECT_EQ(
        browser_.Post("/users/" + std::to_string(admin.id), {{"display_name", "x"}, {"unit", top}, {"is_enabled", "1"}})
            .status,
        303);
    const auto refused = browser_.Post(PathOf(boss_), Fields(boss_, top_));
    EXPECT_EQ(refused.status, 409);
    EXPECT_THAT(refused.body, HasSubstr("至少要有一位"));
    EXPECT_THAT(Account(boss_.id).grants, SizeIs(1));
}

TEST_F(Accounts, LoseTheirPasswordAndSessionsByAReset) {
    GateClient theirs = BrowserOf(northerner_);
    const auto reset = browser_.Post(PathOf(northerner_) + "/reset-password");
    EXPECT_EQ(reset.status, 200);
    const std::string password = Between(reset.body, R"(data-copy=")", "\"");
    EXPECT_EQ(theirs.Get("/account").status, 303);
    EXPECT_FALSE(console_.identity().SignInWithPassword("northerner", northerner_.password, "192.0.2.8", "").ok());
    EXPECT_TRUE(console_.identity().SignInWithPassword("northerner", password, "192.0.2.8", "").ok());
    EXPECT_THAT(TrailText(), Not(HasSubstr(password)));
}

TEST_F(Accounts, AreUnlockedAndFreedOfALostPhone) {
    for (int i = 0; i < 5; ++i) GateClient(console_).Post("/login", {{"name", "northerner"}, {"password", "wrong"}});
    EXPECT_THAT(browser_.Get(PathOf(northerner_)).body, HasSubstr("鎖定至 14:15"));
    EXPECT_EQ(LocationOf(browser_.Post(PathOf(northerner_) + "/unlock")), PathOf(northerner_));
    EXPECT_TRUE(console_.identity().SignInWithPassword("northerner", northerner_.password, "192.0.2.8", "").ok());

    EXPECT_THAT(browser_.Get(PathOf(northerner_)).body, Not(HasSubstr("remove-totp")));
    const auto enrolment = Must(console_.identity().BeginTotp(northerner_.actor));
    const auto secret = crypto::Base32Decode(enrolment.secret_base32).value();
    Must(console_.identity().ConfirmTotp(northerner_.actor,
                                         crypto::TotpCode(secret, crypto::TotpStep(console_.clock().Now()))));
    EXPECT_THAT(browser_.Get(PathOf(northerner_)).body, HasSubstr("remove-totp"));
    browser_.Post(PathOf(northerner_) + "/remove-totp");
    EXPECT_FALSE(Account(northerner_.id).has_totp);
}

TEST_F(Accounts, ShowTheirWholeHistoryPageByPage) {
    for (int i = 0; i < 40; ++i)
        browser_.Post(PathOf(northerner_),
                      With(Fields(northerner_, north_), {{"email", fmt::format("a{}@x.test", i)}}));
    const std::string newest = browser_.Get(PathOf(northerner_)).body;
    EXPECT_THAT(newest, HasSubstr("a39@x.test"));
    EXPECT_THAT(newest, Not(HasSubstr("→ a1@x.test")));
    const std::string older = Between(newest, "href=\"" + PathOf(northerner_) + "?before=", "\"");
    EXPECT_THAT(browser_.Get(PathOf(northerner_) + "?before=" + older).body, HasSubstr("→ a1@x.test"));
    EXPECT_THAT(browser_.Get(PathOf(northerner_) + "?before=1").body, HasSubstr("沒有更早的紀錄"));
}

TEST_F(Accounts, MayBeReadByAnAuditorAndChangedByNone) {
    GateClient auditor = BrowserOf(console_.AddPerson("auditor", Role::kAuditor));
    EXPECT_EQ(auditor.Get("/users").status, 200);
    const std::string page = auditor.Get(PathOf(northerner_)).body;
    EXPECT_THAT(page, Not(HasSubstr("reset-password")));
    EXPECT_EQ(auditor.Get("/users/new").status, 403);
    EXPECT_EQ(
        auditor.Post("/users", {{"name", "chen"}, {"display_name", "Chen"}, {"unit", std::to_string(top_)}}).status,
        403);
    EXPECT_EQ(auditor.Post(PathOf(northerner_), Fields(northerner_, north_)).status, 403);
    for (const std::string_view action : {"/reset-password", "/remove-totp", "/unlock"}) {
        EXPECT_EQ(auditor.Post(PathOf(northerner_) + std::string(action)).status, 403) << action;
    }
    EXPECT_EQ(BrowserOf(northerner_).Get("/users").status, 403) << "a role without the permission";
}

TEST_F(Accounts, AreSeenOnlyWhereTheReaderHasARole) {
    GateClient supervisor = BrowserOf(console_.AddPerson("chief", {{Role::kSupervisor, north_}}, north_));
    const std::string list = supervisor.Get("/users").body;
    EXPECT_THAT(list, HasSubstr(">northerner</a>"));
    EXPECT_THAT(list, Not(HasSubstr("southerner")));
    EXPECT_EQ(supervisor.Get(PathOf(northerner_)).status, 200);
    EXPECT_EQ(supervisor.Get(PathOf(southerner_)).status, 403);
    EXPECT_EQ(supervisor.Get("/users?unit=" + std::to_string(south_)).body.find(">southerner</a>"), std::string::npos);
}

TEST_F(Accounts, OfAUnitAreManagedByItsAdministratorAndNoFurther) {
    GateClient local = BrowserOf(console_.AddPerson("local", {{Role::kAdministrator, north_}}, north_));
    const std::string north = std::to_string(north_);
    EXPECT_EQ(local.Post(PathOf(northerner_), With(Fields(northerner_, north_), {{"email", "n@x.test"}})).status, 303);
    EXPECT_EQ(local.Post(PathOf(southerner_), Fields(southerner_, south_)).status, 403);
    EXPECT_EQ(local.Post(PathOf(northerner_), Fields(northerner_, south_)).status, 403)
        << "sent to a unit of somebody else";
    EXPECT_EQ(local
                  .Post(PathOf(northerner_), With(Fields(northerner_, north_),
                                                  {{"role", "administrator"}, {"role_unit", std::to_string(top_)}}))
                  .status,
              403)
        << "a role above";
    EXPECT_EQ(local
                  .Post("/users", {{"name", "chen"},
                                   {"display_name", "Chen"},
                                   {"unit", north},
                                   {"is_enabled", "1"},
                                   {"role", "administrator"},
                                   {"role_unit", std::to_string(top_)}})
                  .status,
              403);
    EXPECT_EQ(Account(northerner_.id).email, "n@x.test");
}

TEST_F(Accounts, WithRolesAboveAreNotTakenOverFromTheUnitWhereTheyWork) {
    const TestPerson high = console_.AddPerson("high", {{Role::kAdministrator, top_}}, north_);
    GateClient local = BrowserOf(console_.AddPerson("local", {{Role::kAdministrator, north_}}, north_));
    EXPECT_EQ(local.Get(PathOf(high)).status, 200);
    for (const std::string_view action : {"/reset-password", "/remove-totp", "/unlock"}) {
        EXPECT_EQ(local.Post(PathOf(high) + std::string(action)).status, 403) << action;
    }
    EXPECT_EQ(local.Post(PathOf(high), Fields(high, north_)).status, 403);
    EXPECT_TRUE(console_.identity().SignInWithPassword("high", high.password, "192.0.2.8", "").ok());
}

TEST_F(Accounts, ThatAreNotThereAreNotFound) {
    EXPECT_EQ(browser_.Get("/users/999999").status, 404);
    EXPECT_EQ(browser_.Get("/users/-1").status, 404);
    EXPECT_EQ(browser_.Get("/users/0x1").status, 404);
}

TEST_F(Accounts, ChangeNothingWithoutTheTokenOfTheSession) {
    net::Request request = browser_.MakeRequest(net::Method::kPost, PathOf(northerner_) + "/reset-password");
    request.headers.Set("Sec-Fetch-Site", "same-origin");
    EXPECT_EQ(browser_.Send(request).status, 403);
    EXPECT_TRUE(console_.identity().SignInWithPassword("northerner", northerner_.password, "192.0.2.8", "").ok());
}

}  // namespace
}  // namespace opsteward::console
