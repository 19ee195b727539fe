#include <fmt/format.h>
#include <gtest/gtest.h>

#include "features/firewall/formats/hit_counts.hpp"
#include "features/firewall/formats/readers.hpp"
#include "features/firewall/formats/srx/applications.hpp"
#include "features/firewall/formats/testing/format_cases.hpp"
#include "features/firewall/formats/testing/rule_listing.hpp"
#include "features/firewall/formats/testing/what_was_read.hpp"

namespace opsteward::firewall {
namespace {

using testing::DifferenceFromExpected;
using testing::ReadCase;

const ReadOptions kOptions{.now = testing::kCaseTime, .hash_key = {}};

Configuration Read(std::string_view text) { return testing::Accepted(ReadSrx(text, kOptions)); }

/// Without the lines, which differ between the two forms.
std::vector<std::string> WithoutLines(const Configuration& configuration) {
    std::vector<std::string> lines;
    for (const std::string& line : testing::ListConfiguration(configuration)) {
        std::string kept;
        bool is_number = false;
        for (const char c : line) {
            is_number = c == '@' || (is_number && c >= '0' && c <= '9');
            if (!is_number) kept += c;
        }
        lines.push_back(kept);
    }
    return lines;
}

TEST(Srx, TheKeptConfigurationsYieldWhatIsWrittenBesideThem) {
    for (const char* const name : {"srx/office.conf", "srx/turned.conf"})
        EXPECT_EQ(DifferenceFromExpected(name, ReadSrx(ReadCase(name), kOptions)), "") << name;
}

TEST(Srx, ALogicalSystemHasNetworksOfItsOwn) {
    const Configuration read = Read(
        "set interfaces ge-0/0/0 unit 0 family inet dhcp\nset security zones security-zone untrust interfaces ge-0/0/0\n"
        "set logical-systems LS1 interfaces ge-0/0/1 unit 5 family inet address 10.1.0.1/24\n"
        "set logical-systems LS1 security zones security-zone untrust interfaces ge-0/0/1.5\nset security zones security-zone every interfaces all\n");
    ASSERT_EQ(read.networks.size(), 2U);
    EXPECT_EQ(read.networks[0].scope + "/" + read.networks[0].zone, "root/untrust");
    EXPECT_TRUE(read.networks[0].ipv4.has_default);
    EXPECT_EQ(read.networks[1].scope + "/" + read.networks[1].zone, "LS1/untrust");
    EXPECT_TRUE(read.networks[1].ipv4.is_whole);
}

TEST(Srx, BothFormsSayTheSame) {
    EXPECT_EQ(WithoutLines(Read(ReadCase("srx/office.conf"))), WithoutLines(Read(ReadCase("srx/office.set"))));
}

TEST(Srx, NoSecretStandsInWhatWasRead) {
    for (const char* const name : {"srx/office.conf", "srx/office.set"}) EXPECT_FALSE(testing::Holds(Read(ReadCase(name)), "notarealhash")) << name;
}

TEST(Srx, PoliciesAreInsertedDeactivatedAndDeleted) {
    std::string text;
    for (const char* const name : {"a", "b", "c", "d"}) {
        for (const char* const part : {"match source-address any", "match destination-address any", "match application junos-ssh", "then permit"}) {
            text += fmt::format("set security policies from-zone x to-zone y policy {} {}\n", name, part);
        }
    }
    text += "insert security policies from-zone x to-zone y policy d before policy b\ninsert security policies from-zone x to-zone y policy a after policy c\n";
    text += "deactivate security policies from-zone x to-zone y policy b\ndelete security policies from-zone x to-zone y policy c\n";
    text += "deactivate security policies from-zone x to-zone y policy nobody\n";
    const Configuration read = Read(text);
    ASSERT_EQ(read.rule_bases.size(), 1U);
    std::string order;
    for (const Rule& rule : read.rule_bases[0].rules) order += rule.name + (rule.is_enabled ? " " : "- ");
    EXPECT_EQ(order, "d b- a ");
    ASSERT_EQ(read.unknown.size(), 1U);
    EXPECT_EQ(read.unknown[0].line, 21U);
}

TEST(Srx, AGroupAppliedAtTheTopComesIn) {
    constexpr std::string_view kText =
        "set groups G security zones security-zone far interfaces ge-0/0/9.0\nset groups G security policies global policy last match source-address any\n"
        "set groups G security policies global policy last match destination-address any\nset groups G security policies global policy last match application "
        "any\n"
        "set groups G security policies global policy last then deny\nset groups W interfaces <*> mtu 1500\nset apply-groups [ G \"${node}\" W MISSING ]\n"
        "set security zones security-zone near interfaces ge-0/0/1.0\n";
    const Configuration read = Read(kText);
    ASSERT_EQ(read.rule_bases.size(), 1U);
    ASSERT_EQ(read.rule_bases[0].rules.size(), 1U);
    EXPECT_EQ(read.rule_bases[0].rules[0].id, "global/last");
    EXPECT_EQ(read.rule_bases[0].zones, (std::vector<std::string>{"near", "far"}));
    ASSERT_EQ(read.unknown.size(), 2U);
    EXPECT_EQ(read.unknown[0].text, "apply-groups MISSING");
    EXPECT_EQ(read.unknown[1].text, "apply-groups W");
}

TEST(Srx, ALogicalSystemHasItsOwnRulesAndNames) {
    constexpr std::string_view kText =
        "set security address-book global address A 10.0.0.1\nset logical-systems LS security address-book global address A 10.0.0.2\n"
        "set logical-systems LS security policies from-zone x to-zone y policy p match source-address A destination-address any application any\n"
        "set logical-systems LS security policies from-zone x to-zone y policy p then permit\n";
    const Configuration read = Read(kText);
    ASSERT_EQ(read.rule_bases.size(), 2U);
    EXPECT_EQ(read.rule_bases[1].name, "LS");
    ASSERT_EQ(read.rule_bases[1].rules.size(), 1U);
    EXPECT_EQ(read.rule_bases[1].rules[0].traffic.at(0).source4, Ipv4Set(0x0A000002U));
    EXPECT_TRUE(read.rule_bases[1].rules[0].unknown.empty());
}

TEST(Srx, ALineThatIsNoStatementIsKeptWithItsNumber) {
    const Configuration read = Read(
        "root@srx> show configuration\nversion 20.4;\nsystem {\n    host-name a;\n}\n}\nsecurity {\n    telepathy on;\n    policies {\n        mind-reading;\n "
        "   }\n}\n");
    ASSERT_EQ(read.unknown.size(), 4U);
    EXPECT_EQ(read.unknown[0], (UnknownLine{1, "root@srx> show configuration"}));
    EXPECT_EQ(read.unknown[1], (UnknownLine{6, "}"}));
    EXPECT_EQ(read.unknown[2], (UnknownLine{8, "security telepathy on"}));
    EXPECT_EQ(read.unknown[3], (UnknownLine{10, "security policies mind-reading"}));
}

TEST(Srx, AnOpenBraceIsRefusedWithItsLine) {
    const auto read = ReadSrx("system {\n    login {\n    host-name a;\n}\n", kOptions);
    ASSERT_FALSE(read.ok());
    EXPECT_NE(read.error().operator_text.find("line 1"), std::string::npos) << read.error().operator_text;
    for (const std::string_view text : {"", "hello", "hello;\n", "}", "set\n"}) EXPECT_FALSE(ReadSrx(text, kOptions).ok()) << text;
}

TEST(Srx, EveryBeginningOfAConfigurationIsReadOrRefused) {
    for (const char* const name : {"srx/office.conf", "srx/office.set", "srx/turned.conf"}) EXPECT_EQ(testing::MisreadBeginning(name, 37, ReadSrx), "");
}

TEST(Srx, DeepTextsAreBounded) {
    std::string deep;
    for (int i = 0; i < 100'000; ++i) deep += "a {\n";
    EXPECT_EQ(ReadSrx(deep, kOptions).error().code, ErrorCode::kTooLarge);
    std::string groups = "set applications application X protocol tcp\n";
    for (int i = 0; i < 500; ++i) groups += fmt::format("set security address-book global address-set S{} address-set S{}\n", i, i + 1);
    groups +=
        "set security policies global policy p match source-address S0 destination-address any application X\nset security policies global policy p then "
        "permit\n";
    const Configuration read = Read(groups);
    ASSERT_EQ(read.rule_bases[0].rules.size(), 1U);
    EXPECT_FALSE(read.rule_bases[0].rules[0].unknown.empty());
}

TEST(Srx, KnowsJunossOwnApplications) {
    const auto listed = [](const char* name) {
        const auto match = JunosApplication({name, 1});
        if (!match) return std::string("none");
        std::string text = match->unknown.empty() ? "" : "? ";
        NumberSet all;
        for (const ServiceBox& box : match->boxes) all = all.Union(box.services);
        return text + testing::ListServices(all);
    };
    EXPECT_EQ(listed("junos-ssh"), "tcp 22");
    EXPECT_EQ(listed("junos-cifs"), "tcp 139, tcp 445");
    EXPECT_EQ(listed("junos-sip"), "tcp 5060, udp 5060");
    EXPECT_EQ(listed("junos-icmp-ping"), "icmp 8/*");
    EXPECT_EQ(listed("junos-icmp6-dst-unreach-port"), "icmpv6 1/4-1/4");
    EXPECT_EQ(listed("junos-tcp-any"), "tcp");
    EXPECT_EQ(listed("junos-gre"), "ip47");
    EXPECT_EQ(listed("junos-ms-rpc"), "tcp 135, udp 135");
    EXPECT_EQ(listed("junos-ms-rpc-epm"), "? tcp");
    EXPECT_EQ(listed("junos-sun-rpc-nfs"), "? tcp, udp");
    EXPECT_EQ(listed("junos-nothing"), "none");
    EXPECT_EQ(listed("any"), "any");
    EXPECT_EQ(JunosPorts("radius"), NumberSet(1812U));
    EXPECT_EQ(JunosPorts("https"), NumberSet(443U));
    EXPECT_EQ(JunosPorts("1000-2000"), NumberSet(1000, 2000));
    EXPECT_FALSE(JunosPorts("2000-1000").has_value());
    EXPECT_EQ(JunosIcmpType("echo-request", true), 128);
}

TEST(Srx, HitCountsMeetTheirRules) {
    Configuration configuration = Read(ReadCase("srx/office.conf"));
    const auto counts = ReadSrxHitCounts(ReadCase("srx/hit-count.txt"));
    ASSERT_TRUE(counts.ok());
    EXPECT_EQ(counts->counts.size(), 4U);
    ASSERT_EQ(counts->unknown.size(), 1U);
    EXPECT_EQ(counts->unknown[0], (UnknownLine{7, "what is this"}));
    EXPECT_EQ(AddHitCounts(*counts, configuration), 3U);
    EXPECT_EQ(configuration.rule_bases[0].rules[0].counter.value().hits, 40U);
    EXPECT_EQ(configuration.rule_bases[0].rules.back().counter.value().hits, 7U);
    EXPECT_FALSE(configuration.rule_bases[0].rules[1].counter.has_value());
    EXPECT_FALSE(ReadSrxHitCounts("nothing").ok());
}

}  // namespace
}  // namespace opsteward::firewall
