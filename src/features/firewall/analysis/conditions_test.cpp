#include "features/firewall/analysis/conditions.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "features/firewall/analysis/evaluate.hpp"
#include "features/firewall/analysis/testing/rules.hpp"

namespace opsteward::firewall {
namespace {

using testing::BaseOf;
using testing::Ipv4Traffic;
using testing::RuleOf;
using testing::Tcp;
using testing::WithUnknown;

constexpr std::uint32_t kAddresses = 4;
constexpr std::uint16_t kPorts = 3;

Rule RandomRule(std::mt19937& random, const std::string& id) {
    const auto within = [&random](std::uint32_t count) { return random() % count; };
    const auto range = [&](std::uint32_t count) {
        const std::uint32_t first = within(count);
        return std::pair(first, first + within(count - first));
    };
    const auto addresses = [&] {
        const auto [first, last] = range(kAddresses);
        return "10.0.0." + std::to_string(first) + "-10.0.0." + std::to_string(last);
    };
    std::vector<Traffic> traffic;
    for (std::uint32_t i = 0; i <= within(2); ++i) {
        const auto [first, last] = range(kPorts);
        traffic.push_back(Ipv4Traffic(addresses(), addresses(), Tcp(static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(last))));
    }
    Rule rule = RuleOf(within(2) == 0 ? Action::kAccept : Action::kDeny, traffic);
    rule.id = id;
    return within(3) == 0 ? rule : WithUnknown(rule, within(3) == 0 ? "rate" : "schedule");
}

/// Places of the rules that a packet meets, by the whole rules; each once.
std::vector<std::size_t> Met(const SplitRules& rules, const Packet& packet) {
    std::vector<std::size_t> met;
    for (std::size_t i = 0; i < rules.base.rules.size(); ++i) {
        if (Matches(rules.base.rules[i], packet)) met.push_back(rules.origins[i]);
    }
    return met;
}

TEST(Conditions, RulesThatComeApartMatchTogetherWhatTheyMatchedWhole) {
    std::size_t came_apart = 0;
    for (unsigned seed = 0; seed < 300; ++seed) {
        std::mt19937 random(seed);
        RuleBase before = BaseOf({});
        RuleBase after = BaseOf({});
        for (int i = 0; i < 4; ++i) {
            before.rules.push_back(RandomRule(random, std::to_string(i)));
            after.rules.push_back(RandomRule(random, std::to_string(i)));
        }
        SplitRules old_parts = WholeRules(before);
        SplitRules new_parts = WholeRules(after);
        SplitChangedRules(old_parts, new_parts);
        came_apart += static_cast<std::size_t>(old_parts.base.rules.size() > before.rules.size());
        for (std::uint32_t i = 0; i < kAddresses * kAddresses * kPorts; ++i) {
            Packet packet;
            packet.source4 = 0x0A00'0000U + i % kAddresses;
            packet.destination4 = 0x0A00'0000U + i / kAddresses % kAddresses;
            packet.service = ServiceKey(6, static_cast<std::uint16_t>(i / kAddresses / kAddresses));
            ASSERT_EQ(Met(old_parts, packet), Met(WholeRules(before), packet)) << seed;
            ASSERT_EQ(Met(new_parts, packet), Met(WholeRules(after), packet)) << seed;
        }
    }
    EXPECT_GT(came_apart, 50U);
}

TEST(Conditions, AreTheSameWhereTheyAreWrittenTheSameAndHoldForTheWholeRule) {
    const Rule rule = RuleOf(Action::kAccept, {Ipv4Traffic("10.0.0.1", "10.0.0.2")});
    Rule other = RuleOf(Action::kAccept, {Ipv4Traffic("10.0.0.3", "10.0.0.4")});
    other.text = "written otherwise";
    EXPECT_TRUE(HaveSameConditions(WithUnknown(rule, "schedule"), WithUnknown(other, "schedule")));
    EXPECT_FALSE(HaveSameConditions(WithUnknown(rule, "schedule"), WithUnknown(other, "rate")));
    EXPECT_FALSE(HaveSameConditions(WithUnknown(rule, "fqdn"), WithUnknown(other, "fqdn"))) << "the name is one member among others, which may be others";
    EXPECT_TRUE(HaveSameConditions(WithUnknown(rule, "fqdn"), WithUnknown(rule, "fqdn")));
    EXPECT_TRUE(HaveSameConditions(rule, other)) << "neither has any";
}

}  // namespace
}  // namespace opsteward::firewall
