#include "features/firewall/analysis/verdict.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "features/firewall/analysis/evaluate.hpp"
#include "features/firewall/analysis/testing/rules.hpp"
#include "features/firewall/analysis/testing/small_bases.hpp"
#include "features/firewall/formats/readers.hpp"

namespace opsteward::firewall {
namespace {

using testing::BaseOf;
using testing::Ipv4Traffic;
using testing::Ipv6Traffic;
using testing::kAny4;
using testing::kAny6;
using testing::RuleOf;
using testing::Tcp;
using testing::WithUnknown;
using ::testing::ElementsAre;

constexpr unsigned kCases = 800;  // bench/firewall goes through 100,000

TEST(SmallRuleBases, AreJudgedAsEveryPacketOfThemSays) {
    for (unsigned seed = 0; seed < kCases; ++seed) {
        const std::string problem = testing::HoldCase(seed);
        ASSERT_EQ(problem, "") << problem;
    }
}

TEST(Verdict, NeedsSeveralRulesToSeeThatOneIsDead) {
    const RuleBase base = BaseOf({RuleOf(Action::kAccept, {Ipv4Traffic("10.0.0.0/25", kAny4)}), RuleOf(Action::kDeny, {Ipv4Traffic(kAny4, "192.0.2.0/24")}),
                                  RuleOf(Action::kAccept, {Ipv4Traffic("10.0.0.128/25", kAny4)}),
                                  RuleOf(Action::kAccept, {Ipv4Traffic("10.0.0.64-10.0.0.191", "198.51.100.0/24")})});
    const auto verdicts = JudgeRules(base, {});
    EXPECT_EQ(verdicts[3].kind, VerdictKind::kDead);
    EXPECT_EQ(verdicts[3].cause, VerdictCause::kRedundant);
    EXPECT_THAT(verdicts[3].covered_by, ElementsAre(0, 2));
    EXPECT_EQ(verdicts[2].kind, VerdictKind::kLive);
    EXPECT_EQ(Evaluate(base, verdicts[2].witness.value()).rule, 2U);
}

TEST(Verdict, NamesTheLargestRuleWithTheOtherOutcome) {
    const RuleBase base =
        BaseOf({RuleOf(Action::kDeny, {Ipv4Traffic("10.0.0.0/30", kAny4)}), RuleOf(Action::kReject, {Ipv4Traffic("10.0.0.0/25", kAny4)}),
                RuleOf(Action::kAccept, {Ipv4Traffic("10.0.0.0/24", kAny4)}), RuleOf(Action::kAccept, {Ipv4Traffic("10.0.0.0/24", "192.0.2.1")})});
    const RuleVerdict verdict = JudgeRules(base, {})[3];
    EXPECT_EQ(verdict.cause, VerdictCause::kPartlyShadowed);
    EXPECT_EQ(verdict.opposed, 1U);
    EXPECT_THAT(verdict.covered_by, ElementsAre(1, 2));
    EXPECT_EQ(Evaluate(base, verdict.witness.value()).rule, 1U);
}

TEST(Verdict, TellsTypesOfIcmpApart) {
    const auto echo = NumberSet(ServiceKey(1, 8 << 8));
    const auto all_of_icmp = ServicesOf(1);
    const RuleBase base = BaseOf({RuleOf(Action::kAccept, {Ipv4Traffic(kAny4, kAny4, echo)}), RuleOf(Action::kDeny, {Ipv4Traffic(kAny4, kAny4, all_of_icmp)}),
                                  RuleOf(Action::kAccept, {Ipv4Traffic(kAny4, kAny4, echo)})});
    const auto verdicts = JudgeRules(base, {});
    EXPECT_EQ(verdicts[1].kind, VerdictKind::kLive);
    EXPECT_EQ(verdicts[2].kind, VerdictKind::kDead);
}

TEST(Verdict, KeepsFamiliesApart) {
    const RuleBase base =
        BaseOf({RuleOf(Action::kDeny, {Ipv4Traffic(kAny4, kAny4)}), RuleOf(Action::kAccept, {Ipv4Traffic(kAny4, kAny4), Ipv6Traffic(kAny6, "2001:db8::/32")}),
                RuleOf(Action::kAccept, {Ipv6Traffic("2001:db8::/64", "2001:db8::1")})});
    const auto verdicts = JudgeRules(base, {});
    ASSERT_EQ(verdicts[1].kind, VerdictKind::kLive);
    EXPECT_EQ(verdicts[1].witness->family, Family::kIpv6);
    EXPECT_THAT(verdicts[2].covered_by, ElementsAre(1));
}

TEST(Verdict, LetsRulesWithUnknownPartsCoverNothing) {
    const RuleBase base =
        BaseOf({WithUnknown(RuleOf(Action::kAccept, {Ipv4Traffic(kAny4, kAny4)}), "schedule"), RuleOf(Action::kAccept, {Ipv4Traffic("10.0.0.0/8", kAny4)}),
                WithUnknown(RuleOf(Action::kAccept, {Ipv4Traffic("10.0.0.0/9", kAny4)}), "fqdn")});
    const auto verdicts = JudgeRules(base, {});
    EXPECT_EQ(verdicts[0].cause, VerdictCause::kOwnUnknownPart);
    EXPECT_EQ(verdicts[1].kind, VerdictKind::kLiveUnless);
    EXPECT_EQ(verdicts[1].cause, VerdictCause::kEarlierUnknownPart);
    EXPECT_THAT(verdicts[1].covered_by, ElementsAre(0));
    EXPECT_EQ(verdicts[2].kind, VerdictKind::kDead);
    EXPECT_THAT(verdicts[2].covered_by, ElementsAre(1));
}

TEST(Verdict, LeavesOutRulesThatAreNotActive) {
    RuleBase base = BaseOf({RuleOf(Action::kDeny, {Ipv4Traffic(kAny4, kAny4)}), RuleOf(Action::kDeny, {Ipv4Traffic(kAny4, kAny4)}),
                            RuleOf(Action::kAccept, {Ipv4Traffic(kAny4, kAny4)}), RuleOf(Action::kAccept, {})});
    base.rules[0].is_enabled = false;
    base.rules[1].has_ended = true;
    const auto verdicts = JudgeRules(base, {});
    EXPECT_EQ(verdicts[0].kind, VerdictKind::kInactive);
    EXPECT_EQ(verdicts[1].kind, VerdictKind::kInactive);
    EXPECT_EQ(verdicts[2].kind, VerdictKind::kLive);
    EXPECT_EQ(verdicts[3].cause, VerdictCause::kEmpty);
}

/// Rules that each leave a thin slice in another dimension, and one that asks for all of it.
RuleBase Tangled(std::size_t rules) {
    std::vector<Rule> tangled;
    for (std::uint32_t i = 0; i < rules; ++i) {
        Traffic traffic = Ipv4Traffic(kAny4, kAny4);
        // By checkers in two dimensions at a time: no rule covers much, and nothing short covers all.
        std::vector<Range<std::uint32_t>> sources;
        std::vector<Range<std::uint32_t>> destinations;
        for (std::uint32_t k = 0; k < 64; ++k) {
            if ((k * 7 + i) % 5 != 0) sources.push_back({k << 26, (k << 26) + 0x3FF'FFFF});
            if ((k * 11 + i * 3) % 7 != 0) destinations.push_back({k << 26, (k << 26) + 0x3FF'FFFF});
        }
        traffic.source4 = Ipv4Set(std::move(sources));
        traffic.destination4 = Ipv4Set(std::move(destinations));
        traffic.services = NumberSet(std::vector<Range<std::uint32_t>>{{0, ServiceKey(6, static_cast<std::uint16_t>(i * 97))},
                                                                       {ServiceKey(6, static_cast<std::uint16_t>(i * 97 + 7)), kLastService}});
        tangled.push_back(RuleOf(Action::kAccept, {traffic}));
    }
    tangled.push_back(RuleOf(Action::kAccept, {Ipv4Traffic(kAny4, kAny4)}));
    return BaseOf(std::move(tangled));
}

TEST(Verdict, IsUndecidedWhenTheBudgetIsSpent) {
    const RuleBase base = Tangled(40);
    JudgeOptions options;
    options.budget.nodes = 2;
    const auto verdicts = JudgeRules(base, options);
    EXPECT_EQ(verdicts.back().kind, VerdictKind::kUndecided);
    EXPECT_NE(JudgeRules(base, {}).back().kind, VerdictKind::kUndecided);
}

TEST(Verdict, TheBudgetOfAllRulesIsSharedOutEvenly) {
    JudgeOptions options;
    options.total = {100, 1000};
    EXPECT_EQ(options.BudgetOfEach(10).nodes, 10U);
    EXPECT_EQ(options.BudgetOfEach(10).steps, 100U);
    EXPECT_EQ(options.BudgetOfEach(5000).nodes, 1U) << "never none at all: what can be told at once is told";
    EXPECT_EQ(JudgeOptions().BudgetOfEach(1).nodes, JudgeOptions().budget.nodes);
    const RuleBase base = Tangled(40);
    options.total = {2 * base.rules.size(), options.budget.steps};
    EXPECT_EQ(JudgeRules(base, options).back().kind, VerdictKind::kUndecided);
}

TEST(Verdict, IsUndecidedWhereItWasCancelled) {
    JudgeOptions options;
    options.is_cancelled = [] { return true; };
    RuleBase base = Tangled(3);
    for (const RuleVerdict& verdict : JudgeRules(base, options)) EXPECT_EQ(verdict.kind, VerdictKind::kUndecided);
    base.rules[1].is_enabled = false;
    EXPECT_EQ(JudgeRules(base, options)[1].kind, VerdictKind::kInactive) << "that needs no proof";
}

TEST(Verdict, FindsTheDeadRulesKnownOfAFilterSet) {
    const std::filesystem::path path = std::filesystem::path(OPSTEWARD_SOURCE_DIR) / "tests/data/firewall/analysis/fw1_1k.txt";
    std::ifstream file(path, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const auto read = ReadClassbench(text);
    ASSERT_TRUE(read.ok());
    const auto verdicts = JudgeRules(read->rule_bases[0], {});
    ASSERT_EQ(verdicts.size(), 847U);
    EXPECT_EQ(std::ranges::count(verdicts, VerdictKind::kDead, &RuleVerdict::kind), 14);
    EXPECT_EQ(std::ranges::count(verdicts, VerdictKind::kLive, &RuleVerdict::kind), 833);
    EXPECT_EQ(std::ranges::count_if(verdicts, [](const RuleVerdict& verdict) { return verdict.covered_by.size() > 1; }), 2);
}

TEST(Verdict, IsTheSameWithSeveralThreads) {
    std::mt19937 random(9);
    RuleBase base;
    base.zones = {"inside", "outside"};
    for (int i = 0; i < 40; ++i) {
        for (Rule& rule : testing::MakeBase(random).rules) base.rules.push_back(std::move(rule));
    }
    JudgeOptions one;
    one.threads = 1;
    JudgeOptions four;
    four.threads = 4;
    EXPECT_TRUE(JudgeRules(base, one) == JudgeRules(base, four));
}

}  // namespace
}  // namespace opsteward::firewall
