#include "crypto/crypto.hpp"
#include "platform/console/access/access_fixture.hpp"
#include "platform/web/gate.hpp"

namespace opsteward::console {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

class SigningIn : public AccessTest {
  protected:
    static GateClient::Fields Credentials(const std::string& name, const std::string& password,
                                          const std::string& next = "/") {
        return {{"name", name}, {"password", password}, {"next", next}};
    }
    /// Sets up the second factor; gives the secret and the recovery codes.
    std::pair<std::vector<std::uint8_t>, std::vector<std::string>> SetUpTotp(const TestPerson& person) {
        const auto enrolment = Must(console_.identity().BeginTotp(person.actor));
        const auto secret = crypto::Base32Decode(enrolment.secret_base32).value();
        auto codes = Must(console_.identity().ConfirmTotp(person.actor, CodeNow(secret)));
        console_.clock().Advance(1min);  // a code is good once
        return {secret, std::move(codes)};
    }
    std::string CodeNow(const std::vector<std::uint8_t>& secret) {
        return crypto::TotpCode(secret, crypto::TotpStep(console_.clock().Now()));
    }

    GateClient browser_{console_};
};

TEST_F(SigningIn, WithTheOneTimePasswordLeadsToChangingItBeforeAnythingElse) {
    EXPECT_EQ(browser_.Get("/login").status, 200);
    EXPECT_EQ(LocationOf(browser_.Post("/login", Credentials("admin", console_.first_password()))), "/");
    EXPECT_EQ(LocationOf(browser_.Get("/users")), "/account/password");
    EXPECT_THAT(browser_.Get("/account/password").body, HasSubstr("一次性密碼"));

    const auto changed = browser_.Post("/account/password", {{"current", console_.first_password()},
                                                             {"replacement", "Well-Kept-Secret-1"},
                                                             {"repeated", "Well-Kept-Secret-1"}});
    EXPECT_EQ(LocationOf(changed), "/");
    EXPECT_EQ(browser_.Get("/users").status, 200);
}

TEST_F(SigningIn, CanBeGivenUpWhileThePasswordHasToBeChanged) {
    browser_.Post("/login", Credentials("admin", console_.first_password()));
    EXPECT_EQ(LocationOf(browser_.Post("/sign-out")), "/login");
    EXPECT_EQ(browser_.Cookie(web::kSessionCookie), "");
}

TEST_F(SigningIn, TellsAWrongNameNoOtherThingThanAWrongPassword) {
    const auto wrong_name = browser_.Post("/login", Credentials("nobody", "Wrong-Password-1"));
    const auto wrong_password = browser_.Post("/login", Credentials("admin", "Wrong-Password-1"));
    EXPECT_EQ(wrong_name.status, 401);
    EXPECT_EQ(wrong_password.status, 401);
    EXPECT_EQ(PageText(wrong_name.body), PageText(wrong_password.body));
    EXPECT_EQ(browser_.Cookie(web::kSessionCookie), "");
}

TEST_F(SigningIn, KeepsTheNameThatWasTypedAndNeverThePassword) {
    const auto refused = browser_.Post("/login", Credentials("\"><b>x", "Wrong-Password-1"));
    EXPECT_THAT(refused.body, HasSubstr(R"(value="&quot;&gt;&lt;b&gt;x")"));
    EXPECT_THAT(refused.body, Not(HasSubstr("Wrong-Password-1")));
}

TEST_F(SigningIn, IsRefusedForFifteenMinutesAfterFiveFailures) {
    const TestPerson person = console_.AddPerson("lin", Role::kSystemAdmin);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(browser_.Post("/login", Credentials("lin", "Wrong-Password-1")).status, 401);
    const auto locked = browser_.Post("/login", Credentials("lin", person.password));
    EXPECT_EQ(locked.status, 401);
    EXPECT_EQ(PageText(locked.body), PageText(browser_.Post("/login", Credentials("nobody", "x")).body));
    console_.clock().Advance(14min + 59s);
    EXPECT_EQ(browser_.Post("/login", Credentials("lin", person.password)).status, 401);
    console_.clock().Advance(1s);
    EXPECT_EQ(LocationOf(browser_.Post("/login", Credentials("lin", person.password))), "/");
}

TEST_F(SigningIn, SlowsDownWhoeverTriesTooOften) {
    for (int i = 0; i < 30; ++i) browser_.Post("/login", Credentials("nobody", "x"));
    EXPECT_EQ(browser_.Post("/login", Credentials("nobody", "x")).status, 429);
}

TEST_F(SigningIn, LeadsBackToThePageThatWasAskedFor) {
    const TestPerson person = console_.AddPerson("lin", Role::kAdministrator);
    const std::string sign_in = LocationOf(browser_.Get("/users?state=locked"));
    EXPECT_EQ(sign_in, "/login?next=%2Fusers%3Fstate%3Dlocked");
    EXPECT_THAT(browser_.Get(sign_in).body, HasSubstr(R"(name="next" value="/users?state=locked")"));
    EXPECT_EQ(LocationOf(browser_.Post("/login", Credentials("lin", person.password, "/users?state=locked"))),
              "/users?state=locked");
    EXPECT_EQ(LocationOf(browser_.Get(sign_in)), "/users?state=locked") << "already signed in";
}

TEST_F(SigningIn, NeverLeadsToAnotherSite) {
    const TestPerson person = console_.AddPerson("lin", Role::kSystemAdmin);
    for (const std::string next : {"//evil.test", "https://evil.test/", "/\\evil.test", "\\\\evil.test",
                                   "javascript:alert(1)", "evil.test", "/a\r\nX: y"}) {
        const std::string asked = "/login?next=" + net::PercentEncode(next);
        EXPECT_THAT(GateClient(console_).Get(asked).body, HasSubstr(R"(name="next" value="/")")) << next;
        GateClient fresh(console_);
        EXPECT_EQ(LocationOf(fresh.Post("/login", Credentials("lin", person.password, next))), "/") << next;
        EXPECT_EQ(LocationOf(fresh.Get(asked)), "/") << next;
    }
}

TEST_F(SigningIn, GivesASecretOfItsOwnAndEndsTheSessionThatWasThere) {
    const TestPerson person = console_.AddPerson("lin", Role::kSystemAdmin);
    browser_.SetCookie(web::kSessionCookie, "planted-by-somebody-else");
    browser_.Post("/login", Credentials("lin", person.password));
    const std::string first = browser_.Cookie(web::kSessionCookie);
    EXPECT_NE(first, "planted-by-somebody-else");

    browser_.Post("/login", Credentials("lin", person.password));
    EXPECT_NE(browser_.Cookie(web::kSessionCookie), first);
    EXPECT_FALSE(console_.identity().AuthenticateSession(first, "192.0.2.7").ok());
    EXPECT_TRUE(console_.identity().AuthenticateSession(browser_.Cookie(web::kSessionCookie), "192.0.2.7").ok());
}

TEST_F(SigningIn, SetsACookieThatScriptsAndOtherHostsCannotReach) {
    const TestPerson person = console_.AddPerson("lin", Role::kSystemAdmin);
    net::Request request = browser_.MakeRequest(net::Method::kPost, "/login");
    request.is_tls = true;
    request.headers.Set("Sec-Fetch-Site", "same-origin");
    request.headers.Set("Content-Type", "application/x-www-form-urlencoded");
    request.body = "name=lin&password=" + person.password;
    const std::string cookie(browser_.Send(request).headers.Get("Set-Cookie"));
    EXPECT_THAT(cookie, ::testing::StartsWith("__Host-opsteward="));
    for (const std::string_view attribute : {"; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"})
        EXPECT_THAT(cookie, HasSubstr(attribute));
}

TEST_F(SigningIn, IsRefusedWhenAnotherSiteSendsTheForm) {
    const TestPerson person = console_.AddPerson("lin", Role::kSystemAdmin);
    net::Request request = browser_.MakeRequest(net::Method::kPost, "/login");
    request.headers.Set("Sec-Fetch-Site", "cross-site");
    request.headers.Set("Content-Type", "application/x-www-form-urlencoded");
    request.body = "name=lin&password=" + person.password;
    EXPECT_EQ(browser_.Send(request).status, 403);
    EXPECT_EQ(browser_.Cookie(web::kSessionCookie), "");
}

TEST_F(SigningIn, TakesACodeFromThoseWhoHaveASecondFactor) {
    const TestPerson person = console_.AddPerson("lin", Role::kAdministrator);
    const auto secret = SetUpTotp(person).first;
    const auto step = browser_.Post("/login", Credentials("lin", person.password, "/users"));
    EXPECT_EQ(step.status, 200);
    EXPECT_EQ(browser_.Cookie(web::kSessionCookie), "") << "no session by the password alone";
    const std::string ticket = Between(step.body, R"(name="ticket" value=")", "\"");

