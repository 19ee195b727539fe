#include <gtest/gtest.h>

#include <random>

#include "features/firewall/formats/chain_walk.hpp"
#include "features/firewall/formats/zone_names.hpp"
#include "features/firewall/model/traffic_sets.hpp"

namespace opsteward::firewall {
namespace {

const NumberSet kZones(0, 3);

Traffic Any(Family family = Family::kIpv4) { return AnyTraffic(family, kZones); }

Traffic Random(std::mt19937& random) {
    const auto number = [&random](std::uint32_t last) { return std::uniform_int_distribution<std::uint32_t>(0, last)(random); };
    Traffic traffic = Any();
    if (number(1) == 0) traffic.in = NumberSet(number(3));
    if (number(1) == 0) traffic.source4 = Ipv4Set(number(3), 4 + number(3));
    if (number(1) == 0) traffic.destination4 = Ipv4Set(number(7));
    if (number(2) == 0) traffic.services = NumberSet(number(5), 6 + number(5));
    if (number(3) == 0) traffic.states = NumberSet(number(kLastState));
    return traffic;
}

Packet RandomPacket(std::mt19937& random) {
    const auto number = [&random](std::uint32_t last) { return std::uniform_int_distribution<std::uint32_t>(0, last)(random); };
    Packet packet;
    packet.in = number(3);
    packet.source4 = number(8);
    packet.destination4 = number(8);
    packet.service = number(12);
    packet.state = number(kLastState);
    return packet;
}

TEST(TrafficSets, CuttingTakingAndMergingAreThoseOfSetsOfPackets) {
    std::mt19937 random(3);
    for (int round = 0; round < 300; ++round) {
        std::vector<Traffic> products;
        for (int i = 0; i < 4; ++i) products.push_back(Random(random));
        const Traffic other = Random(random);
        std::vector<Traffic> rest = products;
        ASSERT_TRUE(Subtract(rest, other, 1000));
        std::vector<Traffic> merged = products;
        Merge(merged);
        EXPECT_LE(merged.size(), products.size());
        const std::vector<Traffic> both = Intersection(products, std::vector<Traffic>{other});
        for (int i = 0; i < 200; ++i) {
            const Packet packet = RandomPacket(random);
            const auto holds = [&packet](const std::vector<Traffic>& set) {
                return std::ranges::any_of(set, [&packet](const Traffic& one) { return Matches(one, packet); });
            };
            EXPECT_EQ(holds(merged), holds(products));
            EXPECT_EQ(holds(rest), holds(products) && !Matches(other, packet));
            EXPECT_EQ(holds(both), holds(products) && Matches(other, packet));
        }
        EXPECT_TRUE(Covers(products[0], products[0]));
        const auto part = Intersection(products[0], other);
        EXPECT_TRUE(!part || Covers(other, *part));
    }
}

TEST(TrafficSets, WhatWouldLeaveTooManyProductsIsNotTaken) {
    std::vector<Traffic> products{Any()};
    Traffic middle = Any();
    middle.source4 = Ipv4Set(5U);
    middle.destination4 = Ipv4Set(5U);
    EXPECT_FALSE(Subtract(products, middle, 1));
    EXPECT_EQ(products, std::vector<Traffic>{Any()});
    EXPECT_TRUE(Subtract(products, middle, 2));
}

TEST(ZoneNames, ABeginningHoldsWhatBeginsSo) {
    ZoneNames zones('+');
    for (const char* const name : {"eth1", "eth+", "ppp0", "eth10+", "e+", "+"}) zones.Add(name);
    zones.Finish();
    EXPECT_EQ(zones.Texts(), (std::vector<std::string>{"e+", "eth+", "eth1", "eth10+", "ppp0", "*"}));
    EXPECT_EQ(zones.Of("eth+"), NumberSet(1, 3));
    EXPECT_EQ(zones.Of("e+"), NumberSet(0, 3));
    EXPECT_EQ(zones.Of("eth1"), NumberSet(2U));
    EXPECT_EQ(zones.Of("+"), NumberSet(0, 5));
    EXPECT_EQ(zones.Of("wlan0"), NumberSet(5U));
}

/// Chains evaluated one packet at a time, the plain way.
class PlainWalk {
  public:
    PlainWalk(const std::vector<Chain>& chains, const ChainHook& hook) : chains_(chains), hook_(hook) {}

    bool LetsThrough(const Packet& packet) const {
        for (const BaseChain& base : hook_.bases) {
            if (!base.families[static_cast<std::size_t>(packet.family)]) continue;
            const auto verdict = Ask(base.chain, packet).value_or(base.policy == Action::kAccept);
            if (!verdict) return false;
        }
        return true;
    }

