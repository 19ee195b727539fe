#include "features/firewall/analysis/reversed.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "features/firewall/analysis/testing/rules.hpp"
#include "features/firewall/formats/detect_format.hpp"
#include "features/firewall/formats/read_configuration.hpp"

namespace opsteward::firewall {
namespace {

using testing::BaseOf;
using testing::Ipv4Traffic;
using testing::Ipv6Traffic;
using testing::kAny4;
using testing::kAny6;
using testing::RuleOf;

/// Zones of the rule base in these tests.
constexpr std::uint32_t kInside = 0;
constexpr std::uint32_t kOutside = 1;
constexpr std::uint32_t kDmz = 2;
constexpr std::uint32_t kAll = 3;

ZoneNetworks ZoneOf(std::string zone, std::string_view ipv4, bool has_default = false) {
    ZoneNetworks networks{"", std::move(zone), {}, 1, {}, {}};
    if (!ipv4.empty()) {
        const auto range = ParseIpv4Range(ipv4).value();
        networks.ipv4 = {Ipv4Set(range.first, range.last), true, false};
    }
    networks.ipv4.has_default = has_default;
    return networks;
}

NumberSet Zones(std::uint32_t zone) { return zone == kAll ? NumberSet(0, kAll) : NumberSet(zone); }

Rule Between(std::uint32_t in, std::uint32_t out, std::string_view source, std::string_view destination) {
    Rule rule = RuleOf(Action::kAccept, {Ipv4Traffic(source, destination)});
    rule.traffic[0].in = Zones(in);
    rule.traffic[0].out = Zones(out);
    return rule;
}

RuleBase Base(std::vector<Rule> rules) {
    RuleBase base = BaseOf(std::move(rules));
    base.name = "root/policy";
    base.zones = {"inside", "outside", "dmz", "*"};
    return base;
}

/// 10.1.0.0/16 is inside, 198.51.100.0/24 the DMZ, all else outside.
std::vector<ZoneNetworks> Office() { return {ZoneOf("inside", "10.1.0.0/16"), ZoneOf("outside", "203.0.113.0/29", true), ZoneOf("dmz", "198.51.100.0/24")}; }

bool IsReversed(const Rule& rule, const std::vector<ZoneNetworks>& networks) { return !FindReversedRules(Base({rule}), networks).empty(); }

struct Case {
    std::uint32_t in;
    std::uint32_t out;
    std::string_view source;
    std::string_view destination;
    bool is_reversed;
};

TEST(Reversed, OnlyWhatWouldMatchWithItsZonesExchangedIs) {
    const Case cases[] = {
        {kInside, kDmz, "10.1.2.0/24", "198.51.100.7", false},
        {kDmz, kInside, "10.1.2.0/24", "198.51.100.7", true},
        {kOutside, kDmz, "192.0.2.9", "198.51.100.7", false},
        {kDmz, kOutside, "192.0.2.9", "198.51.100.7", true},
        {kOutside, kDmz, "10.1.2.0/24", "198.51.100.7", false},         // from elsewhere, but not turned round
        {kDmz, kInside, "10.1.2.0/24", "10.1.3.0/24", false},
        {kDmz, kInside, "10.0.0.0/8", "198.51.100.7", false},           // some of it is outside
        {kDmz, kInside, "10.1.2.0/24", "198.51.100.0-198.51.101.0", false},
        {kDmz, kInside, kAny4, "198.51.100.7", false},
        {kDmz, kOutside, "192.0.2.9", kAny4, false},
        {kOutside, kInside, "10.1.2.0/24", "224.0.0.5", false},         // multicast is behind nothing
        {kInside, kInside, "10.1.2.0/24", "10.1.3.0/24", false},
        // All zones on one side.
        {kDmz, kAll, "10.1.2.0/24", "198.51.100.7", true},
        {kInside, kAll, "10.1.2.0/24", "198.51.100.7", false},
        {kInside, kAll, "198.51.100.7", "192.0.2.9", false},
        {kAll, kInside, "10.1.2.0/24", "198.51.100.7", true},
        {kAll, kDmz, "10.1.2.0/24", "198.51.100.7", false},
        {kAll, kAll, "10.1.2.0/24", "198.51.100.7", false},
    };
    for (const Case& one : cases)
        EXPECT_EQ(IsReversed(Between(one.in, one.out, one.source, one.destination), Office()), one.is_reversed)
            << one.in << " > " << one.out << " " << one.source << " > " << one.destination;
}

TEST(Reversed, NothingIsSaidOfZonesThatAreNotKnown) {
    const Rule rule = Between(kDmz, kInside, "10.1.2.0/24", "198.51.100.7");
    EXPECT_TRUE(IsReversed(rule, Office()));
    EXPECT_FALSE(IsReversed(rule, {}));
    for (std::size_t zone : {0U, 2U}) {
        std::vector<ZoneNetworks> networks = Office();
        networks[zone].ipv4.is_whole = false;
        EXPECT_FALSE(IsReversed(rule, networks)) << "an interface of it has no networks";
        networks.erase(networks.begin() + static_cast<std::ptrdiff_t>(zone));
        EXPECT_FALSE(IsReversed(rule, networks));
    }
    Rule wide = rule;
    wide.traffic[0].in = NumberSet(kDmz, 3);
    EXPECT_FALSE(IsReversed(wide, Office())) << "interfaces that the configuration does not name";
}

TEST(Reversed, TheDefaultRouteTellsOfOneZoneAlone) {
    const Rule rule = Between(kDmz, kOutside, "192.0.2.9", "198.51.100.7");
    EXPECT_TRUE(IsReversed(rule, Office()));
    std::vector<ZoneNetworks> two = Office();
    two[2].ipv4.has_default = true;
    EXPECT_FALSE(IsReversed(rule, two));
    std::vector<ZoneNetworks> unclear = Office();
    unclear.push_back(ZoneOf("", "", true));
    EXPECT_FALSE(IsReversed(rule, unclear)) << "another one leaves nobody knows where";
    std::vector<ZoneNetworks> elsewhere = Office();
    elsewhere.push_back(ZoneOf("", "192.0.2.0/24"));
    EXPECT_FALSE(IsReversed(rule, elsewhere)) << "that network is behind none of the zones";
    std::vector<ZoneNetworks> unnumbered = Office();
    unnumbered[1] = ZoneOf("outside", "", true);
    EXPECT_TRUE(IsReversed(rule, unnumbered)) << "it needs no networks of its own";
}

TEST(Reversed, ZonesTogetherHaveWhatEachHas) {
    Rule rule = Between(kInside, kOutside, "192.0.2.9", "10.0.255.0-10.1.0.255");
    EXPECT_FALSE(IsReversed(rule, Office()));
    std::vector<ZoneNetworks> networks = Office();
    networks[2] = ZoneOf("dmz", "10.0.0.0/16");
    rule.traffic[0].in = NumberSet(std::vector<Range<std::uint32_t>>{{kInside, kInside}, {kDmz, kDmz}});
    EXPECT_TRUE(IsReversed(rule, networks));
    rule.traffic[0].source4 = Ipv4Set(0x0A00'0001U);
    EXPECT_FALSE(IsReversed(rule, networks));
}

TEST(Reversed, EachProductHasToBe) {
    Rule rule = Between(kDmz, kInside, "10.1.2.0/24", "198.51.100.7");
    rule.traffic.push_back(Between(kInside, kDmz, "10.1.2.0/24", "198.51.100.7").traffic[0]);
    EXPECT_FALSE(IsReversed(rule, Office()));
    rule.traffic.pop_back();
    rule.traffic.push_back(Ipv6Traffic(kAny6, kAny6));
    EXPECT_FALSE(IsReversed(rule, Office()));
    rule.traffic.back().source6 = {};
    EXPECT_TRUE(IsReversed(rule, Office())) << "the other matches nothing";
    EXPECT_FALSE(IsReversed(RuleOf(Action::kAccept, {}), Office()));
}

TEST(Reversed, OfIpv6TheNetworksOfIpv6Count) {
    std::vector<ZoneNetworks> networks = Office();
    const auto inside = ParseIpv6Range("2001:db8:1::/48").value();
    networks[0].ipv6 = {Ipv6Set(inside.first, inside.last), true, false};
    Rule rule = RuleOf(Action::kAccept, {Ipv6Traffic("2001:db8:1::/64", "2001:db8:9::1")});
    rule.traffic[0].in = Zones(kOutside);
    rule.traffic[0].out = Zones(kInside);
    EXPECT_FALSE(IsReversed(rule, networks)) << "nothing tells what is outside";
    networks[1].ipv6.has_default = true;
    EXPECT_TRUE(IsReversed(rule, networks));
    rule.traffic[0].destination6 = Ipv6Set(ParseIpv6("fe80::1").value());
    EXPECT_FALSE(IsReversed(rule, networks));
}

TEST(Reversed, NetworksBelongToTheRuleBasesOfTheirScope) {
    const Rule rule = Between(kDmz, kInside, "10.1.2.0/24", "198.51.100.7");
    const auto is_reversed = [&rule](const std::string& scope, const std::string& base_name) {
        std::vector<ZoneNetworks> networks = Office();
        for (ZoneNetworks& zone : networks) zone.scope = scope;
        RuleBase base = Base({rule});
        base.name = base_name;
        return !FindReversedRules(base, networks).empty();
    };
    EXPECT_TRUE(is_reversed("", "any"));
    EXPECT_TRUE(is_reversed("root", "root"));
    EXPECT_TRUE(is_reversed("root", "root/policy6"));
    EXPECT_FALSE(is_reversed("root", "root2"));
    EXPECT_FALSE(is_reversed("root", "other"));
}

TEST(Reversed, AnInterfaceAmongTheZonesMeansItsWholeZone) {
    std::vector<ZoneNetworks> networks = Office();
    networks[2].zone = "servers";
    networks[2].interfaces = {"dmz"};
    EXPECT_TRUE(IsReversed(Between(kDmz, kInside, "10.1.2.0/24", "198.51.100.7"), networks));
}

TEST(Reversed, RulesThatDecideNothingAndThoseOfTheDeviceItselfAreLeftOut) {
    const Rule rule = Between(kDmz, kInside, "10.1.2.0/24", "198.51.100.7");
    Rule off = rule;
    off.is_enabled = false;
    Rule ended = rule;
    ended.has_ended = true;
    RuleBase base = Base({off, rule, ended, testing::WithUnknown(rule, "schedule")});
    EXPECT_EQ(FindReversedRules(base, Office()), (std::vector<std::size_t>{1, 3})) << "an unknown part narrows it only";
    base.way = Way::kToDevice;
    EXPECT_TRUE(FindReversedRules(base, Office()).empty());
}

struct Sample {
    std::string_view name;  ///< below tests/data/firewall/formats
    std::vector<std::string> reversed;
};

TEST(Reversed, OfEachFormatTheTurnedRulesOfTheSampleAreFoundAndTheRightOnesAreNot) {
    const Sample samples[] = {{"fortigate/turned.conf", {"root 2", "root 3", "branch 2"}},
                              {"asa/turned.conf",
                               {"access-group inside_in:2/dmz_out:implicit", "access-group inside_in:2", "access-group inside_in:3", "access-group inside_in:4"}},
                              {"opnsense/turned.xml", {"filter opt1:1", "filter wan:1"}},
                              {"palo_alto/turned.xml", {"vsys1 turned", "vsys1 turned-out", "vsys2 turned"}},
                              {"srx/turned.conf", {"root dmz/trust/turned", "root untrust/vpn/turned-out", "root untrust/trust/turned6"}}};
    for (const Sample& sample : samples) {
        std::ifstream file(std::filesystem::path(OPSTEWARD_SOURCE_DIR) / "tests/data/firewall/formats" / sample.name, std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        const auto format = DetectFormat(text);
        ASSERT_TRUE(format) << sample.name;
        const auto read = ReadConfiguration(*format, text, {});
        ASSERT_TRUE(read.ok()) << sample.name;
        std::vector<std::string> reversed;
        for (const RuleBase& base : read->rule_bases) {
            for (const std::size_t place : FindReversedRules(base, read->networks)) reversed.push_back(base.name + " " + base.rules[place].id);
        }
        EXPECT_EQ(reversed, sample.reversed) << sample.name;
    }
}

/// By the definition, packet by packet: of addresses each of which is behind one zone, or nobody knows behind which.
TEST(Reversed, NoPacketOfSuchARuleGoesItsWayAndAllWouldGoTheOther) {
    std::mt19937 random(11);
    const auto number = [&random](std::uint32_t last) { return std::uniform_int_distribution<std::uint32_t>(0, last)(random); };
    constexpr std::uint32_t kFirst = 0x0A00'0000;
    constexpr std::uint32_t kCount = 12;
    std::size_t found = 0;
    for (int round = 0; round < 4000; ++round) {
        std::vector<std::uint32_t> zone_of(kCount);
        std::vector<ZoneNetworks> networks{ZoneOf("inside", ""), ZoneOf("outside", ""), ZoneOf("dmz", ""), ZoneOf("", "")};
        for (std::uint32_t i = 0; i < kCount; ++i) {
            zone_of[i] = number(9) == 0 ? 3 : i * 3 / kCount;
            auto& behind = networks[zone_of[i]].ipv4;
            behind = {behind.networks.Union(Ipv4Set(kFirst + i)), true, false};
        }
        const auto some = [&] {
            const std::uint32_t first = number(kCount - 1);
            return Ipv4Set(kFirst + first, kFirst + std::min(first + number(3), kCount - 1));
        };
        Rule rule = Between(number(3), number(3), kAny4, kAny4);
        if (number(3) == 0) rule.traffic[0].in = NumberSet(0, 1);
        rule.traffic[0].source4 = some();
        rule.traffic[0].destination4 = some();
        bool goes = false;       // some packet takes the way
        bool is_turned = true;   // all take it with the zones exchanged
        const auto& [in, out] = std::pair(rule.traffic[0].in, rule.traffic[0].out);
        for (std::uint32_t source = 0; source < kCount; ++source) {
            for (std::uint32_t destination = 0; destination < kCount; ++destination) {
                if (!rule.traffic[0].source4.Contains(kFirst + source) || !rule.traffic[0].destination4.Contains(kFirst + destination)) continue;
                const std::uint32_t from = zone_of[source];
                const std::uint32_t to = zone_of[destination];
                goes = goes || (in.Contains(from) && out.Contains(to));
                is_turned = is_turned && from < 3 && to < 3 && out.Contains(from) && in.Contains(to);
            }
        }
        const bool is_found = IsReversed(rule, networks);
        found += is_found ? 1 : 0;
        EXPECT_TRUE(!is_found || (!goes && is_turned));
    }
    EXPECT_GT(found, 50U);
}

TEST(Reversed, WhatWouldTakeTooLongIsNotSaid) {
    std::vector<Range<std::uint32_t>> odd;
    for (std::uint32_t i = 0; i < 2 * kMaxReversedSteps; i += 2) odd.push_back({0x0A01'0000 + i, 0x0A01'0000 + i});
    std::vector<ZoneNetworks> networks = Office();
    networks[0].ipv4.networks = Ipv4Set(0x0A00'0000U, 0x0AFF'FFFFU);
    Rule rule = Between(kDmz, kInside, "10.1.2.0/24", "198.51.100.7");
    EXPECT_TRUE(IsReversed(rule, networks));
    rule.traffic[0].source4 = Ipv4Set(odd);
    EXPECT_FALSE(IsReversed(rule, networks));
}

}  // namespace
}  // namespace opsteward::firewall
