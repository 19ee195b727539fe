// Who is let in: the checks of the gate, in the order that gate.hpp states.
#include "platform/web/gate.hpp"

#include "platform/web/gate_test_support.hpp"

namespace opsteward::web {
namespace {

using net::Method;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST_F(GateTest, AnswersAnUnknownPathWith404WhoeverAsks) {
    EXPECT_EQ(StatusOf(Get("/nowhere")), 404);
    EXPECT_EQ(StatusOf(In(Session("wang"), Get("/nowhere"))), 404);
    const net::Response api = Handle(Get("/api/v1/nowhere"));
    EXPECT_EQ(api.status, 404);
    EXPECT_EQ(CodeOf(api), "not_found");
}

TEST_F(GateTest, AnswersAnotherMethodWith405AndTheOnesThereAre) {
    const net::Response response = Handle(Ask(Method::kPut, "/devices"));
    EXPECT_EQ(response.status, 405);
    EXPECT_EQ(response.headers.Get("Allow"), "GET, HEAD, POST, DELETE");
    const net::Response api = Handle(Ask(Method::kOther, "/api/v1/query"));
    EXPECT_EQ(api.status, 405);
    EXPECT_EQ(api.headers.Get("Allow"), "POST");
    EXPECT_EQ(CodeOf(api), "invalid_input");
    EXPECT_THAT(calls_, IsEmpty());
}

TEST_F(GateTest, AnswersHeadByTheRouteOfGet) {
    EXPECT_EQ(StatusOf(In(Session("lin"), Ask(Method::kHead, "/devices"))), 200);
    EXPECT_EQ(StatusOf(Ask(Method::kHead, "/devices")), 303);
    EXPECT_THAT(calls_, ElementsAre("HEAD /devices lin"));
}

TEST_F(GateTest, LetsAnybodySeeWhatIsPublic) {
    EXPECT_EQ(StatusOf(Get("/public")), 200);
    EXPECT_EQ(StatusOf(In(Session("wang"), Get("/public"))), 200);
    EXPECT_EQ(StatusOf(In("gone", Get("/public"))), 200);
    EXPECT_THAT(calls_, ElementsAre("GET /public nobody", "GET /public wang", "GET /public nobody"));
}

TEST_F(GateTest, LeadsToTheSignInPageAndBackAgain) {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"/", "/login"},
        {"/devices", "/login?next=%2Fdevices"},
        {"/devices?state=met&q=a%26b", "/login?next=%2Fdevices%3Fstate%3Dmet%26q%3Da%2526b"},
    };
    for (const auto& [target, location] : cases) EXPECT_EQ(LocationOf(Handle(Get(target))), location) << target;
    EXPECT_EQ(LocationOf(Handle(In("gone", Get("/devices")))), "/login?next=%2Fdevices");
    EXPECT_EQ(LocationOf(Handle(Form("/devices", "name=x"))), "/login") << "a change can't be gone back to";
    net::Request absolute = Get("/devices");
    absolute.target = "https://evil.example/devices";
    EXPECT_EQ(LocationOf(Handle(absolute)), "/login");
    EXPECT_THAT(calls_, IsEmpty());
}

TEST_F(GateTest, RefusesTheApiToNobodyWithoutLeadingAnywhere) {
    for (const auto& request :
         {Get("/api/v1/devices"), In("gone", Get("/api/v1/devices")), Ask(Method::kPost, "/api/v1/devices")}) {
        const net::Response response = Handle(request);
        EXPECT_EQ(response.status, 401);
        EXPECT_EQ(response.headers.Get("WWW-Authenticate"), "Bearer");
        EXPECT_EQ(CodeOf(response), "unauthenticated");
    }
    EXPECT_THAT(calls_, IsEmpty());
}

TEST_F(GateTest, TakesABearerTokenUnderApiOnly) {
    const std::string token = Token(manager_, true);
    EXPECT_EQ(StatusOf(Bearing(token, Get("/api/v1/devices"))), 200);
    EXPECT_EQ(StatusOf(Bearing(token, Ask(Method::kPost, "/api/v1/devices"))), 200) << "needs no proof of origin";
    EXPECT_EQ(LocationOf(Handle(Bearing(token, Get("/devices")))), "/login?next=%2Fdevices");
    EXPECT_EQ(LocationOf(Handle(Bearing(token, Get("/")))), "/login");
    EXPECT_THAT(calls_, ElementsAre("GET /api/v1/devices wang", "POST /api/v1/devices wang"));
}

