// Who gets in, with a password, a code, a session or a token.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "base/text.hpp"
#include "platform/identity/identity_test_support.hpp"

namespace opsteward::identity {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

class SignInTest : public IdentityTest {
  protected:
    void SetUp() override {
        IdentityTest::SetUp();
        if (IsSkipped()) return;
        wang_ = Hire("wang", {{Role::kNetworkAdmin, office_}});
    }
    void Fail(int times) {
        for (int i = 0; i < times; ++i) EXPECT_EQ(CodeOf(SignInAs("wang", "wrong")), ErrorCode::kUnauthenticated);
    }
    /// Sets up the second factor and gives its secret; the code used for it is spent.
    std::vector<std::uint8_t> SetUpTotp() {
        const auto enrolment = Must(identity().BeginTotp(wang_));
        const auto secret = crypto::Base32Decode(enrolment.secret_base32).value();
        recovery_codes_ = Must(identity().ConfirmTotp(wang_, crypto::TotpCode(secret, crypto::TotpStep(clock_.Now()))));
        clock_.Advance(seconds(60));
        return secret;
    }
    std::string Ticket() {
        const auto half = Must(SignInAs("wang"));
        EXPECT_EQ(half.step, SignIn::Step::kNeedsTotp);
        EXPECT_EQ(half.session_secret, "");
        return half.totp_ticket;
    }
    Result<SignIn> SendCode(const std::string& ticket, std::string_view code) {
        return identity().SignInWithTotp(ticket, code, kAddress, "Firefox");
    }

