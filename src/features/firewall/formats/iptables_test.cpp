#include <fmt/format.h>
#include <gtest/gtest.h>

#include "features/firewall/formats/net_names.hpp"
#include "features/firewall/formats/readers.hpp"
#include "features/firewall/formats/testing/format_cases.hpp"
#include "features/firewall/model/address.hpp"

namespace opsteward::firewall {
namespace {

using testing::DifferenceFromExpected;
using testing::ReadCase;

Configuration Read(std::string_view text) {
    auto read = ReadIptables(text, {});
    EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().operator_text);
    return read.ok() ? *std::move(read) : Configuration();
}

/// The rules of FORWARD, of a table that has these lines.
std::vector<Rule> Forwarded(std::string_view lines, std::string_view before = "") {
    const Configuration read = Read(fmt::format("{}*filter\n:FORWARD ACCEPT [0:0]\n:web - [0:0]\n{}\nCOMMIT\n", before, lines));
    EXPECT_TRUE(read.unknown.empty()) << read.unknown.front().text;
    return read.rule_bases.empty() ? std::vector<Rule>() : read.rule_bases[0].rules;
}

TEST(Iptables, TheKeptOutputYieldsWhatIsWrittenBesideIt) {
    for (const char* const name : {"iptables/router.save", "iptables/listed.rules"}) {
        EXPECT_EQ(DifferenceFromExpected(name, ReadIptables(ReadCase(name), {})), "") << name;
    }
}

struct StateCase {
    std::string_view match;
    NumberSet states;
};

TEST(Iptables, StatesAreReadByEitherMatch) {
    const auto states = [](std::initializer_list<ConnectionState> list) {
        NumberSet set;
        for (const ConnectionState state : list) set = set.Union(NumberSet(static_cast<std::uint32_t>(state)));
        return set;
    };
    for (const StateCase& one :
         {StateCase{"-m state --state NEW", states({ConnectionState::kNew})},
          StateCase{"-m conntrack --ctstate RELATED,ESTABLISHED", states({ConnectionState::kEstablished, ConnectionState::kRelated})},
          StateCase{"-m conntrack ! --ctstate INVALID,UNTRACKED", states({ConnectionState::kNew, ConnectionState::kEstablished, ConnectionState::kRelated})}}) {
        const auto rules = Forwarded(fmt::format("-A FORWARD {} -j ACCEPT", one.match));
        ASSERT_EQ(rules.size(), 1U);
        EXPECT_EQ(rules[0].traffic.at(0).states, one.states) << one.match;
    }
}

struct UnknownCase {
    std::string_view match;
    std::string_view what;
};

TEST(Iptables, MatchesWithoutADimensionAreUnknownParts) {
    for (const UnknownCase& one :
         {UnknownCase{"-m mac --mac-source 02:00:00:00:00:01", "mac"}, UnknownCase{"-m owner --uid-owner 0", "user"},
          UnknownCase{"-m limit --limit 3/sec --limit-burst 5", "rate"}, UnknownCase{"-m time --timestart 08:00:00", "schedule"},
          UnknownCase{"-m string --string \"-x y\" --algo bm", "application"}, UnknownCase{"-m geoip ! --source-country TW", "geography"},
          UnknownCase{"-p tcp -m tcp --tcp-flags SYN,ACK SYN", "state"}, UnknownCase{"-m conntrack --ctstatus ASSURED", "state"},
          UnknownCase{"-m conntrack --ctstate DNAT", "nat"}, UnknownCase{"-m set --match-set nowhere src", "other"}, UnknownCase{"-f", "other"},
          UnknownCase{"-m mark ! --mark 0x1/0xff", "other"}, UnknownCase{"-m physdev --physdev-in eth0", "interface"}}) {
        const auto rules = Forwarded(fmt::format("-A FORWARD {} -j ACCEPT", one.match));
        ASSERT_EQ(rules.size(), 1U) << one.match;
        ASSERT_EQ(rules[0].unknown.size(), 1U) << one.match;
        EXPECT_EQ(rules[0].unknown[0].what, one.what) << one.match;
        EXPECT_FALSE(rules[0].traffic.empty());
    }
}

TEST(Iptables, WhatIsNotUnderstoodIsNamedAndTheRuleUncertain) {
    const Configuration read = Read(
        "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -m nosuch --thing 1 -j ACCEPT\n-A FORWARD --strange -j DROP\n-A FORWARD -j NOWHERE\nnonsense\n-A nochain -j "
        "DROP\n"
        "-A FORWARD -m comment --comment \"open\n");
    ASSERT_EQ(read.rule_bases.size(), 1U);
    ASSERT_EQ(read.rule_bases[0].rules.size(), 3U);
    for (const Rule& rule : read.rule_bases[0].rules) EXPECT_FALSE(rule.unknown.empty()) << rule.text;
    EXPECT_EQ(read.rule_bases[0].rules[2].action, Action::kAccept) << "what it does is not known: it may let through";
    std::vector<std::size_t> lines;
    for (const UnknownLine& line : read.unknown) lines.push_back(line.line);
    std::ranges::sort(lines);
    EXPECT_EQ(lines, (std::vector<std::size_t>{1, 3, 4, 5, 6, 7, 8})) << "line 1: no COMMIT";
}

TEST(Iptables, AnInterfaceThatAHookDoesNotHaveIsNoName) {
    const Configuration read =
        Read("*filter\n:OUTPUT ACCEPT [0:0]\n:c - [0:0]\n-A OUTPUT -j c\n-A c -i eth0 -j DROP\n-A c ! -i eth0 -j ACCEPT\n-A c -i + -j DROP\nCOMMIT\n");
    ASSERT_EQ(read.rule_bases.at(0).rules.size(), 3U);
    EXPECT_TRUE(read.rule_bases[0].rules[0].traffic.empty());
    EXPECT_EQ(read.rule_bases[0].rules[1].traffic.at(0).in, read.rule_bases[0].AllZones());
    EXPECT_EQ(read.rule_bases[0].rules[2].traffic.at(0).in, read.rule_bases[0].AllZones());
}

TEST(Iptables, AFamilyIsToldByTheCommentOrByTheAddresses) {
    EXPECT_EQ(Read("# Generated by ip6tables-save v1.8.9 on x\n*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n").rule_bases.at(0).name, "INPUT (IPv6)");
    EXPECT_EQ(Read("*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -s fd00::/8 -j DROP\nCOMMIT\n").rule_bases.at(0).name, "INPUT (IPv6)");
    EXPECT_EQ(Read("*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n").rule_bases.at(1).name, "INPUT#2");
}

TEST(Iptables, ARuleHasACounterOnlyWhereTheTextHasOne) {
    EXPECT_FALSE(Forwarded("-A FORWARD -j DROP")[0].counter.has_value());
    EXPECT_EQ(Forwarded("[3:180] -A FORWARD -j DROP")[0].counter->hits, 3U);
    EXPECT_EQ(Forwarded("[0:0] -A FORWARD -j DROP")[0].counter->bytes, 0U);
    EXPECT_EQ(Forwarded("-A FORWARD -c 5 300 -j DROP")[0].counter->hits, 5U);
}

TEST(Iptables, SetsOfPairsAndListsStandForTheirElements) {
    const std::string sets =
        "create l list:set\ncreate a hash:ip family inet\ncreate n hash:net,iface family inet\nadd a 192.0.2.1\nadd l a\nadd n 10.0.0.0/8,eth7\n";
    EXPECT_EQ(Forwarded("-A FORWARD -m set --match-set l dst -j DROP", sets)[0].traffic.at(0).destination4, Ipv4Set(ParseIpv4("192.0.2.1").value()));
    const auto rules = Forwarded("-A FORWARD -m set --match-set n src,src -j DROP", sets);
    EXPECT_EQ(rules[0].traffic.at(0).in, NumberSet(0U));
    EXPECT_EQ(rules[0].traffic.at(0).source4, Ipv4Set(10U << 24, (11U << 24) - 1));
    EXPECT_TRUE(Forwarded("-A FORWARD -m set ! --match-set a src -j DROP", "create a hash:ip family inet6\n")[0].traffic.at(0).source4.IsAll());
}

TEST(Iptables, TextsThatAreNoneAreRefused) {
    for (const std::string_view text : {"", "hello\n", "{\"nftables\": []}", "create a hash:ip\n"}) {
        const auto read = ReadIptables(text, {});
        ASSERT_FALSE(read.ok()) << text;
        EXPECT_EQ(read.error().code, ErrorCode::kInvalidInput);
    }
    EXPECT_EQ(ReadIptables(std::string(kMaxConfigurationBytes + 1, ' '), {}).error().code, ErrorCode::kTooLarge);
    EXPECT_EQ(ReadIptables("*filter\n:INPUT ACCEPT [0:0]\n:a - [0:0]\n-A INPUT -j a\n-A a -j a\nCOMMIT\n", {}).error().code, ErrorCode::kInvalidInput);
}

TEST(NetNames, TypesCodesAndPortsAreReadByNameAndNumber) {
    EXPECT_EQ(ProtocolNumber("ipv6-icmp"), 58);
    EXPECT_EQ(ProtocolNumber("256"), std::nullopt);
    EXPECT_EQ(PortNumber("https"), 443);
    EXPECT_EQ(IcmpKindOf(kIcmp, "port-unreachable")->code, 3);
    EXPECT_EQ(IcmpKindOf(kIcmpv6, "echo-request")->type, 128);
    EXPECT_FALSE(IcmpKindOf(kIcmp, "3/").has_value());
    EXPECT_EQ(ServicesOf(kIcmp, IcmpKind{3, std::nullopt}), NumberSet(ServiceKey(1, 0x300), ServiceKey(1, 0x3FF)));
}

}  // namespace
}  // namespace opsteward::firewall