TEST_F(GateTest, RefusesWhatIsNoBearerTokenEvenBesideASession) {
    const std::string token = Token(manager_, true);
    const std::string secret = Session("wang");
    for (const std::string& header : {"Basic " + token, token, std::string("Bearer"), std::string("Bearer "),
                                      "Bearer" + token, "Bearer x" + token, "Bearer " + secret, std::string()}) {
        const net::Response response = Handle(In(secret, With(Get("/api/v1/devices"), "Authorization", header)));
        EXPECT_EQ(response.status, 401) << header;
        EXPECT_EQ(CodeOf(response), "unauthenticated");
    }
    EXPECT_THAT(calls_, IsEmpty());
    EXPECT_EQ(StatusOf(With(Get("/api/v1/devices"), "Authorization", "bEARER   " + token)), 200)
        << "the scheme has no case";
    EXPECT_EQ(StatusOf(In(secret, With(Get("/devices"), "Authorization", "Basic x"))), 200)
        << "pages do not look at it";
}

TEST_F(GateTest, TakesASessionForTheApiToo) {
    EXPECT_EQ(StatusOf(In(Session("lin"), Get("/api/v1/devices"))), 200);
}

TEST_F(GateTest, ReadsTheSessionFromTheHostCookieOverTls) {
    const std::string secret = Session("wang");
    for (const bool is_tls : {false, true}) {
        for (const bool has_prefix : {false, true}) {
            net::Request request = Get("/devices");
            request.is_tls = is_tls;
            request.headers.Set("Cookie", (has_prefix ? "__Host-opsteward=" : "opsteward=") + secret);
            EXPECT_EQ(StatusOf(request), is_tls == has_prefix ? 200 : 303) << is_tls << has_prefix;
        }
    }
}

TEST_F(GateTest, TakesAnEndedSessionForNobody) {
    const std::string secret = Session("wang");
    clock_.Advance(minutes(20));
    EXPECT_EQ(StatusOf(In(secret, Get("/devices"))), 200);
    clock_.Advance(minutes(20));
    EXPECT_EQ(StatusOf(In(secret, Get("/devices"))), 200) << "prolonged by use";
    clock_.Advance(minutes(30));
    EXPECT_EQ(StatusOf(In(secret, Get("/devices"))), 303);
}

TEST_F(GateTest, DoesNotTakeRecordsThatAreAwayForNobody) {
    const std::string secret = Session("wang");
    ASSERT_TRUE((*database_)
                    ->WriteWith([](db::Transaction& transaction) -> Result<void> {
                        OPS_CHECK(transaction.Execute("ALTER TABLE sessions RENAME TO elsewhere"));
                        return Ok();
                    })
                    .ok());
    const net::Response response = Handle(In(secret, Get("/public")));
    EXPECT_GE(response.status, 500);
    EXPECT_THAT(response.body, Not(HasSubstr("elsewhere")));
    EXPECT_THAT(calls_, IsEmpty());
}

// --- What open pages ask for on their own

TEST_F(GateTest, DoesNotProlongASessionForPagesThatRenewThemselves) {
    const std::string secret = Session("wang");
    const net::Request renewal = With(In(secret, Get("/devices")), "X-Live-Renewal", "1");
    const net::Request stream = In(secret, Get("/events/jobs"));
    for (int i = 0; i < 2; ++i) {
        clock_.Advance(minutes(10));
        EXPECT_EQ(StatusOf(renewal), 200) << i;
        EXPECT_EQ(StatusOf(stream), 200) << i;
    }
    clock_.Advance(minutes(10));
    for (const net::Request& request : {renewal, stream}) {
        const net::Response response = Handle(request);
        EXPECT_EQ(response.status, 401) << "a script is told, not led to a page";
        EXPECT_EQ(response.headers.Get("Location"), "");
    }
    EXPECT_EQ(StatusOf(In(secret, Get("/devices"))), 303);
}

TEST_F(GateTest, LetsARenewalPassOnlyWhereItsPersonMay) {
    EXPECT_EQ(StatusOf(With(In(Session("lin"), Get("/devices/1/changes")), "X-Live-Renewal", "1")), 403);
    EXPECT_EQ(StatusOf(With(SignedForm(Session("lin"), "/devices"), "X-Live-Renewal", "1")), 403);
    EXPECT_THAT(calls_, IsEmpty());
}

// --- Changes are meant by the person whose cookie they carry

TEST_F(GateTest, TakesAChangeWithTheTokenOfTheSessionInTheForm) {
    EXPECT_EQ(LocationOf(Handle(SignedForm(Session("wang"), "/devices", "name=%E7%94%B2+1"))), "/devices");
    EXPECT_EQ(form_.Get("name"), "甲 1");
    EXPECT_THAT(calls_, ElementsAre("POST /devices wang"));
}

