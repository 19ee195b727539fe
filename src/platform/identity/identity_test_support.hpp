// A small organisation for the tests of identity: 本機關 with 資訊室 below it, and its first administrator.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "db/testing/test_databases.hpp"
#include "platform/audit/trail.hpp"
#include "platform/identity/identity.hpp"

namespace opsteward::identity {

inline constexpr std::string_view kAddress = "192.0.2.1";
inline constexpr std::string_view kGood = "Sturdy-Horse-7";

inline const std::vector<PermissionSpec> kPermissions = {
    {"devices.read", {"檢視設備", "Read devices"}, RoleSet::All()},
    {"devices.change", {"變更設備", "Change devices"}, {Role::kNetworkAdmin, Role::kAdministrator}},
    {"accounts.manage", {"管理帳號", "Manage accounts"}, {Role::kAdministrator}},
};

class IdentityTest : public db::testing::DatabaseTest {
  protected:
    void SetUp() override {
        DatabaseTest::SetUp();
        if (IsSkipped()) return;
        std::vector<db::Migration> migrations(audit::Migrations().begin(), audit::Migrations().end());
        migrations.insert(migrations.end(), Migrations().begin(), Migrations().end());
        const auto prepared = Migrate(migrations, Views());
        ASSERT_TRUE(prepared.ok()) << prepared.error().operator_text;
        identity_ = std::make_unique<Identity>(database(), clock_, kPermissions, Policy{}, kCheap);
        first_password_ = Must(identity().CreateFirstAdministrator()).value_or("");
        admin_ = {Must(identity().FindAccountByName("admin")).id, "admin", std::string(kAddress)};
        top_ = Must(identity().Units()).at(0).id;
        office_ = Must(identity().CreateUnit(admin_, top_, "資訊室"));
    }

    Identity& identity() { return *identity_; }

    template <typename T>
    static T Must(Result<T> result) {
        EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().operator_text);
        return result.ok() ? std::move(result).value() : T();
    }
    template <typename T>
    static ErrorCode CodeOf(const Result<T>& result) {
        EXPECT_FALSE(result.ok());
        return result.ok() ? ErrorCode::kInternal : result.error().code;
    }

    /// An account with the password `kGood`, set by its holder; gives the actor.
    audit::Actor Hire(std::string_view name, std::vector<RoleGrant> grants = {}, std::int64_t unit = 0) {
        Account account;
        account.name = name;
        account.display_name = "王小明";
        account.unit_id = unit == 0 ? office_ : unit;
        account.grants = std::move(grants);
        const std::string password = Must(identity().CreateAccount(admin_, account));
        const audit::Actor actor{Must(identity().FindAccountByName(name)).id, std::string(name), std::string(kAddress)};
        const auto changed = identity().ChangePassword(actor, password, kGood);
        EXPECT_TRUE(changed.ok()) << changed.error().operator_text;
        return actor;
    }
    Account Of(const audit::Actor& actor) { return Must(identity().FindAccount(actor.user_id)); }
    Result<SignIn> SignInAs(std::string_view name, std::string_view password = kGood) {
        return identity().SignInWithPassword(name, password, kAddress, "Firefox");
    }
    /// The cookie's secret.
    std::string Session(std::string_view name, std::string_view password = kGood) { return Must(SignInAs(name, password)).session_secret; }
    bool IsSignedIn(const std::string& secret) { return identity().AuthenticateSession(secret, kAddress).ok(); }

    std::vector<audit::Entry> Trail() {
        audit::Filter all;
        all.limit = 1000;
        return Must(database().Read<std::vector<audit::Entry>>([&](db::Session& session) { return audit::Search(session, all); }));
    }
    std::vector<std::string> Actions() {
        std::vector<std::string> actions;
        for (const auto& entry : Trail()) actions.insert(actions.begin(), entry.change.action);
        return actions;
    }
    std::string LastAction() { return Trail().at(0).change.action; }

    static constexpr crypto::PasswordCost kCheap{8, 1, 1};
    ManualClock clock_{Instant(std::chrono::seconds(1'754'373'780))};
    audit::Actor admin_;
    std::string first_password_;
    std::int64_t top_ = 0;
    std::int64_t office_ = 0;

  private:
    std::unique_ptr<Identity> identity_;
};

}  // namespace opsteward::identity