    const auto wrong = browser_.Post("/login/code", {{"ticket", ticket}, {"code", "000000"}, {"next", "/users"}});
    EXPECT_EQ(wrong.status, 401);
    EXPECT_THAT(wrong.body, HasSubstr(R"(name="ticket" value=")" + ticket)) << "the next try needs no password";
    EXPECT_EQ(browser_.Cookie(web::kSessionCookie), "");

    EXPECT_EQ(
        LocationOf(browser_.Post("/login/code", {{"ticket", ticket}, {"code", CodeNow(secret)}, {"next", "/users"}})),
        "/users");
    EXPECT_EQ(browser_.Get("/users").status, 200);
    EXPECT_EQ(browser_.Post("/login/code", {{"ticket", ticket}, {"code", CodeNow(secret)}}).status, 401)
        << "a ticket is good once";
}

TEST_F(SigningIn, TakesEachRecoveryCodeOnce) {
    const TestPerson person = console_.AddPerson("lin", Role::kAdministrator);
    const auto codes = SetUpTotp(person).second;
    const auto enter = [&] {
        const auto step = browser_.Post("/login", Credentials("lin", person.password));
        return browser_.Post(
            "/login/code", {{"ticket", Between(step.body, R"(name="ticket" value=")", "\"")}, {"code", codes.front()}});
    };
    EXPECT_EQ(LocationOf(enter()), "/");
    EXPECT_EQ(enter().status, 401);
}

