#include "features/firewall/analysis/members.hpp"

#include <gtest/gtest.h>

#include "features/firewall/analysis/testing/rules.hpp"

namespace opsteward::firewall {
namespace {

using testing::BaseOf;
using testing::Ipv4Traffic;
using testing::Ipv6Traffic;
using testing::kAny4;
using testing::kAny6;
using testing::RuleOf;
using testing::Tcp;

TEST(Members, OfAGroupThatNeverMatterAreTold) {
    Rule rule = RuleOf(Action::kAccept, {Ipv4Traffic("10.0.0.0/16", kAny4), Ipv4Traffic("192.0.2.1", kAny4)});
    rule.members = {{"source:GRP",
                     {{"net", 1, {Ipv4Traffic("10.0.0.0/16", kAny4)}},
                      {"host", 2, {Ipv4Traffic("10.0.0.9", kAny4)}},
                      {"blocked", 3, {Ipv4Traffic("192.0.2.1", kAny4)}},
                      {"twin", 4, {Ipv4Traffic("10.0.0.0/16", kAny4)}}}}};
    const RuleBase base = BaseOf({RuleOf(Action::kDeny, {Ipv4Traffic("192.0.2.0/24", kAny4)}), rule});
    const CompiledRules rules(base);
    const auto dead = FindDeadMembers(rules, JudgeRules(rules, {}), {});
    const std::vector<DeadMember> expected{
        {1, 0, 1, MemberReason::kOtherMember, 0}, {1, 0, 2, MemberReason::kEarlierRules, {}}, {1, 0, 3, MemberReason::kOtherMember, 0}};
    EXPECT_EQ(dead, expected);
}

TEST(Members, OfARuleWithAnUnknownPartThatMayBeOneMembersOwnAreNotSaidToHaveAnother) {
    Rule rule = RuleOf(Action::kAccept, {Ipv4Traffic(kAny4, kAny4)});
    rule.members = {{"source", {{"country", 1, {Ipv4Traffic(kAny4, kAny4)}}, {"host", 2, {Ipv4Traffic("10.0.0.9", kAny4)}}}}};
    const auto dead = [](const Rule& one) {
        const RuleBase base = BaseOf({one});
        const CompiledRules rules(base);
        return FindDeadMembers(rules, JudgeRules(rules, {}), {}).size();
    };
    EXPECT_EQ(dead(rule), 1U);
    EXPECT_EQ(dead(testing::WithUnknown(rule, "schedule")), 1U) << "it holds for all members alike";
    for (const char* what : {"geography", "user", "fqdn", "other"}) EXPECT_EQ(dead(testing::WithUnknown(rule, what)), 0U) << what;
}

TEST(Breadth, CountsPacketsAndSeesAny) {
    const Breadth all = BreadthOf(RuleOf(Action::kAccept, {Ipv4Traffic(kAny4, kAny4), Ipv6Traffic(kAny6, kAny6)}));
    EXPECT_TRUE(all.has_any_source && all.has_any_destination && all.has_any_service);
    EXPECT_NEAR(all.log2_packets, 128 + 128 + 24 + 16 + 2 + 2.32, 0.01);
    const Breadth one = BreadthOf(RuleOf(Action::kAccept, {Ipv4Traffic("10.0.0.1", kAny4, Tcp(443, 443))}));
    EXPECT_TRUE(!one.has_any_source && one.has_any_destination && !one.has_any_service);
    EXPECT_NEAR(one.log2_packets, 32 + 16 + 2 + 2.32, 0.01);
    EXPECT_EQ(BreadthOf(Rule{}), Breadth{});
}

}  // namespace
}  // namespace opsteward::firewall