    audit::Actor wang_;
    std::vector<std::string> recovery_codes_;
};

TEST_P(SignInTest, OpensASessionThatIsRecognisedWithItsRoles) {
    const auto done = Must(SignInAs("wang"));
    EXPECT_EQ(done.step, SignIn::Step::kDone);
    const auto who = Must(identity().AuthenticateSession(done.session_secret, "198.51.100.9"));
    EXPECT_EQ(who.principal.user_id(), wang_.user_id);
    EXPECT_EQ(who.principal.actor().name, "wang");
    EXPECT_EQ(who.principal.actor().address, "198.51.100.9");
    EXPECT_EQ(who.principal.display_name(), "王小明");
    EXPECT_TRUE(who.principal.May("devices.change", office_));
    EXPECT_TRUE(who.may_write);
    ASSERT_TRUE(who.session.has_value());
    EXPECT_EQ(who.session->user_agent, "Firefox");
    EXPECT_EQ(who.session->csrf_token.size(), 43U);
    EXPECT_FALSE(who.session->must_change_password);
    EXPECT_EQ(Of(wang_).last_sign_in_at, clock_.Now());
    EXPECT_EQ(LastAction(), "account.sign_in");
}

TEST_P(SignInTest, AnswersAWrongNameLikeAWrongPassword) {
    const auto wrong_password = SignInAs("wang", "wrong");
    for (const std::string_view name : {"nobody", "", "WANG", "wang ", "' OR 1=1 --", "王"}) {
        const auto wrong_name = SignInAs(name, "wrong");
        ASSERT_FALSE(wrong_name.ok());
        EXPECT_EQ(wrong_name.error().code, wrong_password.error().code);
        EXPECT_EQ(wrong_name.error().caller_text, wrong_password.error().caller_text);
    }
}

TEST_P(SignInTest, LocksAfterFiveFailuresForFifteenMinutesEvenForTheRightPassword) {
    Fail(4);
    EXPECT_FALSE(Of(wang_).locked_until.has_value());
    Fail(1);
    EXPECT_EQ(Of(wang_).locked_until, clock_.Now() + minutes(15));
    EXPECT_EQ(LastAction(), "account.lock");
    const auto refused = SignInAs("wang");
    EXPECT_EQ(CodeOf(refused), ErrorCode::kUnauthenticated);
    EXPECT_EQ(refused.error().caller_text, SignInAs("nobody", "wrong").error().caller_text) << "the lock tells a guesser nothing";
    clock_.Advance(minutes(15) - milliseconds(1));
    EXPECT_FALSE(SignInAs("wang").ok());
    clock_.Advance(milliseconds(1));
    EXPECT_TRUE(SignInAs("wang").ok());
    EXPECT_FALSE(Of(wang_).locked_until.has_value());
}

TEST_P(SignInTest, CountsFromTheBeginningAfterASuccess) {
    Fail(4);
    EXPECT_TRUE(SignInAs("wang").ok());
    Fail(4);
    EXPECT_TRUE(SignInAs("wang").ok());
}

TEST_P(SignInTest, LocksAgainAfterFiveMoreFailures) {
    Fail(5);
    clock_.Advance(minutes(15));
    Fail(4);
    EXPECT_TRUE(SignInAs("wang").ok());
    Fail(5);
    EXPECT_FALSE(SignInAs("wang").ok());
}

TEST_P(SignInTest, CountsFailuresThatHappenAtTheSameTime) {
    std::vector<std::thread> guessers;
    for (int i = 0; i < 5; ++i) guessers.emplace_back([&] { (void)SignInAs("wang", "wrong"); });
    for (auto& guesser : guessers) guesser.join();
    EXPECT_TRUE(Of(wang_).locked_until.has_value());
}

TEST_P(SignInTest, ALockThatComesWhileAPasswordIsVerifiedCounts) {
    // 20 tries at once, one of them right: at most as many are looked at as are allowed one after the other.
    Fail(4);
    std::vector<std::thread> guessers;
    std::atomic<int> let_in = 0;
    for (int i = 0; i < 20; ++i) {
        guessers.emplace_back([&, i] {
            if (SignInAs("wang", i == 19 ? kGood : "wrong").ok()) ++let_in;
        });
    }
    for (auto& guesser : guessers) guesser.join();
    const auto actions = Actions();
    const auto failures = std::count(actions.begin(), actions.end(), "account.sign_in_failed");
    EXPECT_LE(failures, let_in == 1 ? 9 : 5);
}

TEST_P(SignInTest, UnlockLetsInAtOnce) {
    Fail(5);
    ASSERT_TRUE(identity().Unlock(admin_, wang_.user_id).ok());
    EXPECT_EQ(LastAction(), "account.unlock");
    EXPECT_TRUE(SignInAs("wang").ok());
}

TEST_P(SignInTest, IsSlowedDownAfterThirtyTriesPerMinuteAndAddress) {
    for (int i = 0; i < 30; ++i) (void)identity().SignInWithPassword("nobody", "x", "203.0.113.5", "");
    const auto refused = identity().SignInWithPassword("wang", kGood, "203.0.113.5", "");
    EXPECT_EQ(CodeOf(refused), ErrorCode::kTooMany);
    EXPECT_TRUE(identity().SignInWithPassword("wang", kGood, "203.0.113.6", "").ok()) << "others go on";
    clock_.Advance(minutes(1));
    EXPECT_TRUE(identity().SignInWithPassword("wang", kGood, "203.0.113.5", "").ok());
}

TEST_P(SignInTest, EndsWithTheAccount) {
    const std::string secret = Session("wang");
    const std::string token = Must(identity().CreateToken(wang_, wang_.user_id, "t", true, 30));
    Account account = Of(wang_);
    account.ends_at = clock_.Now() + minutes(10);
    ASSERT_TRUE(identity().UpdateAccount(admin_, account).ok());
    clock_.Advance(minutes(10) - milliseconds(1));
    EXPECT_TRUE(SignInAs("wang").ok());
    EXPECT_TRUE(IsSignedIn(secret));
    clock_.Advance(milliseconds(1));
    EXPECT_FALSE(SignInAs("wang").ok());
    EXPECT_FALSE(IsSignedIn(secret));
    EXPECT_FALSE(identity().AuthenticateToken(token, kAddress).ok());
}

TEST_P(SignInTest, IsRefusedToADisabledAccountAndEndsItsSessionsAndTokens) {
    const std::string secret = Session("wang");
    const std::string token = Must(identity().CreateToken(wang_, wang_.user_id, "t", true, 30));
    Account account = Of(wang_);
    account.is_enabled = false;
    ASSERT_TRUE(identity().UpdateAccount(admin_, account).ok());
    EXPECT_EQ(LastAction(), "account.disable");
    EXPECT_FALSE(SignInAs("wang").ok());
    EXPECT_FALSE(IsSignedIn(secret));
    EXPECT_FALSE(identity().AuthenticateToken(token, kAddress).ok());
    account.is_enabled = true;
    ASSERT_TRUE(identity().UpdateAccount(admin_, account).ok());
    EXPECT_TRUE(SignInAs("wang").ok());
    EXPECT_FALSE(IsSignedIn(secret)) << "what was ended stays so";
}

TEST_P(SignInTest, WithAOneTimePasswordSaysThatItMustBeChanged) {
    const auto must_change = [&](const std::string& secret) {
        return Must(identity().AuthenticateSession(secret, kAddress)).session->must_change_password;
    };
    EXPECT_TRUE(must_change(Session("admin", first_password_)));
    const std::string reset = Must(identity().ResetPassword(admin_, wang_.user_id));
    const std::string secret = Session("wang", reset);
    EXPECT_TRUE(must_change(secret));
    ASSERT_TRUE(identity().ChangePassword(wang_, reset, "Other-Sturdy-Horse-8").ok());
    EXPECT_FALSE(must_change(secret));
}

TEST_P(SignInTest, WithAPasswordOfNinetyDaysSaysThatItMustBeChanged) {
    clock_.Advance(days(90) - milliseconds(1));
    const std::string secret = Session("wang");
    EXPECT_FALSE(Must(identity().AuthenticateSession(secret, kAddress)).session->must_change_password);
    clock_.Advance(milliseconds(1));
    EXPECT_TRUE(Must(identity().AuthenticateSession(secret, kAddress)).session->must_change_password);
}

TEST_P(SignInTest, ResetEndsAllSessionsAndTheOldPassword) {
    const std::string secret = Session("wang");
    const std::string reset = Must(identity().ResetPassword(admin_, wang_.user_id));
    EXPECT_EQ(LastAction(), "account.reset_password");
    EXPECT_FALSE(IsSignedIn(secret));
    EXPECT_FALSE(SignInAs("wang").ok());
    EXPECT_TRUE(SignInAs("wang", reset).ok());
}

TEST_P(SignInTest, ASessionEndsAfterThirtyIdleMinutes) {
    const std::string secret = Session("wang");
    for (int i = 0; i < 4; ++i) {
        clock_.Advance(minutes(29));
        EXPECT_TRUE(IsSignedIn(secret)) << i;
    }
    clock_.Advance(minutes(30) - milliseconds(1));
    EXPECT_TRUE(IsSignedIn(secret));
    clock_.Advance(minutes(30));
    EXPECT_FALSE(IsSignedIn(secret));
}

TEST_P(SignInTest, ASessionIsNotProlongedByAPageThatAsksOnItsOwn) {
    const std::string secret = Session("wang");
    const auto is_recognised = [&] { return identity().AuthenticateSession(secret, kAddress, SessionUse::kByPageItself).ok(); };
    clock_.Advance(minutes(20));
    EXPECT_TRUE(IsSignedIn(secret));
    for (int i = 0; i < 2; ++i) {
        clock_.Advance(minutes(10));
        EXPECT_TRUE(is_recognised()) << i;
    }
    EXPECT_EQ(Must(identity().Sessions(wang_.user_id)).at(0).last_used_at, clock_.Now() - minutes(20));
    clock_.Advance(minutes(10) - milliseconds(1));
    EXPECT_TRUE(is_recognised());
    clock_.Advance(milliseconds(1));
    EXPECT_FALSE(is_recognised());
    EXPECT_FALSE(IsSignedIn(secret));
}

TEST_P(SignInTest, ASessionEndsAfterTwelveHoursHoweverBusy) {
    const std::string secret = Session("wang");
    for (int i = 0; i < 12 * 3 - 1; ++i) {
        clock_.Advance(minutes(20));
        ASSERT_TRUE(IsSignedIn(secret)) << i;
    }
    clock_.Advance(minutes(20));
    EXPECT_FALSE(IsSignedIn(secret));
    EXPECT_TRUE(Must(identity().Sessions(wang_.user_id)).empty());
}

TEST_P(SignInTest, ASessionEndsWithSigningOut) {
    const std::string secret = Session("wang");
    const std::string other = Session("wang");
    ASSERT_TRUE(identity().SignOut(*Must(identity().AuthenticateSession(secret, kAddress)).session).ok());
    EXPECT_EQ(LastAction(), "account.sign_out");
    EXPECT_FALSE(IsSignedIn(secret));
    EXPECT_TRUE(IsSignedIn(other));
}

TEST_P(SignInTest, ASessionCanBeRevokedOnce) {
    const std::string secret = Session("wang");
    const auto sessions = Must(identity().Sessions(wang_.user_id));
    ASSERT_EQ(sessions.size(), 1U);
    EXPECT_EQ(CodeOf(identity().RevokeSession(admin_, admin_.user_id, sessions[0].id)), ErrorCode::kNotFound) << "of somebody else";
    ASSERT_TRUE(identity().RevokeSession(wang_, wang_.user_id, sessions[0].id).ok());
    EXPECT_EQ(LastAction(), "account.revoke_session");
    EXPECT_FALSE(IsSignedIn(secret));
    EXPECT_EQ(CodeOf(identity().RevokeSession(wang_, wang_.user_id, sessions[0].id)), ErrorCode::kNotFound);
}

TEST_P(SignInTest, ASessionIsNotRecognisedByAnythingButItsSecret) {
    const std::string secret = Session("wang");
    for (const std::string& other : {std::string(), std::string("x"), secret + "x", secret.substr(1), crypto::Sha256Hex(secret)}) {
        EXPECT_EQ(CodeOf(identity().AuthenticateSession(other, kAddress)), ErrorCode::kUnauthenticated);
    }
}

TEST_P(SignInTest, WithASecondFactorNeedsItsCode) {
    const auto secret = SetUpTotp();
    const std::string ticket = Ticket();
    EXPECT_FALSE(IsSignedIn(ticket)) << "the ticket is no session";
    const auto done = Must(SendCode(ticket, crypto::TotpCode(secret, crypto::TotpStep(clock_.Now()))));
    EXPECT_EQ(done.step, SignIn::Step::kDone);
    EXPECT_TRUE(IsSignedIn(done.session_secret));
}

TEST_P(SignInTest, TakesEveryCodeAndEveryTicketOnce) {
    const auto secret = SetUpTotp();
    const std::string code = crypto::TotpCode(secret, crypto::TotpStep(clock_.Now()));
    const std::string ticket = Ticket();
    ASSERT_TRUE(SendCode(ticket, code).ok());
    EXPECT_EQ(CodeOf(SendCode(ticket, code)), ErrorCode::kUnauthenticated) << "the ticket is used up";
    EXPECT_EQ(CodeOf(SendCode(Ticket(), code)), ErrorCode::kUnauthenticated) << "the code is used up";
    clock_.Advance(seconds(30));
    EXPECT_TRUE(SendCode(Ticket(), crypto::TotpCode(secret, crypto::TotpStep(clock_.Now()))).ok());
}

TEST_P(SignInTest, TakesACodeOnceFromManyAtTheSameTime) {
    const auto secret = SetUpTotp();
    const std::string code = crypto::TotpCode(secret, crypto::TotpStep(clock_.Now()));
    std::vector<std::string> tickets;
    for (int i = 0; i < 4; ++i) tickets.push_back(Ticket());
    std::atomic<int> let_in = 0;
    std::vector<std::thread> senders;
    for (const auto& ticket : tickets) {
        senders.emplace_back([&] {
            if (SendCode(ticket, code).ok()) ++let_in;
        });
    }
    for (auto& sender : senders) sender.join();
    EXPECT_EQ(let_in, 1);
}

TEST_P(SignInTest, TakesATicketForFiveMinutes) {
    const auto secret = SetUpTotp();
    const std::string ticket = Ticket();
    clock_.Advance(minutes(5));
    EXPECT_EQ(CodeOf(SendCode(ticket, crypto::TotpCode(secret, crypto::TotpStep(clock_.Now())))), ErrorCode::kUnauthenticated);
}

TEST_P(SignInTest, LocksAfterFiveWrongCodes) {
    const auto secret = SetUpTotp();
    const std::string ticket = Ticket();
    for (int i = 0; i < 5; ++i) EXPECT_EQ(CodeOf(SendCode(ticket, "abcdef")), ErrorCode::kUnauthenticated);
    EXPECT_TRUE(Of(wang_).locked_until.has_value());
    EXPECT_FALSE(SendCode(ticket, crypto::TotpCode(secret, crypto::TotpStep(clock_.Now()))).ok());
}

TEST_P(SignInTest, TakesEveryRecoveryCodeOnce) {
    SetUpTotp();
    ASSERT_EQ(std::set<std::string>(recovery_codes_.begin(), recovery_codes_.end()).size(), 10U);
    EXPECT_TRUE(SendCode(Ticket(), " " + recovery_codes_[0] + " ").ok());
    EXPECT_THAT(Actions(), Contains("account.use_recovery_code"));
    EXPECT_FALSE(SendCode(Ticket(), recovery_codes_[0]).ok());
    EXPECT_TRUE(SendCode(Ticket(), recovery_codes_[9]).ok());
    EXPECT_EQ(RowsIn("recovery_codes"), 8);
}

TEST_P(SignInTest, NeedsNoCodeAfterTheSecondFactorWasRemoved) {
    const auto secret = SetUpTotp();
    const std::string ticket = Ticket();
    ASSERT_TRUE(identity().RemoveTotp(admin_, wang_.user_id).ok());
    EXPECT_EQ(LastAction(), "account.remove_totp");
    EXPECT_FALSE(SendCode(ticket, crypto::TotpCode(secret, crypto::TotpStep(clock_.Now()))).ok());
    EXPECT_FALSE(SendCode(ticket, recovery_codes_[0]).ok());
    EXPECT_EQ(Must(SignInAs("wang")).step, SignIn::Step::kDone);
}

TEST_P(SignInTest, NeedsNoCodeBeforeTheSecondFactorIsConfirmed) {
    EXPECT_EQ(CodeOf(identity().ConfirmTotp(wang_, "123456")), ErrorCode::kConflict);
    const auto enrolment = Must(identity().BeginTotp(wang_));
    EXPECT_THAT(enrolment.uri, HasSubstr("secret=" + enrolment.secret_base32));
    EXPECT_EQ(CodeOf(identity().ConfirmTotp(wang_, "abcdef")), ErrorCode::kInvalidInput);
    EXPECT_EQ(Must(SignInAs("wang")).step, SignIn::Step::kDone);
    EXPECT_FALSE(Of(wang_).has_totp);
}

TEST_P(SignInTest, ATokenActsWithinItsScopeUntilItEnds) {
    const std::string reader = Must(identity().CreateToken(wang_, wang_.user_id, "監控", false, 1));
    const std::string writer = Must(identity().CreateToken(wang_, wang_.user_id, "匯入", true, 366));
    const auto read = Must(identity().AuthenticateToken(reader, "198.51.100.9"));
    EXPECT_FALSE(read.may_write);
    EXPECT_FALSE(read.session.has_value());
    EXPECT_EQ(read.principal.actor().address, "198.51.100.9");
    EXPECT_TRUE(read.principal.May("devices.read", office_));
    EXPECT_FALSE(read.principal.May("devices.change", office_));
    const auto write = Must(identity().AuthenticateToken(writer, kAddress));
    EXPECT_TRUE(write.may_write);
    EXPECT_TRUE(write.principal.May("devices.change", office_));
    clock_.Advance(days(1) - milliseconds(1));
    EXPECT_TRUE(identity().AuthenticateToken(reader, kAddress).ok());
    clock_.Advance(milliseconds(1));
    EXPECT_EQ(CodeOf(identity().AuthenticateToken(reader, kAddress)), ErrorCode::kUnauthenticated);
    EXPECT_TRUE(identity().AuthenticateToken(writer, kAddress).ok());
    EXPECT_EQ(CodeOf(identity().AuthenticateToken("", kAddress)), ErrorCode::kUnauthenticated);
}

TEST_P(SignInTest, ATokenIsGoneWhenRevoked) {
    const std::string token = Must(identity().CreateToken(wang_, wang_.user_id, "匯入", true, 30));
    const auto tokens = Must(identity().Tokens(wang_.user_id));
    ASSERT_EQ(tokens.size(), 1U);
    EXPECT_EQ(tokens[0].name, "匯入");
    EXPECT_EQ(CodeOf(identity().RevokeToken(admin_, admin_.user_id, tokens[0].id)), ErrorCode::kNotFound);
    ASSERT_TRUE(identity().RevokeToken(wang_, wang_.user_id, tokens[0].id).ok());
    EXPECT_EQ(LastAction(), "account.revoke_token");
    EXPECT_FALSE(identity().AuthenticateToken(token, kAddress).ok());
    EXPECT_EQ(CodeOf(identity().RevokeToken(wang_, wang_.user_id, tokens[0].id)), ErrorCode::kNotFound);
}

TEST_P(SignInTest, ATokenHasANameAndAtMostAYear) {
    for (const auto& [name, length] : {std::pair<std::string, int>{"", 1}, {"  ", 1}, {std::string(101, 'x'), 1}, {"x", 0}, {"x", 367}, {"x", -1}}) {
        EXPECT_EQ(CodeOf(identity().CreateToken(wang_, wang_.user_id, name, true, length)), ErrorCode::kInvalidInput);
    }
    EXPECT_EQ(CodeOf(identity().CreateToken(wang_, 999, "x", true, 1)), ErrorCode::kNotFound);
}

TEST_P(SignInTest, NothingOfWhatIsOverIsKept) {
    const auto secret = SetUpTotp();
    (void)Ticket();
    const std::string idle = Must(SendCode(Ticket(), crypto::TotpCode(secret, crypto::TotpStep(clock_.Now())))).session_secret;
    Must(identity().CreateToken(wang_, wang_.user_id, "short", true, 1));
    Must(identity().CreateToken(wang_, wang_.user_id, "long", true, 2));
    EXPECT_EQ(Must(identity().RemoveEnded()), 0);
    EXPECT_EQ(RowsIn("totp_tickets"), 1);
    clock_.Advance(minutes(30));
    EXPECT_EQ(Must(identity().RemoveEnded()), 1);
    EXPECT_EQ(RowsIn("totp_tickets"), 0);
    EXPECT_EQ(RowsIn("api_tokens"), 2);
    clock_.Advance(days(1));
    EXPECT_EQ(Must(identity().RemoveEnded()), 0);
    EXPECT_EQ(RowsIn("api_tokens"), 1);
    EXPECT_FALSE(IsSignedIn(idle));
}

TEST_P(SignInTest, NoSecretIsKeptReadablyOrReachesTheAuditTrail) {
    const auto totp = SetUpTotp();
    const std::string session = Must(SendCode(Ticket(), recovery_codes_[1])).session_secret;
    const std::string token = Must(identity().CreateToken(wang_, wang_.user_id, "t", true, 30));
    const std::string reset = Must(identity().ResetPassword(admin_, wang_.user_id));
    (void)SignInAs("wang", "Wrong-Guess-99");
    std::string kept;
    for (const std::string_view table : {"audit_trail", "sessions", "api_tokens", "recovery_codes", "past_passwords"}) {
        const auto rows = Must(database().Read<db::ResultSet>(
            [&](db::Session& db_session) { return db_session.Query("SELECT * FROM " + std::string(table)); }));
        for (const auto& row : rows.rows) {
            for (const auto& value : row) kept += value.ToDisplay() + "\n";
        }
    }
    for (const std::string& secret : {std::string(kGood), reset, session, token, recovery_codes_[0], recovery_codes_[1],
                                      crypto::Base32Encode(totp), std::string("Wrong-Guess-99"), first_password_}) {
        EXPECT_THAT(kept, Not(HasSubstr(secret)));
    }
    std::string trail;
    for (const auto& entry : Trail()) trail += json::serialize(entry.change.before) + json::serialize(entry.change.after);
    EXPECT_THAT(trail, Not(HasSubstr("argon2")));
    for (const auto& action : {"account.sign_in", "account.sign_in_failed", "account.set_up_totp", "account.create_token"}) {
        EXPECT_THAT(Actions(), Contains(action));
    }
}

OPS_ON_BOTH_DATABASES(SignInTest);

}  // namespace
}  // namespace opsteward::identity