TEST_F(SigningIn, EndsAfterFiveMinutesBetweenPasswordAndCode) {
    const TestPerson person = console_.AddPerson("lin", Role::kAdministrator);
    const auto secret = SetUpTotp(person).first;
    const auto step = browser_.Post("/login", Credentials("lin", person.password));
    console_.clock().Advance(5min);
    const auto late = browser_.Post(
        "/login/code", {{"ticket", Between(step.body, R"(name="ticket" value=")", "\"")}, {"code", CodeNow(secret)}});
    EXPECT_EQ(late.status, 401);
    EXPECT_THAT(late.body, HasSubstr("登入逾時"));
    EXPECT_EQ(LocationOf(browser_.Get("/login/code")), "/login") << "a reload begins again";
}

TEST_F(SigningIn, NeverLeadsToAnotherSiteAfterTheSecondStepEither) {
    const TestPerson person = console_.AddPerson("lin", Role::kAdministrator);
    const auto secret = SetUpTotp(person).first;
    const auto step = browser_.Post("/login", Credentials("lin", person.password, "//evil.test"));
    const std::string ticket = Between(step.body, R"(name="ticket" value=")", "\"");
    EXPECT_EQ(LocationOf(browser_.Post("/login/code",
                                       {{"ticket", ticket}, {"code", CodeNow(secret)}, {"next", "//evil.test"}})),
              "/");
}

TEST_F(SigningIn, OutEndsTheSessionAndSaysSo) {
    GateClient browser = BrowserOf(console_.AddPerson("lin", Role::kAdministrator));
    const std::string secret = browser.Cookie(web::kSessionCookie);
    EXPECT_EQ(LocationOf(browser.Post("/sign-out")), "/login");
    EXPECT_FALSE(console_.identity().AuthenticateSession(secret, "192.0.2.7").ok());
    EXPECT_THAT(browser.Get("/login").body, HasSubstr("已登出"));
    EXPECT_EQ(LocationOf(browser.Get("/account")), "/login?next=%2Faccount");
}

TEST_F(SigningIn, OutNeedsTheTokenOfTheSession) {
    GateClient browser = BrowserOf(console_.AddPerson("lin", Role::kAdministrator));
    net::Request request = browser.MakeRequest(net::Method::kPost, "/sign-out");
    request.headers.Set("Sec-Fetch-Site", "same-origin");
    EXPECT_EQ(browser.Send(request).status, 403);
    EXPECT_EQ(browser.Get("/account").status, 200);
}

}  // namespace
}  // namespace opsteward::console
