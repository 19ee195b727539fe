#include <gtest/gtest.h>

#include "base/text.hpp"
#include "crypto/crypto.hpp"
#include "platform/console/access/access_fixture.hpp"
#include "platform/web/gate.hpp"

namespace opsteward::console {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using namespace std::chrono_literals;

class OwnAccount : public AccessTest {
  protected:
    std::string CodeFor(const std::string& secret_base32) {
        return crypto::TotpCode(crypto::Base32Decode(secret_base32).value(), crypto::TotpStep(console_.clock().Now()));
    }

    const TestPerson person_ = console_.AddPerson("lin", {{Role::kSystemAdmin, top_}}, 0, "Lin Mei");
    GateClient browser_ = BrowserOf(person_);
};

TEST_F(OwnAccount, ShowsWhoOneIsAndWhatOneMayDo) {
    const std::string page = browser_.Get("/account").body;
    EXPECT_THAT(page, HasSubstr("Lin Mei"));
    EXPECT_THAT(page, HasSubstr("系統管理人員"));
}

TEST_F(OwnAccount, AsksAdministratorsForASecondFactor) {
    const std::string wish = "您是平台管理者，請設定兩步驟驗證";
    EXPECT_THAT(browser_.Get("/account").body, Not(HasSubstr(wish)));
    EXPECT_THAT(BrowserOf(console_.AddPerson("boss", Role::kAdministrator)).Get("/account").body, HasSubstr(wish));
}

TEST_F(OwnAccount, ChangesThePasswordAndEndsTheSessionsElsewhere) {
    GateClient elsewhere = BrowserOf(person_);
    const auto changed = browser_.Post(
        "/account/password",
        {{"current", person_.password}, {"replacement", "Another-Secret-22"}, {"repeated", "Another-Secret-22"}});
    EXPECT_EQ(LocationOf(changed), "/account");
    EXPECT_EQ(browser_.Get("/account").status, 200);
    EXPECT_EQ(LocationOf(elsewhere.Get("/account")), "/login?next=%2Faccount");
    EXPECT_THAT(TrailText(), Not(HasSubstr("Another-Secret-22")));
}

struct RefusedPassword {
    std::string current, replacement, repeated, said;
};
class PasswordChange : public OwnAccount, public ::testing::WithParamInterface<RefusedPassword> {};
INSTANTIATE_TEST_SUITE_P(Refusals, PasswordChange,
                         ::testing::Values(RefusedPassword{"Wrong-Password-1", "Another-Secret-22", "Another-Secret-22",
                                                           "目前的密碼不正確"},
                                           RefusedPassword{"Well-Kept-Secret-1", "Another-Secret-22",
                                                           "Another-Secret-23", "兩次輸入的新密碼不同"},
                                           RefusedPassword{"Well-Kept-Secret-1", "Well-Kept-Secret-1",
                                                           "Well-Kept-Secret-1", "不可使用最近 3 次用過的密碼"},
                                           RefusedPassword{"Well-Kept-Secret-1", "short", "short", "密碼"}));

TEST_P(PasswordChange, SaysWhyItIsRefusedAndShowsNoPassword) {
    const auto refused = browser_.Post(
        "/account/password",
        {{"current", GetParam().current}, {"replacement", GetParam().replacement}, {"repeated", GetParam().repeated}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_THAT(refused.body, HasSubstr(GetParam().said));
    EXPECT_THAT(refused.body, Not(HasSubstr(GetParam().replacement + "\"")));
    EXPECT_TRUE(console_.identity().SignInWithPassword("lin", person_.password, "192.0.2.8", "").ok());
}

TEST_F(OwnAccount, SetsUpTheSecondFactorByScanningAndOneCode) {
    EXPECT_EQ(browser_.Get("/account/totp").status, 200);
    const auto begun = browser_.Post("/account/totp/begin");
    EXPECT_THAT(begun.body, HasSubstr(R"(<svg viewBox="0 0 )"));
    const std::string secret = Between(begun.body, R"(data-copy=")", "\"");
    EXPECT_FALSE(Account(person_.id).has_totp) << "nothing is in force before a code has proved it";

    const auto wrong = browser_.Post("/account/totp", {{"code", "000000"}});
    EXPECT_EQ(wrong.status, 422);
    EXPECT_FALSE(Account(person_.id).has_totp);

    const auto done = browser_.Post("/account/totp", {{"code", CodeFor(secret)}});
    EXPECT_EQ(done.status, 200);
    EXPECT_EQ(done.headers.Get("Cache-Control"), "no-store");
    EXPECT_THAT(SplitLines(Between(done.body, "<pre class=\"ops-code-block\" tabindex=\"0\"><code>", "</code>")),
                SizeIs(10));
    EXPECT_TRUE(Account(person_.id).has_totp);
    EXPECT_THAT(browser_.Get("/account/totp").body, Not(HasSubstr(secret))) << "shown once";
    EXPECT_THAT(TrailText(), Not(HasSubstr(secret)));
}

TEST_F(OwnAccount, RefusesACodeWhenSettingUpHasNotBegun) {
    EXPECT_EQ(browser_.Post("/account/totp", {{"code", "123456"}}).status, 409);
}

TEST_F(OwnAccount, ListsItsSessionsAndEndsOthers) {
    GateClient elsewhere = BrowserOf(person_);
    const std::string page = browser_.Get("/account/sessions").body;
    EXPECT_THAT(page, HasSubstr("目前這個"));
    const std::string id =
        Between(page, R"(<td><form class="ops-form" method="post" action="/account/sessions/)", "/revoke\"");
    EXPECT_EQ(LocationOf(browser_.Post("/account/sessions/" + id + "/revoke")), "/account/sessions");
    EXPECT_EQ(LocationOf(elsewhere.Get("/account")), "/login?next=%2Faccount");
    EXPECT_EQ(browser_.Get("/account").status, 200);

    GateClient third = BrowserOf(person_);
    EXPECT_EQ(LocationOf(browser_.Post("/account/sessions/revoke-others")), "/account/sessions");
    EXPECT_EQ(third.Get("/account").status, 303);
}

TEST_F(OwnAccount, CannotEndSessionsOrTokensOfSomebodyElse) {
    const TestPerson other = console_.AddPerson("wang", Role::kSystemAdmin);
    GateClient others_browser = BrowserOf(other);
    Must(console_.identity().CreateToken(other.actor, other.id, "backup", true, 30));
    const auto session = Must(console_.identity().Sessions(other.id)).front();
    const auto token = Must(console_.identity().Tokens(other.id)).front();
    EXPECT_EQ(browser_.Post("/account/sessions/" + std::to_string(session.id) + "/revoke").status, 404);
    EXPECT_EQ(browser_.Post("/account/tokens/" + std::to_string(token.id) + "/revoke").status, 404);
    EXPECT_EQ(others_browser.Get("/account").status, 200);
    EXPECT_THAT(Must(console_.identity().Tokens(other.id)), SizeIs(1));
}

TEST_F(OwnAccount, MakesATokenThatIsShownOnceAndWorksUntilRevoked) {
    const auto made =
        browser_.Post("/account/tokens", {{"name", "backup <script>"}, {"scope", "read"}, {"days", "30"}});
    EXPECT_EQ(made.status, 200);
    const std::string token = Between(made.body, R"(data-copy=")", "\"");
    EXPECT_THAT(token, ::testing::StartsWith("ops_"));
    EXPECT_THAT(made.body, Not(HasSubstr(R"(value="backup)"))) << "the form is ready for the next one";
    const std::string page = browser_.Get("/account/tokens").body;
    EXPECT_THAT(page, Not(HasSubstr(token)));
    EXPECT_THAT(page, HasSubstr("backup &lt;script&gt;"));
    EXPECT_THAT(TrailText(), Not(HasSubstr(token)));

    GateClient program(console_);
    program.UseToken(token);
    EXPECT_EQ(program.Get("/api/v1/me").status, 200);
    const auto id = Must(console_.identity().Tokens(person_.id)).front().id;
    EXPECT_EQ(LocationOf(browser_.Post("/account/tokens/" + std::to_string(id) + "/revoke")), "/account/tokens");
    EXPECT_EQ(program.Get("/api/v1/me").status, 401);
}

TEST_F(OwnAccount, KeepsWhatWasTypedWhenATokenIsRefused) {
    for (const std::string days : {"0", "367", "x", "-1", "99999999999"}) {
        const auto refused = browser_.Post("/account/tokens", {{"name", "backup"}, {"scope", "read"}, {"days", days}});
        EXPECT_EQ(refused.status, 422) << days;
        EXPECT_THAT(refused.body, HasSubstr(R"(value="backup")"));
    }
    EXPECT_EQ(browser_.Post("/account/tokens", {{"name", "backup"}, {"scope", "everything"}, {"days", "3"}}).status,
              422);
    EXPECT_THAT(Must(console_.identity().Tokens(person_.id)), SizeIs(0));
}

TEST_F(OwnAccount, ChangesNothingWithoutTheTokenOfTheSession) {
    for (const std::string_view path :
         {"/account/password", "/account/totp/begin", "/account/tokens", "/account/sessions/revoke-others"}) {
        net::Request request = browser_.MakeRequest(net::Method::kPost, path);
        request.headers.Set("Sec-Fetch-Site", "same-origin");
        request.headers.Set("Content-Type", "application/x-www-form-urlencoded");
        request.body = "csrf=guessed&name=x&scope=read&days=3";
        EXPECT_EQ(browser_.Send(request).status, 403) << path;
    }
    EXPECT_THAT(Must(console_.identity().Tokens(person_.id)), SizeIs(0));
}

}  // namespace
}  // namespace opsteward::console
