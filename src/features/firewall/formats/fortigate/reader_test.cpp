#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/text.hpp"
#include "features/firewall/formats/fortigate/objects.hpp"
#include "features/firewall/formats/fortigate/policy.hpp"
#include "features/firewall/formats/readers.hpp"
#include "features/firewall/formats/testing/format_cases.hpp"
#include "features/firewall/formats/testing/format_cases.hpp"
#include "features/firewall/formats/testing/what_was_read.hpp"
#include "features/firewall/model/address.hpp"

namespace opsteward::firewall {
namespace {

constexpr std::int64_t kIn2025 = 1'735'689'600 + 86'400;

std::string FileText(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}
std::string Sample(const std::string& name) { return testing::ReadCase("fortigate/" + name + ".conf"); }
Configuration Read(std::string_view text, std::int64_t now = 0) {
    return testing::Accepted(ReadFortigate(text, {now, "key"}));
}
const RuleBase& Base(const Configuration& configuration, std::string_view name) {
    for (const RuleBase& base : configuration.rule_bases) {
        if (base.name == name) return base;
    }
    ADD_FAILURE() << "no rule base " << name;
    static const RuleBase kNone;
    return kNone;
}
const Rule& RuleOf(const RuleBase& base, std::string_view id) {
    for (const Rule& rule : base.rules) {
        if (rule.id == id) return rule;
    }
    ADD_FAILURE() << "no rule " << id;
    static const Rule kNone;
    return kNone;
}
std::vector<std::string> Ids(const RuleBase& base) {
    std::vector<std::string> ids;
    for (const Rule& rule : base.rules) ids.push_back(rule.id);
    return ids;
}
std::vector<std::string> Zones(const RuleBase& base, const NumberSet& numbers) {
    std::vector<std::string> names;
    for (std::uint32_t i = 0; i < base.zones.size(); ++i) {
        if (numbers.Contains(i)) names.push_back(base.zones[i]);
    }
    return names;
}
std::string Sources(const Traffic& traffic) {
    std::vector<std::string> texts;
    for (const auto& range : traffic.source4.ranges()) texts.push_back(FormatIpv4Range(range));
    for (const auto& range : traffic.source6.ranges()) texts.push_back(FormatIpv6Range(range));
    return Join(texts, " ");
}
std::string Destinations(const Traffic& traffic) {
    std::vector<std::string> texts;
    for (const auto& range : traffic.destination4.ranges()) texts.push_back(FormatIpv4Range(range));
    for (const auto& range : traffic.destination6.ranges()) texts.push_back(FormatIpv6Range(range));
    return Join(texts, " ");
}
NumberSet Tcp(std::uint16_t first, std::uint16_t last) { return NumberSet(ServiceKey(6, first), ServiceKey(6, last)); }
std::vector<std::string> UnknownKinds(const Rule& rule) {
    std::vector<std::string> kinds;
    for (const UnknownPart& part : rule.unknown) kinds.push_back(part.what);
    return kinds;
}
using Strings = std::vector<std::string>;

TEST(Fortigate, SamplesHaveNothingThatIsNotUnderstood) {
    for (const char* const name : {"addrgrp", "firewall_policy", "firewall_policy_addrgrp", "iface", "internet_service_name", "policy_clone", "policy_delete",
                                   "policy_move", "service_custom", "service_group", "zone"}) {
        const Configuration configuration = Read(Sample(std::string("batfish-") + name));
        EXPECT_TRUE(configuration.unknown.empty()) << name << ": " << configuration.unknown[0].line << " " << configuration.unknown[0].text;
        EXPECT_EQ(configuration.host_name, name);
    }
    for (const char* const name : {"vdoms", "objects", "vips", "turned"}) {
        const Configuration configuration = Read(Sample(name));
        EXPECT_TRUE(configuration.unknown.empty()) << name << ": " << configuration.unknown[0].line << " " << configuration.unknown[0].text;
    }
}

TEST(Fortigate, ARealConfigurationIsReadWithNothingLeftOver) {
    const auto path = std::filesystem::path(OPSTEWARD_SOURCE_DIR) / "../shared/data/firewall/fortigate/fgvm-6.4-show.conf";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "the sample is not part of the sources";
    const Configuration configuration = Read(FileText(path));
    EXPECT_TRUE(configuration.unknown.empty());
    EXPECT_EQ(configuration.vendor_version, "6.4.4");
    EXPECT_EQ(configuration.host_name, "fw");
    ASSERT_EQ(configuration.rule_bases.size(), 1U);
    const RuleBase& base = configuration.rule_bases[0];
    EXPECT_EQ(base.name, "root");
    EXPECT_EQ(Ids(base), (Strings{"1", "2", "3"}));

    const Rule& custom = base.rules[0];
    EXPECT_EQ(custom.name, "ALLOW_CUSTOM_SERVICES");
    EXPECT_EQ(custom.uuid, "ab01a316-867b-51eb-7e04-3e6a1911a27b");
    EXPECT_EQ(custom.line, 9784U);
    EXPECT_EQ(custom.action, Action::kAccept);
    EXPECT_TRUE(custom.unknown.empty());
    ASSERT_EQ(custom.traffic.size(), 1U);
    EXPECT_EQ(Zones(base, custom.traffic[0].in), (Strings{"inside", "port1", "port2"}));
    EXPECT_EQ(Zones(base, custom.traffic[0].out), (Strings{"outside", "port3"}));
    EXPECT_EQ(Sources(custom.traffic[0]), "192.168.123.1");
    EXPECT_EQ(Destinations(custom.traffic[0]), "192.168.123.6");
    // The object is called CUSTOM_UDP_9100 and has port 9200.
    EXPECT_EQ(custom.traffic[0].services, Tcp(9100, 9100).Union(NumberSet(ServiceKey(17, 9200))));

    EXPECT_EQ(base.rules[1].action, Action::kDeny);
    EXPECT_EQ(Zones(base, base.rules[1].traffic[0].in), (Strings{"outside", "port3"}));
    const Rule& ping = base.rules[2];
    ASSERT_EQ(ping.traffic.size(), 1U);
    EXPECT_EQ(ping.traffic[0].in, base.AllZones());
    EXPECT_TRUE(ping.traffic[0].source4.IsAll());
    EXPECT_EQ(ping.traffic[0].services, Tcp(22, 22).Union(NumberSet(ServiceKey(1, 8 << 8), ServiceKey(1, 8 << 8 | 255))));
    for (const Item& item : configuration.items) {
        for (const std::string& line : item.lines) EXPECT_EQ(line.find("ENC Y"), std::string::npos) << line;
    }
}

TEST(Fortigate, PoliciesStandInTheOrderOfTheFileWhateverTheirNumbers) {
    const Configuration configuration = Read(Sample("batfish-firewall_policy"));
    const RuleBase& base = Base(configuration, "root");
    EXPECT_EQ(Ids(base), (Strings{"0", "4294967294", "1", "2", "3"}));
    EXPECT_FALSE(base.rules[0].is_enabled);
    EXPECT_EQ(base.rules[1].action, Action::kDeny);  // no `set action`
    EXPECT_EQ(base.rules[1].traffic.at(0).source_ports, NumberSet(11));
    EXPECT_EQ(base.rules[1].comment, "firewall policy comments");
    // `append` adds to the lists, `set` begins them anew.
    EXPECT_EQ(Sources(base.rules[2].traffic.at(0)), "10.0.1.0-10.0.2.255");
    EXPECT_EQ(Zones(base, base.rules[4].traffic.at(0).in), (Strings{"zone1", "port3", "zone2", "port4", "zone3", "port5", "port2"}));
    EXPECT_EQ(Zones(base, base.rules[4].traffic.at(0).out), (Strings{"zone1", "port3", "zone3", "port5"}));
    EXPECT_EQ(base.zones.back(), "*");
}

TEST(Fortigate, MoveCloneAndDeleteAreCarriedOut) {
    EXPECT_EQ(Ids(Base(Read(Sample("batfish-policy_move")), "root")), (Strings{"5", "1", "2", "4", "3"}));
    EXPECT_EQ(Ids(Base(Read(Sample("batfish-policy_delete")), "root")), (Strings{"2", "1"}));
    const Configuration cloned = Read(Sample("batfish-policy_clone"));
    const RuleBase& base = Base(cloned, "root");
    EXPECT_EQ(Ids(base), (Strings{"1", "2", "3", "4"}));
    EXPECT_EQ(base.rules[2].action, Action::kAccept);
    EXPECT_EQ(base.rules[2].traffic, base.rules[0].traffic);
}

TEST(Fortigate, AGroupsExclusionsAreTakenOutOfIt) {
    const Configuration configuration = Read(Sample("batfish-firewall_policy_addrgrp"));
    const Rule& rule = Base(configuration, "root").rules.at(0);
    EXPECT_EQ(Sources(rule.traffic.at(0)), "10.0.1.0/26 10.0.1.72-10.0.1.255");
    ASSERT_EQ(rule.members.size(), 6U);
    EXPECT_EQ(rule.members[2].where, "source:grp1_child");
    EXPECT_EQ(rule.members[2].members.at(0).name, "addr1");
    EXPECT_EQ(Sources(rule.members[2].members[0].traffic.at(0)), "10.0.1.0/26 10.0.1.72-10.0.1.255");
}

TEST(Fortigate, AddressesServicesAndSchedulesAreWhatTheySay) {
    const Configuration configuration = Read(Sample("objects"), kIn2025);
    EXPECT_EQ(configuration.vendor_version, "7.0.12");
    const RuleBase& base = Base(configuration, "root");

    const Rule& first = RuleOf(base, "1");
    // "odd" has 256 ranges, one for each second byte; within it stands none of 192.0.2.0/24 but .10, which is excluded.
    EXPECT_EQ(first.traffic.at(0).source4.ranges().size(), 256U + 2U);
    EXPECT_TRUE(first.traffic[0].source4.Contains(*ParseIpv4("10.77.0.1")));
    EXPECT_FALSE(first.traffic[0].source4.Contains(*ParseIpv4("10.77.1.1")));
    EXPECT_FALSE(first.traffic[0].source4.Contains(*ParseIpv4("192.0.2.10")));
    EXPECT_EQ(Destinations(first.traffic[0]), "198.51.100.0/24");
    EXPECT_TRUE(first.unknown.empty());  // a group with a schedule of always is always
    ASSERT_EQ(first.traffic.size(), 2U);
    const NumberSet anywhere = Tcp(443, 443).Union(ServicesOf(47)).Union(Tcp(8080, 8090)).Union(NumberSet(ServiceKey(17, 53)));
    const bool is_first = first.traffic[0].source_ports == AllPorts();
    EXPECT_EQ(first.traffic[is_first ? 0 : 1].services, anywhere);
    EXPECT_EQ(first.traffic[is_first ? 1 : 0].services, Tcp(80, 80));
    EXPECT_EQ(first.traffic[is_first ? 1 : 0].source_ports, NumberSet(1024, 65535));

    const Rule& second = RuleOf(base, "2");
    EXPECT_TRUE(second.has_ended);
    EXPECT_FALSE(second.IsActive());
    EXPECT_EQ(second.traffic.at(0).source4, Ipv4Set(*ParseIpv4("192.0.2.0"), *ParseIpv4("192.0.2.255")).Complement());
    EXPECT_EQ(second.traffic[0].services, AllServices().Difference(Tcp(443, 443)).Difference(ServicesOf(47)));

    const Rule& third = RuleOf(base, "3");
    EXPECT_TRUE(third.traffic.at(0).source4.IsAll());
    EXPECT_EQ(third.traffic[0].services, NumberSet(ServiceKey(1, 3 << 8 | 1)));
    EXPECT_EQ(UnknownKinds(third), (Strings{"schedule", "user", "fqdn"}));
    EXPECT_EQ(third.comment, "said \"yes\" \\ over\ntwo lines");

    const Rule& fourth = RuleOf(base, "4");
    ASSERT_EQ(fourth.traffic.size(), 2U);
    EXPECT_EQ(fourth.traffic[1].family, Family::kIpv6);
    EXPECT_EQ(Sources(fourth.traffic[1]), "2001:db8::/32");
    EXPECT_EQ(Destinations(fourth.traffic[1]), "2001:db8::1-2001:db8::9");

    const Rule& fifth = RuleOf(base, "5");
    EXPECT_TRUE(fifth.has_ended);  // policy-expiry
    EXPECT_EQ(UnknownKinds(fifth), (Strings{"other", "other"}));  // a missing object, a group that holds itself
    EXPECT_TRUE(fifth.traffic.at(0).destination4.IsAll());

    const Rule& sixth = RuleOf(base, "6");
    EXPECT_EQ(sixth.action, Action::kReject);
    EXPECT_EQ(UnknownKinds(sixth), (Strings{"application", "application"}));
    EXPECT_TRUE(sixth.traffic.at(0).destination4.IsAll());

    const RuleBase& local = Base(configuration, "root/local-in-policy");
    EXPECT_EQ(local.fallback, Action::kAccept);
    EXPECT_EQ(Zones(local, local.rules.at(0).traffic.at(0).in), (Strings{"port1"}));
    EXPECT_EQ(local.rules[0].action, Action::kDeny);

    const Configuration undated = Read(Sample("objects"));
    EXPECT_FALSE(RuleOf(Base(undated, "root"), "2").has_ended);
    EXPECT_EQ(UnknownKinds(RuleOf(Base(undated, "root"), "2")), Strings{"schedule"});
}

TEST(Fortigate, AVirtualIpIsItsExternalAddressWithItsExternalPort) {
    const Configuration configuration = Read(Sample("vips"));
    const RuleBase& base = Base(configuration, "root");
    const Rule& both = RuleOf(base, "2");
    ASSERT_EQ(both.traffic.size(), 2U);
    EXPECT_EQ(Destinations(both.traffic[0]), "203.0.113.5");
    EXPECT_EQ(both.traffic[0].services, Tcp(80, 80));
    EXPECT_EQ(Zones(base, both.traffic[0].in), (Strings{"outside", "wan1", "wan2"}));
    EXPECT_EQ(Destinations(both.traffic[1]), "203.0.113.6");
    EXPECT_EQ(both.traffic[1].services, Tcp(8080, 8080));
    EXPECT_EQ(Zones(base, both.traffic[1].in), (Strings{"outside", "wan1"}));
    const Rule& shift = RuleOf(base, "3");
    ASSERT_EQ(shift.traffic.size(), 1U);
    EXPECT_EQ(shift.traffic[0].services, Tcp(9000, 9009));
}

TEST(Fortigate, WhatAVirtualIpTranslatesPassesByAPolicyWithoutOneUntilItSaysOtherwise) {
    const Configuration configuration = Read(Sample("vips"));
    const RuleBase& base = Base(configuration, "root");
    const Rule& deny = RuleOf(base, "1");
    EXPECT_TRUE(deny.unknown.empty());
    Packet packet;
    packet.in = *base.ZoneNumber("wan1");
    packet.source4 = 1;
    packet.service = ServiceKey(6, 80);
    packet.destination4 = *ParseIpv4("203.0.113.9");
    EXPECT_TRUE(Matches(deny, packet));
    packet.destination4 = *ParseIpv4("203.0.113.5");
    EXPECT_FALSE(Matches(deny, packet));
    packet.destination4 = *ParseIpv4("203.0.113.6");
    EXPECT_TRUE(Matches(deny, packet));
    packet.service = ServiceKey(6, 8080);
    EXPECT_FALSE(Matches(deny, packet));
    packet.in = *base.ZoneNumber("wan2");
    EXPECT_TRUE(Matches(deny, packet));
    packet.destination4 = *ParseIpv4("203.0.113.7");
    packet.service = ServiceKey(6, 9019);
    EXPECT_FALSE(Matches(deny, packet));

    const Rule& sees = RuleOf(base, "4");
    EXPECT_EQ(UnknownKinds(sees), Strings{"nat"});
    EXPECT_TRUE(Matches(sees, packet));
}

TEST(Fortigate, TheDefaultOfMatchVipIsDecidedByTheVersion) {
    const std::string text = Sample("vips");
    const auto with = [&text](std::string_view version) {
        std::string other = text;
        other.replace(other.find("7.2.1"), 5, version);
        return UnknownKinds(RuleOf(Base(Read(other), "root"), "1"));
    };
    EXPECT_EQ(with("7.2.2"), Strings{});
    EXPECT_EQ(with("7.2.3"), Strings{"nat"});
    EXPECT_EQ(with("7.0.9"), Strings{});
    const std::string_view headless = std::string_view(text).substr(text.find('\n') + 1);
    EXPECT_EQ(Read(headless).vendor_version, "");
    EXPECT_EQ(UnknownKinds(RuleOf(Base(Read(headless), "root"), "1")), Strings{"nat"});
}

TEST(Fortigate, EachVdomHasItsOwnObjectsAndRules) {
    const Configuration configuration = Read(Sample("vdoms"));
    EXPECT_EQ(configuration.host_name, "GATE");
    ASSERT_EQ(configuration.rule_bases.size(), 2U);
    EXPECT_EQ(Destinations(Base(configuration, "root").rules.at(0).traffic.at(0)), "192.0.2.10");
    EXPECT_EQ(Destinations(Base(configuration, "dmz").rules.at(0).traffic.at(0)), "198.51.100.10");
    EXPECT_EQ(Base(configuration, "dmz").zones, (Strings{"port2", "*"}));
    EXPECT_TRUE(Base(configuration, "root").rules[0].is_logged);
    const auto has_item = [&configuration](std::string_view kind, std::string_view name) {
        return std::ranges::any_of(configuration.items, [&](const Item& item) { return item.kind == kind && item.name == name; });
    };
    EXPECT_TRUE(has_item("firewall address", "dmz/SRV"));
    EXPECT_TRUE(has_item("firewall policy", "root/1"));
    EXPECT_TRUE(has_item("system admin", "night"));
    EXPECT_TRUE(std::ranges::count(configuration.facts, DeviceFact{"administrator", "night", "two_factor", "fortitoken", 35}) == 1);
}

TEST(Fortigate, RuleBasesSayWhichPacketsTheyAreAskedAbout) {
    const auto of = [](std::string_view version, std::string_view sections) {
        std::string text = version.empty() ? "" : "#config-version=FGVMK6-" + std::string(version) + "-FW-build1803-201209:opmode=0:vdom=0:user=admin\n";
        for (const std::string_view section : Split(sections, ',')) text += "config firewall " + std::string(section) + "\n edit 1\n next\nend\n";
        Strings told;
        for (const RuleBase& base : Read(text).rule_bases) {
            const std::string_view family = !base.family ? "both" : *base.family == Family::kIpv4 ? "ipv4" : "ipv6";
            told.push_back(fmt::format("{} {} {}", base.name, NameOf(base.way), family));
        }
        return told;
    };
    EXPECT_EQ(of("7.2.4", "policy,local-in-policy,local-in-policy6"),
              (Strings{"root through both", "root/local-in-policy to_device ipv4", "root/local-in-policy6 to_device ipv6"}));
    EXPECT_EQ(of("6.2.3", "policy"), Strings{"root through ipv4"});
    EXPECT_EQ(of("6.4.0", "policy"), Strings{"root through both"});
    EXPECT_EQ(of("", "policy"), Strings{"root through both"});
    EXPECT_EQ(of("", "policy,policy6"), (Strings{"root through ipv4", "root/policy6 through ipv6"}));
    EXPECT_EQ(of("6.2.3", "consolidated policy,security-policy"), (Strings{"root/consolidated through both", "root/security-policy through both"}));
}

TEST(Fortigate, TheKeptListingHasTheNetworksBehindItsZones) {
    const ReadOptions options{.now = testing::kCaseTime, .hash_key = {}};
    EXPECT_EQ(testing::DifferenceFromExpected("fortigate/turned.conf", ReadFortigate(testing::ReadCase("fortigate/turned.conf"), options)), "");
}

struct DefaultCase {
    std::string_view route;
    std::vector<std::string> zones;  ///< by which the default route of IPv4 leaves
};

TEST(Fortigate, TheDefaultRouteLeavesByWhatTheRoutesSay) {
    constexpr std::string_view kInterfaces =
        "config system interface\n edit wan1\n set ip 192.0.2.1 255.255.255.0\n next\n edit wan2\n set ip 203.0.113.2/24\n next\nend\n";
    const DefaultCase cases[] = {{"set device wan1", {"wan1"}},
                                 {"set device wan1\n set status disable", {}},
                                 {"set gateway 203.0.113.1", {"wan2"}},
                                 {"set sdwan enable", {""}},
                                 {"set sdwan-zone virtual-wan-link", {""}},
                                 {"set blackhole enable", {""}},
                                 {"set device wan1\n next\n edit 2\n set device wan2", {"wan1", "wan2"}},
                                 {"set dst 0.0.0.0 0.0.0.0\n set device wan1\n set internet-service 0\n set internet-service-custom ''", {"wan1"}},
                                 {"set dst 10.0.0.0 255.0.255.0\n set device wan1", {}}};
    for (const DefaultCase& one : cases) {
        const Configuration read = Read(fmt::format("{}config router static\n edit 1\n {}\n next\nend\n", kInterfaces, one.route));
        std::vector<std::string> zones;
        for (const ZoneNetworks& zone : read.networks) {
            if (zone.ipv4.has_default) zones.push_back(zone.zone);
        }
        EXPECT_EQ(zones, one.zones) << one.route;
    }
}

TEST(Fortigate, CustomServicesFollowTheirCommandsInOrder) {
    std::string text = Sample("batfish-service_custom");
    text += "config firewall policy\n";
    for (const char* const name :
         {"explicit_tcp", "custom_icmp", "custom_icmp6", "custom_ip", "change_protocol", "unset_icmp_1", "unset_icmp_2", "unset_icmp_3"}) {
        text += "edit " + std::to_string(100 + text.size()) + "\nset name " + name +
                "\nset srcintf any\nset dstintf any\nset srcaddr all\nset dstaddr all\nset service " + name + "\nnext\n";
    }
    text += "end\n";
    const Configuration configuration = Read(text);
    const auto services = [&configuration](std::string_view name) {
        NumberSet all;
        for (const Rule& rule : configuration.rule_bases.at(0).rules) {
            for (const Traffic& traffic : rule.traffic) all = rule.name == name ? all.Union(traffic.services) : all;
        }
        return all;
    };
    EXPECT_EQ(
        services("explicit_tcp"),
        Tcp(1, 2).Union(Tcp(10, 11)).Union(Tcp(13, 13)).Union(NumberSet(ServiceKey(17, 100))).Union(NumberSet(ServiceKey(132, 200), ServiceKey(132, 201))));
    EXPECT_EQ(services("custom_icmp"), NumberSet(ServiceKey(1, 0xFFFF)));
    EXPECT_EQ(services("custom_icmp6"), ServicesOf(58));
    EXPECT_EQ(services("custom_ip"), ServicesOf(254));
    EXPECT_EQ(services("change_protocol"), AllServices());
    EXPECT_EQ(services("unset_icmp_1"), NumberSet(ServiceKey(1, 5 << 8), ServiceKey(1, 5 << 8 | 255)));
    EXPECT_EQ(services("unset_icmp_2"), NumberSet(ServiceKey(1, 3 << 8), ServiceKey(1, 3 << 8 | 255)));
    EXPECT_EQ(services("unset_icmp_3"), ServicesOf(1));
}

TEST(Fortigate, WhatIsNotUnderstoodIsListedWithItsLine) {
    const Configuration configuration = Read(
        "config firewall policy\nedit 1\nset srcintf any\nset dstintf any\nset srcaddr all\nset dstaddr all\nset service ALL\nset flavour sour\nfoo "
        "bar\nnext\n");
    std::vector<std::size_t> lines;
    for (const UnknownLine& line : configuration.unknown) lines.push_back(line.line);
    EXPECT_EQ(lines, (std::vector<std::size_t>{8, 9, 10}));  // an option, a word, and no `end`
    EXPECT_EQ(UnknownKinds(configuration.rule_bases.at(0).rules.at(0)), Strings{"other"});
    EXPECT_EQ(Read("config telepathy beam\nend\n").unknown.at(0).text, "config telepathy beam");
    EXPECT_EQ(Read("config firewall policy64\nedit 7\nset action accept\nnext\nend\n").unknown.at(0).line, 2U);
}

TEST(Fortigate, AMissingEndDoesNotHideThePoliciesBehindIt) {
    const Configuration configuration = Read(
        "config firewall address\nedit a\nset subnet 192.0.2.0/24\nconfig firewall policy\nedit 1\nset srcintf any\nset dstintf any\n"
        "set srcaddr a\nset dstaddr all\nset service ALL\nnext\nend\n");
    EXPECT_EQ(configuration.unknown.size(), 1U);
    EXPECT_EQ(Sources(configuration.rule_bases.at(0).rules.at(0).traffic.at(0)), "192.0.2.0/24");
}

TEST(Fortigate, TextsThatAreNoneAreRefused) {
    for (const std::string_view text : {"", "hello\n", "# only a comment\n"}) {
        const auto read = ReadFortigate(text, {});
        ASSERT_FALSE(read.ok()) << text;
        EXPECT_EQ(read.error().code, ErrorCode::kInvalidInput);
    }
    std::string deep;
    for (int i = 0; i < 100'000; ++i) deep += "config a\nedit b\n";
    EXPECT_EQ(ReadFortigate(deep, {}).error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(ReadFortigate(std::string(kMaxConfigurationBytes + 1, ' '), {}).error().code, ErrorCode::kTooLarge);
}

TEST(Fortigate, RulesUponLargeGroupsComeToTheirBound) {
    std::string text = "config firewall address\n";
    std::string members;
    for (int i = 0; i < 400; ++i) {
        const std::string name = "a" + std::to_string(i);
        text += "edit " + name + "\nset subnet 10.0." + std::to_string(i / 128) + "." + std::to_string(i % 128 * 2) + "/32\nnext\n";
        members += " " + name;
    }
    text += "end\nconfig firewall addrgrp\nedit g\nset member" + members + "\nnext\nend\nconfig firewall policy\n";
    for (int i = 0; i < 300; ++i) {
        text +=
            "edit " + std::to_string(i + 1) + "\nset srcintf any\nset dstintf any\nset srcaddr g\nset dstaddr all\nset service ALL\nset status disable\nnext\n";
    }
    text += "end\n";
    const auto read = ReadFortigate(text, {.bounds = {.ranges = 80'000}});
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, ErrorCode::kTooLarge);
}

TEST(Fortigate, MembersBeyondTheirBoundAreCounted) {
    std::string text = "config firewall policy\n";
    std::string names;
    for (int i = 0; i < 50; ++i) names += " all";
    for (int i = 0; i < 50; ++i) {
        text += "edit " + std::to_string(i + 1) + "\nset srcintf any\nset dstintf any\nset srcaddr" + names + "\nset dstaddr all\nset service ALL\nnext\n";
    }
    text += "end\n";
    const auto read = ReadFortigate(text, {.bounds = {.members = 2'000}});
    ASSERT_TRUE(read.ok());
    const Configuration& configuration = *read;
    ASSERT_EQ(configuration.facts.size(), 1U);
    EXPECT_EQ(configuration.facts[0].property, "members_left_out");
    EXPECT_EQ(configuration.facts[0].value, std::to_string(50 * 52 - 2'000));
}

TEST(Fortigate, CutAnywhereItIsReadOrRefusedWithoutHarm) {
    EXPECT_EQ(testing::MisreadBeginning("fortigate/objects.conf", 7, ReadFortigate), "");
    EXPECT_EQ(testing::MisreadBeginning("fortigate/turned.conf", 29, ReadFortigate), "");
}

TEST(Fortigate, VersionsAreReadInTheFormsThatThereAre) {
    EXPECT_EQ(FormatFortigateVersion(ReadFortigateVersion("#config-version=FGVMK6-6.4.4-FW-build1803-201209:opmode=1:vdom=0:user=admin")), "6.4.4");
    EXPECT_EQ(FormatFortigateVersion(ReadFortigateVersion("#config-version=FGT60D-5.04-FW-build1117-161213:opmode=0")), "5.4");
    EXPECT_EQ(FormatFortigateVersion(ReadFortigateVersion("#buildno=1803")), "");
}

TEST(Fortigate, EndsOfSchedulesAreTakenAtTheirLatest) {
    EXPECT_EQ(LatestMomentOf("2024/12/31", "23:59"), 1'735'689'599 + 12 * 3600);
    EXPECT_EQ(LatestMomentOf("2024-12-31", "23:59:00"), 1'735'689'599 + 12 * 3600);
    EXPECT_EQ(LatestMomentOf("2024/02/30", "00:00"), std::nullopt);
    EXPECT_EQ(LatestMomentOf("always", "00:00"), std::nullopt);
}

}  // namespace
}  // namespace opsteward::firewall
