// Accounts, units and roles as administrators handle them, and passwords as their holders do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "platform/identity/identity_test_support.hpp"
#include "platform/identity/password_rules.hpp"

namespace opsteward::identity {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::UnorderedElementsAre;
using std::chrono::hours;

class AccountsTest : public IdentityTest {
  protected:
    Account Draft(std::string name) {
        Account account;
        account.name = std::move(name);
        account.display_name = "林";
        account.unit_id = office_;
        return account;
    }
    Principal WhoIs(std::string_view name) { return Must(identity().AuthenticateSession(Session(name), kAddress)).principal; }
    std::vector<std::string> UnitNames() {
        std::vector<std::string> names;
        for (const auto& unit : Must(identity().Units())) names.push_back(unit.name);
        return names;
    }
    Unit UnitOf(std::int64_t id) {
        for (const auto& unit : Must(identity().Units())) {
            if (unit.id == id) return unit;
        }
        return {};
    }
};

TEST_P(AccountsTest, TheFirstAdministratorIsMadeOnce) {
    EXPECT_THAT(first_password_, MatchesRegex("([a-z2-7]{4}-){3}[a-z2-7]{4}"));
    EXPECT_EQ(Must(identity().CreateFirstAdministrator()), std::nullopt);
    EXPECT_EQ(Must(identity().Accounts()).size(), 1U);
    EXPECT_EQ(Actions().at(0), "account.create");
    EXPECT_TRUE(Of(admin_).must_change_password);
}

TEST_P(AccountsTest, AreCreatedWithWhatWasGivenAndAOneTimePassword) {
    Account account = Draft("lin.2_a-b");
    account.display_name = "林 “大” 明 🛡";
    account.email = "lin@example.gov.tw";
    account.ends_at = clock_.Now() + hours(24);
    account.grants = {{Role::kChecker, office_}, {Role::kAuditor, top_}};
    const std::string password = Must(identity().CreateAccount(admin_, account));
    const Account made = Must(identity().FindAccountByName("lin.2_a-b"));
    EXPECT_EQ(made.display_name, account.display_name);
    EXPECT_EQ(made.email, account.email);
    EXPECT_EQ(made.ends_at, account.ends_at);
    EXPECT_EQ(made.created_at, clock_.Now());
    EXPECT_TRUE(made.is_enabled && made.must_change_password && !made.has_totp);
    EXPECT_EQ(made.grants.size(), 2U);
    EXPECT_TRUE(SignInAs("lin.2_a-b", password).ok());
    const auto entry = Trail().at(1);
    EXPECT_EQ(entry.change.action, "account.create");
    EXPECT_TRUE(entry.change.before.is_null());
    EXPECT_EQ(entry.change.after.at("email").as_string(), "lin@example.gov.tw");
    EXPECT_EQ(entry.actor.name, "admin");
}

TEST_P(AccountsTest, AreRefusedWithAWrongNameUnitOrField) {
    for (const std::string& name : {std::string(), std::string("Lin"), std::string("林"), std::string("a b"), std::string("a@b"), std::string(65, 'a')}) {
        EXPECT_EQ(CodeOf(identity().CreateAccount(admin_, Draft(name))), ErrorCode::kInvalidInput) << name;
    }
    Account account = Draft("lin");
    account.display_name = " ";
    EXPECT_EQ(CodeOf(identity().CreateAccount(admin_, account)), ErrorCode::kInvalidInput);
    account = Draft("lin");
    account.unit_id = 999;
    EXPECT_EQ(CodeOf(identity().CreateAccount(admin_, account)), ErrorCode::kInvalidInput);
    account = Draft("lin");
    account.grants = {{Role::kChecker, 999}};
    EXPECT_EQ(CodeOf(identity().CreateAccount(admin_, account)), ErrorCode::kInvalidInput);
    EXPECT_EQ(Must(identity().Accounts()).size(), 1U);
    EXPECT_EQ(CodeOf(identity().CreateAccount(admin_, Draft("admin"))), ErrorCode::kConflict);
    const auto missing = identity().FindAccountByName("lin");
    EXPECT_EQ(CodeOf(missing), ErrorCode::kNotFound);
    EXPECT_THAT(missing.error().caller_text.zh, HasSubstr("lin"));
}

TEST_P(AccountsTest, AreChangedKeepingWhatWasBeforeInTheAuditTrail) {
    const audit::Actor lin = Hire("lin", {{Role::kChecker, office_}});
    Account account = Of(lin);
    account.display_name = "林大明";
    account.unit_id = top_;
    account.grants = {{Role::kSupervisor, top_}};
    ASSERT_TRUE(identity().UpdateAccount(admin_, account).ok());
    EXPECT_EQ(Of(lin).display_name, "林大明");
    ASSERT_EQ(Of(lin).grants.size(), 1U);
    EXPECT_EQ(Of(lin).grants[0].role, Role::kSupervisor);
    const auto entry = Trail().at(0);
    EXPECT_EQ(entry.change.action, "account.update");
    EXPECT_EQ(entry.change.before.at("display_name").as_string(), "王小明");
    EXPECT_EQ(entry.change.after.at("display_name").as_string(), "林大明");
    account.id = 999;
    EXPECT_EQ(CodeOf(identity().UpdateAccount(admin_, account)), ErrorCode::kNotFound);
}

TEST_P(AccountsTest, KeepSinceWhenARoleIsHeldThroughAChange) {
    const audit::Actor lin = Hire("lin", {{Role::kChecker, office_}});
    const Instant since = clock_.Now();
    clock_.Advance(hours(1));
    Account account = Of(lin);
    account.grants.push_back({Role::kAuditor, office_});
    ASSERT_TRUE(identity().UpdateAccount(admin_, account).ok());
    const auto rows = Must(database().Read<db::ResultSet>([&](db::Session& session) {
        return session.Query("SELECT role, since_at FROM role_holders WHERE user_name = 'lin' ORDER BY role");
    }));
    EXPECT_EQ(rows.rows, (std::vector<db::Row>{{"auditor", clock_.Now()}, {"checker", since}}));
}

TEST_P(AccountsTest, AlwaysLeaveAnAdministrator) {
    const auto attempt = [&](auto change) {
        Account account = Of(admin_);
        change(account);
        EXPECT_EQ(CodeOf(identity().UpdateAccount(admin_, account)), ErrorCode::kConflict);
        EXPECT_TRUE(Of(admin_).is_enabled);
        EXPECT_EQ(Of(admin_).grants.size(), 1U);
    };
    const std::size_t rows = Trail().size();
    attempt([](Account& account) { account.is_enabled = false; });
    attempt([](Account& account) { account.grants.clear(); });
    attempt([&](Account& account) { account.grants = {{Role::kAdministrator, office_}}; });
    attempt([&](Account& account) { account.ends_at = clock_.Now() + hours(1); });
    EXPECT_EQ(Trail().size(), rows) << "what was refused leaves no trace of a change";

    Hire("lin", {{Role::kAdministrator, top_}});
    Account account = Of(admin_);
    account.is_enabled = false;
    EXPECT_TRUE(identity().UpdateAccount(admin_, account).ok());
}

TEST_P(AccountsTest, AlwaysLeaveAnAdministratorWhenTwoDisableEachOther) {
    const audit::Actor lin = Hire("lin", {{Role::kAdministrator, top_}});
    Account first = Of(admin_);
    Account second = Of(lin);
    first.is_enabled = second.is_enabled = false;
    std::thread other([&] { (void)identity().UpdateAccount(admin_, second); });
    (void)identity().UpdateAccount(lin, first);
    other.join();
    EXPECT_NE(Of(admin_).is_enabled, Of(lin).is_enabled);
}

TEST_P(AccountsTest, CanBeDisabledAfterTheirUnitWasClosedButNotEnabledInIt) {
    const std::int64_t closed = Must(identity().CreateUnit(admin_, top_, "舊室"));
    const audit::Actor lin = Hire("lin", {{Role::kChecker, closed}});
    ASSERT_TRUE(identity().UpdateUnit(admin_, {closed, top_, "舊室", false}).ok());
    Account account = Of(lin);
    account.is_enabled = false;
    const auto disabled = identity().UpdateAccount(admin_, account);
    EXPECT_TRUE(disabled.ok()) << disabled.error().operator_text;

    const std::int64_t emptied = Must(identity().CreateUnit(admin_, top_, "空室"));
    account = Of(lin);
    account.unit_id = emptied;
    ASSERT_TRUE(identity().UpdateAccount(admin_, account).ok());
    ASSERT_TRUE(identity().UpdateUnit(admin_, {emptied, top_, "空室", false}).ok()) << "the one in it is disabled";
    account.is_enabled = true;
    EXPECT_EQ(CodeOf(identity().UpdateAccount(admin_, account)), ErrorCode::kInvalidInput);
    account.unit_id = office_;
    account.grants.push_back({Role::kAuditor, closed});
    EXPECT_EQ(CodeOf(identity().UpdateAccount(admin_, account)), ErrorCode::kInvalidInput) << "a new role in a closed unit";
}

TEST_P(AccountsTest, RolesCountForTheUnitAndAllBelowItAndNowhereElse) {
    const std::int64_t team = Must(identity().CreateUnit(admin_, office_, "網路組"));
    const std::int64_t elsewhere = Must(identity().CreateUnit(admin_, top_, "會計室"));
    Hire("lin", {{Role::kNetworkAdmin, office_}, {Role::kChecker, elsewhere}});
    const Principal lin = WhoIs("lin");
    EXPECT_TRUE(lin.May("devices.change"));
    EXPECT_THAT(lin.UnitsFor("devices.change"), UnorderedElementsAre(office_, team));
    EXPECT_THAT(lin.UnitsFor("devices.read"), UnorderedElementsAre(office_, team, elsewhere));
    EXPECT_FALSE(lin.May("devices.change", top_));
    EXPECT_FALSE(lin.May("devices.change", elsewhere));
    EXPECT_FALSE(lin.May("accounts.manage"));
    EXPECT_FALSE(lin.May("no.such"));
    EXPECT_TRUE(lin.Holds(Role::kNetworkAdmin, team));
    EXPECT_FALSE(lin.Holds(Role::kNetworkAdmin, elsewhere));
    EXPECT_TRUE(lin.HoldsAnywhere(Role::kChecker));
    EXPECT_FALSE(lin.HoldsAnywhere(Role::kAuditor));
}

TEST_P(AccountsTest, RolesAndUnitsChangeForSessionsThatAreOpen) {
    const audit::Actor lin = Hire("lin", {{Role::kNetworkAdmin, office_}});
    const std::string secret = Session("lin");
    const auto units = [&] { return Must(identity().AuthenticateSession(secret, kAddress)).principal.UnitsFor("devices.change"); };
    EXPECT_THAT(units(), UnorderedElementsAre(office_));
    const std::int64_t team = Must(identity().CreateUnit(admin_, office_, "網路組"));
    EXPECT_THAT(units(), UnorderedElementsAre(office_, team));
    ASSERT_TRUE(identity().UpdateUnit(admin_, {team, top_, "網路組", true}).ok());
    EXPECT_THAT(units(), UnorderedElementsAre(office_));
    Account account = Of(lin);
    account.grants.clear();
    ASSERT_TRUE(identity().UpdateAccount(admin_, account).ok());
    EXPECT_TRUE(units().empty());
}

TEST_P(AccountsTest, UnitsAreATreeSortedByName) {
    const std::int64_t b = Must(identity().CreateUnit(admin_, top_, "B"));
    Must(identity().CreateUnit(admin_, top_, "A"));
    Must(identity().CreateUnit(admin_, b, " B1 "));
    EXPECT_THAT(UnitNames(), ElementsAre("本機關", "A", "B", "B1", "資訊室"));
    EXPECT_EQ(LastAction(), "unit.create");
    EXPECT_EQ(CodeOf(identity().CreateUnit(admin_, 999, "x")), ErrorCode::kNotFound);
    for (const std::string& name : {std::string(), std::string("\u3000"), std::string(101, 'x')}) {
        EXPECT_EQ(CodeOf(identity().CreateUnit(admin_, top_, name)), ErrorCode::kInvalidInput);
    }
}

TEST_P(AccountsTest, UnitsNeverStandBelowThemselves) {
    const std::int64_t team = Must(identity().CreateUnit(admin_, office_, "網路組"));
    for (const std::int64_t parent : {office_, team}) {
        EXPECT_EQ(CodeOf(identity().UpdateUnit(admin_, {office_, parent, "資訊室", true})), ErrorCode::kInvalidInput);
    }
    EXPECT_EQ(CodeOf(identity().UpdateUnit(admin_, {top_, office_, "本機關", true})), ErrorCode::kInvalidInput);
    EXPECT_EQ(CodeOf(identity().UpdateUnit(admin_, {office_, std::nullopt, "資訊室", true})), ErrorCode::kInvalidInput);
    EXPECT_EQ(CodeOf(identity().UpdateUnit(admin_, {office_, 999, "資訊室", true})), ErrorCode::kNotFound);
    EXPECT_EQ(CodeOf(identity().UpdateUnit(admin_, {999, top_, "x", true})), ErrorCode::kNotFound);
    EXPECT_TRUE(identity().UpdateUnit(admin_, {team, top_, "網路組", true}).ok());
    EXPECT_EQ(LastAction(), "unit.update");
}

TEST_P(AccountsTest, UnitsNeverStandBelowThemselvesWhenTwoMoveAtTheSameTime) {
    const std::int64_t other = Must(identity().CreateUnit(admin_, top_, "會計室"));
    std::thread mover([&] { (void)identity().UpdateUnit(admin_, {other, office_, "會計室", true}); });
    (void)identity().UpdateUnit(admin_, {office_, other, "資訊室", true});
    mover.join();
    EXPECT_EQ(Must(identity().Units()).size(), 3U) << "a circle hangs on no root";
}

TEST_P(AccountsTest, UnitsAreClosedOnlyWhenEmptyAndOpenedOnlyBelowOpenOnes) {
    const std::int64_t team = Must(identity().CreateUnit(admin_, office_, "網路組"));
    const audit::Actor lin = Hire("lin", {}, team);
    EXPECT_EQ(CodeOf(identity().UpdateUnit(admin_, {team, office_, "網路組", false})), ErrorCode::kConflict) << "lin works there";
    EXPECT_EQ(CodeOf(identity().UpdateUnit(admin_, {office_, top_, "資訊室", false})), ErrorCode::kConflict) << "the team is below";
    EXPECT_EQ(CodeOf(identity().UpdateUnit(admin_, {top_, std::nullopt, "本機關", false})), ErrorCode::kConflict) << "the top";
    Account account = Of(lin);
    account.is_enabled = false;
    ASSERT_TRUE(identity().UpdateAccount(admin_, account).ok());
    ASSERT_TRUE(identity().UpdateUnit(admin_, {team, office_, "網路組", false}).ok());
    EXPECT_EQ(LastAction(), "unit.close");
    ASSERT_TRUE(identity().UpdateUnit(admin_, {office_, top_, "資訊室", false}).ok());
    EXPECT_FALSE(UnitOf(office_).is_active);
    EXPECT_EQ(CodeOf(identity().CreateUnit(admin_, office_, "新組")), ErrorCode::kNotFound) << "nothing new in a closed unit";
    EXPECT_EQ(CodeOf(identity().UpdateUnit(admin_, {team, office_, "網路組", true})), ErrorCode::kConflict) << "the one above is closed";
    const std::int64_t other = Must(identity().CreateUnit(admin_, top_, "會計室"));
    EXPECT_EQ(CodeOf(identity().UpdateUnit(admin_, {other, office_, "會計室", true})), ErrorCode::kConflict) << "moved below a closed one";
    EXPECT_TRUE(identity().UpdateUnit(admin_, {office_, top_, "資訊室", true}).ok());
    EXPECT_EQ(LastAction(), "unit.open");
    EXPECT_TRUE(identity().UpdateUnit(admin_, {team, office_, "網路組", true}).ok());
}

TEST_P(AccountsTest, ThePasswordIsChangedByWhoKnowsIt) {
    const audit::Actor lin = Hire("lin");
    EXPECT_EQ(CodeOf(identity().ChangePassword(lin, "wrong", "New-Sturdy-Horse-1")), ErrorCode::kInvalidInput);
    EXPECT_EQ(CodeOf(identity().ChangePassword(lin, kGood, "weak")), ErrorCode::kInvalidInput);
    ASSERT_TRUE(identity().ChangePassword(lin, kGood, "New-Sturdy-Horse-1").ok());
    EXPECT_EQ(LastAction(), "account.change_password");
    EXPECT_FALSE(SignInAs("lin").ok());
    EXPECT_TRUE(SignInAs("lin", "New-Sturdy-Horse-1").ok());
}

TEST_P(AccountsTest, ThePasswordCannotBeGuessedWhereItIsChanged) {
    const audit::Actor lin = Hire("lin");
    for (int i = 0; i < 5; ++i) EXPECT_EQ(CodeOf(identity().ChangePassword(lin, "wrong", "New-Sturdy-Horse-1")), ErrorCode::kInvalidInput);
    EXPECT_EQ(CodeOf(identity().ChangePassword(lin, kGood, "New-Sturdy-Horse-1")), ErrorCode::kForbidden);
    EXPECT_FALSE(SignInAs("lin").ok());
}

TEST_P(AccountsTest, ThePasswordIsNoneOfTheLastThree) {
    const audit::Actor lin = Hire("lin");
    const std::string_view kPasswords[] = {kGood, "Second-Horse-22", "Third-Horse-333", "Fourth-Horse-4"};
    for (int i = 0; i < 3; ++i) {
        for (int used = 0; used <= i; ++used) {
            const auto again = identity().ChangePassword(lin, kPasswords[i], kPasswords[used]);
            ASSERT_EQ(CodeOf(again), ErrorCode::kInvalidInput) << i << " " << used;
            EXPECT_THAT(again.error().caller_text.en, HasSubstr("last 3"));
        }
        ASSERT_TRUE(identity().ChangePassword(lin, kPasswords[i], kPasswords[i + 1]).ok());
    }
    EXPECT_EQ(CodeOf(identity().ChangePassword(lin, kPasswords[3], kPasswords[1])), ErrorCode::kInvalidInput);
    EXPECT_TRUE(identity().ChangePassword(lin, kPasswords[3], kPasswords[0]).ok()) << "the fourth last may come again";
}

TEST_P(AccountsTest, RoleHoldersAndUnitsAreFactsForChecks) {
    Hire("lin", {{Role::kChecker, office_}});
    const audit::Actor gone = Hire("gone", {{Role::kChecker, office_}});
    Account account = Of(gone);
    account.is_enabled = false;
    ASSERT_TRUE(identity().UpdateAccount(admin_, account).ok());
    const auto holders = Must(database().QueryRestricted("SELECT user_name FROM role_holders WHERE role = 'checker'", {}, {}));
    EXPECT_EQ(holders.rows, (std::vector<db::Row>{{"lin"}}));
    EXPECT_EQ(RowsIn("units"), 2);
}

OPS_ON_BOTH_DATABASES(AccountsTest);

TEST(CheckPassword, SaysWhichRuleIsBroken) {
    const struct {
        std::string password;
        std::string_view broken;  // "" for none
    } kTable[] = {
        {"Sturdy-Horse-7", ""},
        {"sturdy-horse-7", ""},
        {"STURDYHORSE7-", ""},
        {"SturdyHorse77", ""},
        {"正確馬電池釘書針真不錯Aa", ""},
        {"Short-7", "12 characters"},
        {"正確馬-7aA", "12 characters"},
        {"", "12 characters"},
        {"sturdyhorseseven", "three of these"},
        {"sturdyhorse777777", "three of these"},
        {"正確馬電池釘書針真不錯啊啊", "three of these"},
        {"Xwang.lin-77777", "account's name"},
        {"XWANG.LIN-7777x", "account's name"},
        {"My-Password-77", "guessed"},
        {"My-P@SSW0RD-77", "guessed"},
        {"Qwerty-Qwerty-7", "guessed"},
        {"Horse-123456-Y", "guessed"},
        {std::string(1000, 'a') + "A7-" + std::string(21, 'b'), ""},
        {std::string(1000, 'a') + "A7-" + std::string(22, 'b'), "too long"},
    };
    for (const auto& row : kTable) {
        const auto checked = CheckPassword(row.password, "wang.lin", 12);
        EXPECT_EQ(checked.ok(), row.broken.empty()) << row.password;
        if (checked.ok()) continue;
        EXPECT_EQ(checked.error().code, ErrorCode::kInvalidInput);
        EXPECT_THAT(checked.error().caller_text.en, HasSubstr(std::string(row.broken))) << row.password;
    }
    EXPECT_TRUE(CheckPassword("Sturdy-Horse-al-7", "al", 12).ok()) << "a name of two letters stands in many words";
}

TEST(RequireDifferentPerson, RefusesWhoTookTheOtherPart) {
    const Text part{"提出申請", "made the request"};
    EXPECT_TRUE(RequireDifferentPerson({2, "lin", ""}, 1, part).ok());
    const auto refused = RequireDifferentPerson({1, "wang", ""}, 1, part);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
    EXPECT_THAT(refused.error().caller_text.zh, HasSubstr("您已提出申請"));
    EXPECT_THAT(refused.error().caller_text.en, HasSubstr("you made the request"));
}

TEST(Role, HasAKeyThatIsReadBack) {
    for (const auto& info : AllRoles()) {
        EXPECT_EQ(ParseRole(info.key), info.role);
        EXPECT_EQ(RoleKey(info.role), info.key);
        EXPECT_EQ(RoleTitle(info.role).zh, info.title.zh);
    }
    EXPECT_EQ(ParseRole("root"), std::nullopt);
    EXPECT_EQ(ParseRole(""), std::nullopt);
}

}  // namespace
}  // namespace opsteward::identity