  private:
    std::optional<bool> Ask(std::size_t chain, const Packet& packet) const {
        for (const ChainRule& rule : chains_[chain].rules) {
            if (!Matches(rule.rule, packet)) continue;
            switch (rule.verdict) {
                case ChainVerdict::kAccept: return true;
                case ChainVerdict::kDeny:
                case ChainVerdict::kReject: return false;
                case ChainVerdict::kReturn: return std::nullopt;
                case ChainVerdict::kGoto: return Ask(rule.target, packet);
                case ChainVerdict::kJump:
                    if (const auto verdict = Ask(rule.target, packet)) return verdict;
                    break;
                default: break;
            }
        }
        return std::nullopt;
    }

    const std::vector<Chain>& chains_;
    const ChainHook& hook_;
};

TEST(ChainWalk, TheFirstRuleThatMatchesDecidesAsTheChainsDo) {
    std::mt19937 random(11);
    const auto number = [&random](std::size_t last) { return std::uniform_int_distribution<std::size_t>(0, last)(random); };
    for (int round = 0; round < 400; ++round) {
        std::vector<Chain> chains(6);
        for (std::size_t i = 0; i < chains.size(); ++i) {
            chains[i].name = "c" + std::to_string(i);
            const std::size_t count = number(6);
            for (std::size_t k = 0; k < count; ++k) {
                ChainRule rule;
                rule.rule.id = chains[i].name + ":" + std::to_string(k + 1);
                rule.rule.traffic = {Random(random)};
                if (number(3) == 0) rule.rule.traffic.push_back(Random(random));
                rule.verdict = static_cast<ChainVerdict>(number(7));
                const bool goes = rule.verdict == ChainVerdict::kJump || rule.verdict == ChainVerdict::kGoto;
                if (goes && i + 1 == chains.size()) rule.verdict = ChainVerdict::kReturn;
                if (goes && i + 1 < chains.size()) rule.target = i + 1 + number(chains.size() - i - 2);
                chains[i].rules.push_back(std::move(rule));
            }
        }
        ChainHook hook;
        hook.name = "forward";
        hook.zones = {"a", "b", "c", "*"};
        hook.families = {true, false};
        for (std::size_t i = 0; i <= number(2); ++i) {
            hook.bases.push_back({i, {number(5) != 0, true}, number(1) == 0 ? Action::kAccept : Action::kDeny, 0, "policy"});
        }
        const auto flat = FlattenChains(chains, hook);
        ASSERT_TRUE(flat.ok());
        for (int i = 0; i < 200; ++i) {
            const Packet packet = RandomPacket(random);
            const auto decides = std::ranges::find_if(flat->rules, [&packet](const Rule& rule) { return rule.unknown.empty() && Matches(rule, packet); });
            const Action action = decides == flat->rules.end() ? flat->fallback : decides->action;
            EXPECT_EQ(LetsThrough(action), PlainWalk(chains, hook).LetsThrough(packet)) << round;
        }
    }
}

ChainRule RuleOf(std::string id, ChainVerdict verdict, std::size_t target = 0) {
    ChainRule rule;
    rule.rule.id = std::move(id);
    rule.rule.traffic = {Any()};
    rule.rule.line = 7;
    rule.verdict = verdict;
    rule.target = target;
    return rule;
}

ChainHook Hook(std::size_t bases) {
    ChainHook hook;
    hook.zones = {"a", "b", "c", "*"};
    hook.families = {true, false};
    for (std::size_t i = 0; i < bases; ++i) hook.bases.push_back({i, {true, true}, Action::kAccept, 0, "policy accept"});
    return hook;
}

TEST(ChainWalk, ACircleIsRefusedWithItsLine) {
    const std::vector<Chain> chains{{"a", {RuleOf("a:1", ChainVerdict::kJump, 1)}}, {"b", {RuleOf("b:1", ChainVerdict::kGoto, 0)}}};
    const auto flat = FlattenChains(chains, Hook(1));
    ASSERT_FALSE(flat.ok());
    EXPECT_EQ(flat.error().code, ErrorCode::kInvalidInput);
    EXPECT_NE(flat.error().operator_text.find("Line 7"), std::string::npos);
}

TEST(ChainWalk, PathsThatDoubleAtEveryStepAreTooMany) {
    std::vector<Chain> chains;
    for (std::size_t i = 0; i < 40; ++i) {
        const std::string name = "c" + std::to_string(i);
        chains.push_back({name, {RuleOf(name + ":1", ChainVerdict::kJump, i + 1), RuleOf(name + ":2", ChainVerdict::kJump, i + 1)}});
    }
    chains.push_back({"last", {RuleOf("last:1", ChainVerdict::kDeny)}});
    const auto flat = FlattenChains(chains, Hook(1));
    ASSERT_FALSE(flat.ok());
    EXPECT_EQ(flat.error().code, ErrorCode::kTooLarge);
}

TEST(ChainWalk, AReturnThatMayNotHappenMakesWhatFollowsUncertain) {
    ChainRule returns = RuleOf("b:1", ChainVerdict::kReturn);
    returns.rule.unknown = {{"rate", "limit", 3}};
    returns.rule.text = "limit return";
    const std::vector<Chain> chains{{"a", {RuleOf("a:1", ChainVerdict::kJump, 1), RuleOf("a:2", ChainVerdict::kAccept)}},
                                    {"b", {returns, RuleOf("b:2", ChainVerdict::kDeny)}}};
    const auto flat = FlattenChains(chains, Hook(1));
    ASSERT_TRUE(flat.ok());
    ASSERT_EQ(flat->rules.size(), 2U);
    EXPECT_EQ(flat->rules[0].id, "a:1/b:2");
    ASSERT_EQ(flat->rules[0].unknown.size(), 1U);
    EXPECT_EQ(flat->rules[0].unknown[0].text, "limit return");
    EXPECT_TRUE(flat->rules[1].unknown.empty());
}

TEST(ChainWalk, TooManyPairsOfBaseChainsBecomeAnUnknownPart) {
    std::vector<Chain> chains(2);
    for (int i = 0; i < 510; ++i) {
        chains[0].rules.push_back(RuleOf("a:" + std::to_string(i), ChainVerdict::kAccept));
        chains[1].rules.push_back(RuleOf("b:" + std::to_string(i), ChainVerdict::kDeny));
    }
    chains[1].name = "later";
    const auto flat = FlattenChains(chains, Hook(2));
    ASSERT_TRUE(flat.ok());
    ASSERT_FALSE(flat->rules.empty());
    EXPECT_EQ(flat->rules[0].id, "a:0");
    ASSERT_EQ(flat->rules[0].unknown.size(), 1U);
    EXPECT_EQ(flat->rules[0].unknown[0].text, "later: asked of this as well");
}

TEST(ChainWalk, FamiliesWithPoliciesOfTheirOwnKeepThem) {
    const std::vector<Chain> chains{{"only4", {}}};
    ChainHook hook = Hook(1);
    hook.families = {true, true};
    hook.bases[0] = {0, {true, false}, Action::kDeny, 9, "policy drop"};
    const auto flat = FlattenChains(chains, hook);
    ASSERT_TRUE(flat.ok());
    EXPECT_EQ(flat->fallback, Action::kAccept);
    ASSERT_EQ(flat->rules.size(), 1U);
    EXPECT_EQ(flat->rules[0].id, "only4:policy");
    EXPECT_EQ(flat->rules[0].traffic, std::vector<Traffic>{Any()});
    EXPECT_EQ(flat->rules[0].line, 9U);
}

struct AskedCase {
    std::vector<std::array<bool, 2>> families;  ///< of the base chains
    bool has_in;
    bool has_out;
    Way way;
    std::optional<Family> family;
};

TEST(ChainWalk, ARuleBaseIsAskedAboutWhatItsHookAndItsBaseChainsSee) {
    for (const AskedCase& one : {AskedCase{{{true, true}}, true, true, Way::kThrough, {}}, AskedCase{{{true, false}}, true, false, Way::kToDevice, Family::kIpv4},
                                 AskedCase{{{false, true}, {false, true}}, false, true, Way::kFromDevice, Family::kIpv6},
                                 AskedCase{{{true, false}, {false, true}}, true, true, Way::kThrough, {}}}) {
        ChainHook hook = Hook(one.families.size());
        hook.families = {true, true};
        hook.has_in = one.has_in;
        hook.has_out = one.has_out;
        for (std::size_t i = 0; i < one.families.size(); ++i) hook.bases[i].families = one.families[i];
        const auto flat = FlattenChains(std::vector<Chain>(one.families.size(), Chain{"a", {}}), hook);
        ASSERT_TRUE(flat.ok());
        EXPECT_EQ(flat->way, one.way);
        EXPECT_EQ(flat->family, one.family);
    }
}

TEST(ChainWalk, WhatALogRuleBeforeCoversIsLogged) {
    ChainRule log = RuleOf("a:1", ChainVerdict::kLog);
    log.rule.traffic[0].source4 = Ipv4Set(0, 100);
    ChainRule inside = RuleOf("a:2", ChainVerdict::kDeny);
    inside.rule.traffic[0].source4 = Ipv4Set(5U);
    const std::vector<Chain> chains{{"a", {log, inside, RuleOf("a:3", ChainVerdict::kDeny)}}};
    const auto flat = FlattenChains(chains, Hook(1));
    ASSERT_TRUE(flat.ok());
    EXPECT_TRUE(flat->rules[0].is_logged);
    EXPECT_FALSE(flat->rules[1].is_logged);
}

}  // namespace
}  // namespace opsteward::firewall