TEST_F(GateTest, TakesAChangeWithTheTokenOfTheSessionInAHeader) {
    const std::string secret = Session("wang");
    for (const Method method : {Method::kPost, Method::kDelete}) {
        net::Request request = In(secret, Ask(method, "/devices"));
        request.headers.Set("Sec-Fetch-Site", "same-origin");
        request.headers.Set("X-CSRF-Token", CsrfOf(secret));
        EXPECT_EQ(StatusOf(request), 303);
    }
    EXPECT_THAT(calls_, ElementsAre("POST /devices wang", "DELETE /devices wang"));
}

TEST_F(GateTest, RefusesAChangeWithoutTheTokenOfThisVerySession) {
    const std::string secret = Session("wang");
    const std::string own = CsrfOf(secret);
    for (const std::string& token : {std::string(), std::string("x"), own + "x", own.substr(1), CsrfOf(Session("wang")),
                                     CsrfOf(Session("lin")), secret}) {
        EXPECT_EQ(StatusOf(In(secret, Form("/devices", "csrf=" + token))), 403) << token;
        EXPECT_EQ(StatusOf(With(In(secret, Form("/devices", "")), "X-CSRF-Token", token)), 403) << token;
    }
    EXPECT_EQ(StatusOf(In(secret, Form("/devices", ""))), 403);
    EXPECT_EQ(StatusOf(In(secret, Form("/devices?csrf=" + own, ""))), 403) << "an address is no place for it";
    net::Request other_type = SignedForm(secret, "/devices");
    other_type.headers.Set("Content-Type", "text/plain");
    EXPECT_EQ(StatusOf(other_type), 403);
    net::Request api = In(secret, Ask(Method::kPost, "/api/v1/devices"));
    api.headers.Set("Sec-Fetch-Site", "same-origin");
    EXPECT_EQ(StatusOf(api), 403) << "also under /api/";
    EXPECT_THAT(calls_, IsEmpty());
}

TEST_F(GateTest, RefusesAChangeThatComesFromElsewhere) {
    const std::string secret = Session("wang");
    struct From {
        std::string_view header;
        std::string_view value;
        bool is_taken;
    };
    const From cases[] = {
        {"Sec-Fetch-Site", "same-origin", true},
        {"Sec-Fetch-Site", "none", true},
        {"Sec-Fetch-Site", "same-site", false},
        {"Sec-Fetch-Site", "cross-site", false},
        {"Origin", "https://console.test:8443", true},
        {"Origin", "https://evil.example", false},
        {"Origin", "null", false},
        {"Referer", "https://console.test:8443/devices", true},
        {"Referer", "https://evil.example/console.test:8443", false},
        {"X-Nothing", "", false},
    };
    for (const From& from : cases) {
        net::Request request = In(secret, Ask(Method::kPost, "/devices"));
        request.headers.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
        request.body = "csrf=" + CsrfOf(secret);
        request.headers.Set(from.header, from.value);
        EXPECT_EQ(StatusOf(request), from.is_taken ? 303 : 403) << from.header << ": " << from.value;
    }
    EXPECT_EQ(calls_.size(), 4U);
}

TEST_F(GateTest, RefusesToSignSomebodyInFromElsewhere) {
    EXPECT_EQ(StatusOf(Form("/public", "name=x")), 303) << "no session, so no token";
    EXPECT_EQ(StatusOf(With(Form("/public", "name=x"), "Sec-Fetch-Site", "cross-site")), 403);
    EXPECT_THAT(calls_, ElementsAre("POST /public nobody"));
}

TEST_F(GateTest, ReadsFromElsewhere) {
    EXPECT_EQ(StatusOf(With(In(Session("wang"), Get("/devices")), "Sec-Fetch-Site", "cross-site")), 200)
        << "somebody follows a link";
}

// --- What was sent

TEST_F(GateTest, AnswersAFormThatCanNotBeReadWith400) {
    const std::string secret = Session("wang");
    for (const std::string_view fields : {"name=%", "name=%ZZ", "name=%FF", "name=a%00b", "na%00me=a"}) {
        EXPECT_EQ(StatusOf(SignedForm(secret, "/devices", fields)), 400) << fields;
        EXPECT_EQ(StatusOf(Form("/public", std::string(fields))), 400) << fields;
    }
    std::string many;
    for (int i = 0; i < 1001; ++i) many += "a=&";
    EXPECT_EQ(StatusOf(SignedForm(secret, "/devices", many)), 400);
    EXPECT_THAT(calls_, IsEmpty());
}

