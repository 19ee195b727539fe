#include "features/firewall/analysis/meaning_diff.hpp"

#include <gtest/gtest.h>

#include "features/firewall/analysis/alignment.hpp"
#include "features/firewall/analysis/evaluate.hpp"
#include "features/firewall/analysis/query.hpp"
#include "features/firewall/analysis/recheck.hpp"
#include "features/firewall/analysis/testing/rules.hpp"
#include "features/firewall/analysis/testing/small_bases.hpp"

namespace opsteward::firewall {
namespace {

using testing::BaseOf;
using testing::Ipv4Traffic;
using testing::kAny4;
using testing::RuleOf;
using testing::Tcp;
using testing::WithUnknown;

TEST(MeaningDifference, IsExactlyTheTrafficThatChanged) {
    const RuleBase before =
        BaseOf({RuleOf(Action::kDeny, {Ipv4Traffic("10.0.0.0/24", kAny4)}), RuleOf(Action::kAccept, {Ipv4Traffic("10.0.0.0/8", "192.0.2.1", Tcp(443, 443))})});
    RuleBase after = before;
    after.rules[1].traffic[0].services = Tcp(443, 444);
    const MeaningDifference difference = CompareMeaning(before, after, {});
    ASSERT_TRUE(difference.is_complete);
    ASSERT_EQ(difference.changes.size(), 1U);
    const MeaningChange& change = difference.changes[0];
    EXPECT_FALSE(change.before.has_value());
    EXPECT_EQ(change.after, 1U);
    EXPECT_FALSE(change.was_allowed);
    EXPECT_FALSE(change.is_conditional);
    double size = 0;
    for (const Traffic& traffic : change.traffic) {
        EXPECT_EQ(traffic.services, Tcp(444, 444));
        EXPECT_FALSE(traffic.source4.Intersects(before.rules[0].traffic[0].source4));
        size += traffic.source4.Size();
    }
    EXPECT_EQ(size, (1 << 24) - 256);
    EXPECT_FALSE(LetsThrough(Evaluate(before, change.example).action));
    EXPECT_TRUE(LetsThrough(Evaluate(after, change.example).action));
}

TEST(MeaningDifference, IsNoneWhenRulesOfTheSameOutcomeAreMoved) {
    const RuleBase before = BaseOf({RuleOf(Action::kAccept, {Ipv4Traffic("10.0.0.0/24", kAny4)}), RuleOf(Action::kAccept, {Ipv4Traffic(kAny4, "192.0.2.0/24")}),
                                    RuleOf(Action::kReject, {Ipv4Traffic(kAny4, kAny4)})});
    RuleBase after = before;
    std::swap(after.rules[0], after.rules[1]);
    after.rules[2].action = Action::kDeny;
    const MeaningDifference difference = CompareMeaning(before, after, {});
    EXPECT_TRUE(difference.is_complete);
    EXPECT_TRUE(difference.changes.empty());
}

TEST(MeaningDifference, MatchesZonesByTheirNames) {
    RuleBase before = BaseOf({RuleOf(Action::kAccept, {Ipv4Traffic("10.0.0.0/24", kAny4)})});
    before.rules[0].traffic[0].in = NumberSet(0U);
    before.rules[0].traffic[0].out = NumberSet(1U);
    RuleBase after = before;
    after.zones = {"outside", "inside"};
    after.rules[0].traffic[0].in = NumberSet(1U);
    after.rules[0].traffic[0].out = NumberSet(0U);
    EXPECT_TRUE(CompareMeaning(before, after, {}).changes.empty());
    after.rules[0].traffic[0].in = NumberSet(0U);
    EXPECT_EQ(CompareMeaning(before, after, {}).changes.size(), 2U);

    // An interface that the file before does not name is one of its "*"; a rule for all zones has it too.
    before.zones = {"inside", "*"};
    after.zones = {"inside", "*", "guest"};
    before.rules[0].traffic[0].in = NumberSet(1U);
    after.rules[0].traffic[0].in = NumberSet(1, 2);
    before.rules[0].traffic[0].out = NumberSet(0, 1);
    after.rules[0].traffic[0].out = NumberSet(0, 2);
    EXPECT_TRUE(CompareMeaning(before, after, {}).changes.empty());
    after.rules[0].traffic[0].in = NumberSet(1U);
    const MeaningDifference difference = CompareMeaning(before, after, {});
    ASSERT_EQ(difference.changes.size(), 1U);
    EXPECT_EQ(difference.zones[difference.changes[0].example.in], "guest");
}

TEST(MeaningDifference, TellsWhenItStopped) {
    std::vector<Rule> rules;
    for (std::uint16_t i = 0; i < 50; ++i)
        rules.push_back(RuleOf(Action::kAccept, {Ipv4Traffic(kAny4, kAny4, Tcp(static_cast<std::uint16_t>(i * 10), static_cast<std::uint16_t>(i * 10)))}));
    const RuleBase before = BaseOf({});
    const RuleBase after = BaseOf(rules);
    const MeaningDifference difference = CompareMeaning(before, after, {10, {}});
    EXPECT_FALSE(difference.is_complete);
    EXPECT_EQ(difference.changes.size(), 10U);
    EXPECT_EQ(CompareMeaning(before, after, {}).changes.size(), 50U);
}

TEST(MeaningDifference, SaysWhatUnknownPartsLeaveOpen) {
    const RuleBase before =
        BaseOf({WithUnknown(RuleOf(Action::kAccept, {Ipv4Traffic("10.0.0.0/8", kAny4)}), "schedule"), RuleOf(Action::kAccept, {Ipv4Traffic(kAny4, kAny4)})});
    RuleBase after = before;
    after.rules[1].action = Action::kDeny;
    const MeaningDifference difference = CompareMeaning(before, after, {});
    ASSERT_EQ(difference.changes.size(), 2U);
    for (const MeaningChange& change : difference.changes) EXPECT_EQ(change.is_conditional, change.traffic[0].source4.Contains(0x0A00'0001U));
}

TEST(MeaningDifference, OfARuleThatKeptItsScheduleIsOnlyTheTrafficThatCameOrWent) {
    const auto base = [](std::string_view source, std::string_view destination) {
        Rule rule = WithUnknown(RuleOf(Action::kAccept, {Ipv4Traffic(source, destination, Tcp(22, 22))}), "schedule");
        rule.id = "7";
        return BaseOf({rule, RuleOf(Action::kAccept, {Ipv4Traffic("198.51.100.0/24", kAny4)})});
    };
    const MeaningDifference wider = CompareMeaning(base("10.0.0.0/24", "192.0.2.0/25"), base("10.0.0.0/24", "192.0.2.0/24"), {});
    ASSERT_EQ(wider.changes.size(), 1U);
    EXPECT_FALSE(wider.changes[0].was_allowed);
    EXPECT_TRUE(wider.changes[0].is_conditional);
    EXPECT_EQ(wider.changes[0].before, std::nullopt);
    EXPECT_EQ(wider.changes[0].after, 0U) << "by the place it has, not by that of its part";
    ASSERT_EQ(wider.changes[0].traffic.size(), 1U);
    EXPECT_EQ(wider.changes[0].traffic[0].destination4, Ipv4Traffic(kAny4, "192.0.2.128/25").destination4);
    const MeaningDifference elsewhere = CompareMeaning(base("10.0.0.0/24", "192.0.2.0/24"), base("10.0.1.0/24", "192.0.2.0/24"), {});
    EXPECT_EQ(elsewhere.changes.size(), 2U) << "what went and what came";
}

TEST(MeaningDifference, OfARuleWithANameAmongItsMembersIsNotProvedToBeNone) {
    Rule rule = WithUnknown(RuleOf(Action::kAccept, {Ipv4Traffic(kAny4, "192.0.2.1")}), "fqdn");
    rule.members = {{"source", {{"name", 1, {Ipv4Traffic(kAny4, "192.0.2.1")}}, {"host", 2, {Ipv4Traffic("10.0.0.1", "192.0.2.1")}}}}};
    const RuleBase before = BaseOf({rule});
    EXPECT_TRUE(CompareMeaning(before, before, {}).changes.empty());
    rule.members[0].members[1].traffic = {Ipv4Traffic("10.0.0.2", "192.0.2.1")};
    const MeaningDifference difference = CompareMeaning(before, BaseOf({rule}), {});
    ASSERT_FALSE(difference.changes.empty()) << "its product is the same, as the name may stand for any address, but the host is another";
    EXPECT_TRUE(difference.changes[0].is_conditional);
}

TEST(Alignment, PairsRulesThatMeanTheSameInTheSameOrder) {
    const auto rule = [](std::uint16_t port) { return RuleOf(Action::kAccept, {Ipv4Traffic(kAny4, kAny4, Tcp(port, port))}); };
    const std::vector<Rule> before{rule(1), rule(2), rule(3), rule(4), rule(2)};
    std::vector<Rule> after{rule(3), rule(1), rule(2), rule(9), rule(4), rule(2)};
    after[2].name = "renamed";
    const auto partners = AlignRules(before, after);
    EXPECT_EQ(partners, (std::vector<std::size_t>{kNoPartner, 0, 1, kNoPartner, 3, 4}));
}

TEST(Recheck, AsksOnlyWhatAChangeTouches) {
    std::vector<Rule> rules;
    for (std::uint16_t i = 0; i < 100; ++i) rules.push_back(RuleOf(Action::kAccept, {Ipv4Traffic(kAny4, kAny4, Tcp(i, i))}));
    const RuleBase before = BaseOf(rules);
    RuleBase after = before;
    after.rules.insert(after.rules.begin() + 50, RuleOf(Action::kDeny, {Ipv4Traffic(kAny4, "192.0.2.1", Tcp(60, 62))}));
    const CompiledRules compiled(after);
    const Recheck recheck = RecheckRules(before, JudgeRules(before, {}), compiled, {});
    EXPECT_EQ(recheck.judged, 4U);
    EXPECT_TRUE(recheck.verdicts == JudgeRules(compiled, {}));
}

TEST(Recheck, GivesTheVerdictsOfALargeBaseAsFromScratch) {
    std::mt19937 random(11);
    RuleBase base = BaseOf({});
    for (int i = 0; i < 20; ++i) {
        for (Rule& rule : testing::MakeBase(random).rules) base.rules.push_back(std::move(rule));
    }
    auto verdicts = JudgeRules(base, {});
    for (int round = 0; round < 8; ++round) {
        RuleBase changed = testing::Changed(base, random);
        const CompiledRules compiled(changed);
        const Recheck recheck = RecheckRules(base, verdicts, compiled, {});
        ASSERT_EQ(testing::HoldRecheck(base, changed), "");
        base = std::move(changed);
        verdicts = recheck.verdicts;
    }
}

TEST(TrafficAnswer, NamesTheRulesThatDecide) {
    const RuleBase base = BaseOf({RuleOf(Action::kAccept, {Ipv4Traffic("10.0.0.0/25", "192.0.2.1", Tcp(443, 443))}),
                                  RuleOf(Action::kDeny, {Ipv4Traffic("10.0.0.128/25", "192.0.2.1")})});
    const TrafficAnswer answer = AskTraffic(base, {Ipv4Traffic("10.0.0.0/24", "192.0.2.1", Tcp(443, 443))}, {});
    EXPECT_EQ(answer.extent, Extent::kPartly);
    ASSERT_EQ(answer.deciding.size(), 2U);
    EXPECT_EQ(answer.deciding[0].rule, 0U);
    EXPECT_EQ(answer.deciding[1].rule, 1U);
    EXPECT_EQ(AskTraffic(base, {Ipv4Traffic("10.0.0.7", "192.0.2.1", Tcp(443, 443))}, {}).extent, Extent::kAllowed);
    EXPECT_EQ(AskTraffic(base, {Ipv4Traffic("10.0.0.7", "192.0.2.2")}, {}).extent, Extent::kBlocked);
    EXPECT_EQ(AskTraffic(base, {}, {}).extent, Extent::kEmpty);
}

}  // namespace
}  // namespace opsteward::firewall
