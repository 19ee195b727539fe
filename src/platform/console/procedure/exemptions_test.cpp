#include "platform/console/procedure/testing/procedure_world.hpp"

namespace opsteward::console::compliance {
namespace {

using identity::Role;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Exemptions : public ::testing::Test {
  protected:
    GateClient SignedIn(std::string_view name, std::vector<identity::RoleGrant> grants) {
        GateClient client(world.console());
        client.SignIn(world.console().AddPerson(name, std::move(grants)));
        return client;
    }
    GateClient::Fields Wish(std::string_view reason = "這個單位沒有主機") const {
        return {{"unit_id", std::to_string(world.red())}, {"reason", std::string(reason)}, {"ends", "114.12.31"}};
    }
    std::int64_t LastId() { return Must(world.console().procedure().Exemptions()).front().id; }

    World world;
};

TEST_F(Exemptions, NeedASecondPersonAndTurnTheClauseNotApplicable) {
    GateClient admin = SignedIn("red-admin", {{Role::kSystemAdmin, world.red()}});
    GateClient chief = SignedIn("chief", {{Role::kSupervisor, world.top()}});
    EXPECT_EQ(LocationOf(admin.Post("/clauses/6.9.5/exemptions", Wish())), "/clauses/6.9.5");
    const std::string path = "/exemptions/" + std::to_string(LastId());
    EXPECT_THAT(PageText(admin.Get("/approvals").body), AllOf(HasSubstr("待核定（1）"), HasSubstr("由另一人核定")));
    EXPECT_EQ(admin.Post(path + "/decide", {{"decision", "approve"}}).status, 403);
    EXPECT_THAT(PageText(chief.Get("/approvals").body), AllOf(HasSubstr("有 1 項申請等您核定"), HasSubstr("核准"), HasSubstr("這個單位沒有主機")));
    EXPECT_EQ(chief.Post(path + "/decide", {{"decision", "perhaps"}}).status, 422);
    EXPECT_EQ(LocationOf(chief.Post(path + "/decide", {{"decision", "approve"}})), "/approvals");
    EXPECT_EQ(chief.Post(path + "/decide", {{"decision", "approve"}}).status, 409);
    world.Evaluate();
    EXPECT_THAT(PageText(admin.Get("/clauses/6.9.5").body), AllOf(HasSubstr("不適用"), HasSubstr("chief"), HasSubstr("已核准不適用，期限內不必處理。")));
    EXPECT_THAT(PageText(chief.Get("/approvals").body), HasSubstr("有效的不適用（1）"));
}

TEST_F(Exemptions, AreNotDecidedByWhoAsked) {
    GateClient chief = SignedIn("chief", {{Role::kSupervisor, world.top()}});
    ASSERT_EQ(chief.Post("/clauses/6.9.5/exemptions", Wish()).status, 303);
    const std::string path = "/exemptions/" + std::to_string(LastId());
    EXPECT_THAT(chief.Get("/approvals").body, Not(HasSubstr("value=\"approve\"")));
    EXPECT_EQ(chief.Post(path + "/decide", {{"decision", "approve"}}).status, 409);
    EXPECT_EQ(chief.PostJson("/api/v1" + path + "/approve", json::object{}).status, 409);
}

TEST_F(Exemptions, AreAskedAndDecidedOnlyInUnitsWhereTheRoleIsHeld) {
    GateClient green = SignedIn("green-admin", {{Role::kSystemAdmin, world.green()}});
    EXPECT_EQ(green.Post("/clauses/6.9.5/exemptions", Wish()).status, 403);
    GateClient red = SignedIn("red-admin", {{Role::kSystemAdmin, world.red()}});
    ASSERT_EQ(red.Post("/clauses/6.9.5/exemptions", Wish()).status, 303);
    GateClient green_chief = SignedIn("green-chief", {{Role::kSupervisor, world.green()}});
    const std::string path = "/exemptions/" + std::to_string(LastId());
    EXPECT_EQ(green_chief.Post(path + "/decide", {{"decision", "approve"}}).status, 404);
    EXPECT_THAT(green_chief.Get("/approvals").body, Not(HasSubstr("這個單位沒有主機")));
}

TEST_F(Exemptions, KeepWhatWasEnteredWhenTheyAreRefused) {
    GateClient admin = SignedIn("red-admin", {{Role::kSystemAdmin, world.red()}});
    const auto past = admin.Post("/clauses/6.9.5/exemptions", {{"unit_id", std::to_string(world.red())}, {"reason", "沒有主機"}, {"ends", "113.1.1"}});
    EXPECT_EQ(past.status, 422);
    EXPECT_THAT(past.body, AllOf(HasSubstr("沒有主機"), HasSubstr("113.1.1"), HasSubstr("期限不可早於今天")));
    EXPECT_EQ(admin.Post("/clauses/6.9.5/exemptions", Wish("  ")).status, 422);
    ASSERT_EQ(admin.Post("/clauses/6.9.5/exemptions", Wish()).status, 303);
    const auto twice = admin.Post("/clauses/6.9.5/exemptions", Wish());
    EXPECT_EQ(twice.status, 409);
    EXPECT_THAT(PageText(twice.body), HasSubstr("已有待核定或有效的申請"));
}

TEST_F(Exemptions, AreWithdrawnByWhoAskedOrWhoMayDecideAndThenTheClauseIsRedAgain) {
    GateClient admin = SignedIn("red-admin", {{Role::kSystemAdmin, world.red()}});
    GateClient colleague = SignedIn("colleague", {{Role::kNetworkAdmin, world.red()}});
    GateClient chief = SignedIn("chief", {{Role::kSupervisor, world.top()}});
    ASSERT_EQ(admin.Post("/clauses/6.9.5/exemptions", Wish()).status, 303);
    const std::string path = "/exemptions/" + std::to_string(LastId());
    ASSERT_EQ(chief.Post(path + "/decide", {{"decision", "approve"}}).status, 303);
    EXPECT_EQ(colleague.Post(path + "/withdraw").status, 403);
    EXPECT_EQ(admin.Post(path + "/withdraw").status, 303);
    EXPECT_EQ(admin.Post(path + "/withdraw").status, 409);
    world.Evaluate();
    EXPECT_THAT(admin.GetJson("/api/v1/clauses?state=not_met").at("items").as_array().front().at("id").as_string(), "6.9.5");
}

}  // namespace
}  // namespace opsteward::console::compliance