TEST_F(GateTest, RefusesNulInAnAddress) {
    EXPECT_EQ(StatusOf(In(Session("wang"), Get("/devices?q=a%00b"))), 400);
    const net::Response api = Handle(Bearing(Token(reader_, false), Get("/api/v1/devices?q=%00")));
    EXPECT_EQ(api.status, 400);
    EXPECT_EQ(CodeOf(api), "invalid_input");
    EXPECT_THAT(calls_, IsEmpty());
}

TEST_F(GateTest, LeavesABodyThatIsNoFormToItsHandler) {
    net::Request request = Bearing(Token(manager_, true), Ask(Method::kPost, "/api/v1/devices"));
    request.headers.Set("Content-Type", "application/json");
    request.body = "{%}";
    EXPECT_EQ(StatusOf(request), 200);
}

// --- A change of password that has to come first

TEST_F(GateTest, LetsNothingBeDoneBeforeThePasswordIsChanged) {
    const std::string secret = Session("admin", first_password_);
    EXPECT_EQ(LocationOf(Handle(In(secret, Get("/")))), "/account/password");
    EXPECT_EQ(LocationOf(Handle(In(secret, Get("/devices?page=2")))), "/account/password");
    EXPECT_EQ(LocationOf(Handle(SignedForm(secret, "/devices"))), "/account/password");
    const net::Response api = Handle(In(secret, Get("/api/v1/devices")));
    EXPECT_EQ(api.status, 403);
    EXPECT_EQ(CodeOf(api), "forbidden");
    EXPECT_THAT(calls_, IsEmpty());
    EXPECT_EQ(StatusOf(In(secret, Get("/public"))), 200);
    const net::Response page = Handle(In(secret, Get("/account/password")));
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, Not(HasSubstr(R"(href="/devices")"))) << "the menu offers nothing that is closed";
    EXPECT_EQ(StatusOf(SignedForm(secret, "/account/password")), 303);
    EXPECT_EQ(StatusOf(In(secret, Form("/account/password", "csrf=x"))), 403) << "the earlier checks hold there too";
}

TEST_F(GateTest, OpensEverythingOnceThePasswordIsChanged) {
    const std::string secret = Session("admin", first_password_);
    ASSERT_TRUE(identity_->ChangePassword(admin_, first_password_, kPassword).ok());
    EXPECT_EQ(StatusOf(In(secret, Get("/devices"))), 200);
}

// --- Permissions

TEST_F(GateTest, NeedsThePermissionOfTheRoute) {
    const std::string manager = Session("wang");
    const std::string reader = Session("lin");
    EXPECT_EQ(StatusOf(In(manager, Get("/devices/1/changes"))), 200);
    EXPECT_EQ(StatusOf(In(reader, Get("/devices/1/changes"))), 403);
    EXPECT_EQ(StatusOf(SignedForm(reader, "/devices")), 403);
    EXPECT_EQ(StatusOf(In(reader, Get("/devices"))), 200);
    EXPECT_EQ(StatusOf(Bearing(Token(reader_, true), Ask(Method::kPost, "/api/v1/devices"))), 403);
    EXPECT_THAT(calls_, ElementsAre("GET /devices/1/changes wang", "GET /devices lin"));
}

TEST_F(GateTest, AsksAnybodyWhoIsSignedInForNoPermission) {
    const auto nothing = Hire("chen", identity::Role::kNetworkUser);
    identity::Account account = Must(identity_->FindAccount(nothing.user_id));
    account.grants.clear();
    ASSERT_TRUE(identity_->UpdateAccount(admin_, account).ok());
    const std::string secret = Session("chen");
    EXPECT_EQ(StatusOf(In(secret, Get("/"))), 200);
    EXPECT_EQ(StatusOf(In(secret, Get("/devices"))), 403);
}

TEST_F(GateTest, LetsATokenForReadingOnlyRead) {
    const std::string token = Token(manager_, false);
    EXPECT_EQ(StatusOf(Bearing(token, Get("/api/v1/devices"))), 200);
    EXPECT_EQ(StatusOf(Bearing(token, Ask(Method::kHead, "/api/v1/devices"))), 200);
    EXPECT_EQ(StatusOf(Bearing(token, Ask(Method::kPost, "/api/v1/devices"))), 403);
    const net::Response query = Handle(Bearing(token, Ask(Method::kPost, "/api/v1/query")));
    EXPECT_EQ(query.status, 403) << "also where no permission is asked for";
    EXPECT_THAT(query.body, HasSubstr("This token may only read."));
    EXPECT_EQ(StatusOf(Bearing(Token(manager_, true), Ask(Method::kPost, "/api/v1/query"))), 200);
}

}  // namespace
}  // namespace opsteward::web
