#include <gtest/gtest.h>

#include <random>
#include <set>

#include "features/firewall/model/address.hpp"
#include "features/firewall/model/packet_text.hpp"
#include "features/firewall/model/service_text.hpp"
#include "features/firewall/model/traffic_text.hpp"
#include "features/firewall/model/rule_base.hpp"

namespace opsteward::firewall {
namespace {

using ByteSet = RangeSet<std::uint8_t>;

std::set<int> Plain(const ByteSet& set) {
    std::set<int> plain;
    for (int i = 0; i < 256; ++i) {
        if (set.Contains(static_cast<std::uint8_t>(i))) plain.insert(i);
    }
    return plain;
}

ByteSet AnySet(std::mt19937& random) {
    std::vector<Range<std::uint8_t>> ranges;
    const int count = std::uniform_int_distribution<int>(0, 5)(random);
    for (int i = 0; i < count; ++i) {
        const int first = std::uniform_int_distribution<int>(0, 255)(random);
        ranges.push_back({static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(std::uniform_int_distribution<int>(first, std::min(first + 90, 255))(random))});
    }
    return ByteSet(std::move(ranges));
}

TEST(RangeSet, DoesWhatSetsOfNumbersDo) {
    std::mt19937 random(5);
    for (int round = 0; round < 3000; ++round) {
        const ByteSet a = AnySet(random);
        const ByteSet b = AnySet(random);
        const auto plain_a = Plain(a);
        const auto plain_b = Plain(b);
        std::set<int> expected;
        std::ranges::set_union(plain_a, plain_b, std::inserter(expected, expected.end()));
        EXPECT_EQ(Plain(a.Union(b)), expected);
        expected.clear();
        std::ranges::set_intersection(plain_a, plain_b, std::inserter(expected, expected.end()));
        EXPECT_EQ(Plain(a.Intersection(b)), expected);
        EXPECT_EQ(a.Intersects(b), !expected.empty());
        expected.clear();
        std::ranges::set_difference(plain_a, plain_b, std::inserter(expected, expected.end()));
        EXPECT_EQ(Plain(a.Difference(b)), expected);
        EXPECT_EQ(a.Covers(b), std::ranges::includes(plain_a, plain_b));
        EXPECT_EQ(Plain(a.Complement()).size(), 256 - plain_a.size());
        EXPECT_EQ(a.Size(), static_cast<double>(plain_a.size()));
        EXPECT_EQ(a == b, plain_a == plain_b);
    }
}

TEST(Address, IsReadAndWritten) {
    EXPECT_EQ(ParseIpv4("192.0.2.1"), 0xC0000201U);
    for (const std::string_view text : {"", "192.0.2", "192.0.2.256", "192.0.2.01", "192.0.2.1 ", "a"}) EXPECT_FALSE(ParseIpv4(text).has_value()) << text;
    EXPECT_EQ(FormatIpv6(ParseIpv6("2001:DB8:0:0::1").value()), "2001:db8::1");
    EXPECT_FALSE(ParseIpv6("fe80::1%eth0").has_value());
    EXPECT_EQ(FormatIpv4Range(ParseIpv4Range("192.0.2.77/24").value()), "192.0.2.0/24");
    EXPECT_EQ(FormatIpv4Range(ParseIpv4Range("192.0.2.0-192.0.2.255").value()), "192.0.2.0/24");
    EXPECT_EQ(FormatIpv4Range(ParseIpv4Range("192.0.2.1-192.0.2.4").value()), "192.0.2.1-192.0.2.4");
    EXPECT_EQ(FormatIpv4Range(ParseIpv4Range("0.0.0.0/0").value()), "0.0.0.0/0");
    EXPECT_EQ(FormatIpv6Range(ParseIpv6Range("::/0").value()), "::/0");
    EXPECT_EQ(FormatIpv6Range(ParseIpv6Range("2001:db8::/33").value()), "2001:db8::/33");
    for (const std::string_view text : {"192.0.2.1/33", "192.0.2.1/", "192.0.2.9-192.0.2.1", "192.0.2.1/024"}) EXPECT_FALSE(ParseIpv4Range(text).has_value()) << text;
    EXPECT_EQ(PrefixOfMask(0xFFFFFF00U), 24U);
    EXPECT_EQ(PrefixOfMask(0U), 0U);
    EXPECT_FALSE(PrefixOfMask(0xFF00FF00U).has_value());
}

TEST(RuleBase, ARuleMatchesWhatAnyOfItsProductsHolds) {
    Rule rule;
    Traffic traffic;
    traffic.in = NumberSet(0U);
    traffic.out = NumberSet(1U);
    traffic.source4 = Ipv4Set::All();
    traffic.destination4 = Ipv4Set(5U);
    traffic.services = NumberSet(ServiceKey(6, 443));
    rule.traffic = {traffic};
    Packet packet;
    packet.out = 1;
    packet.destination4 = 5;
    packet.service = ServiceKey(6, 443);
    EXPECT_TRUE(Matches(rule, packet));
    packet.service = ServiceKey(17, 443);
    EXPECT_FALSE(Matches(rule, packet));
    packet.service = ServiceKey(6, 443);
    packet.family = Family::kIpv6;
    EXPECT_FALSE(Matches(rule, packet));
    packet.family = Family::kIpv4;
    rule.is_enabled = false;
    EXPECT_FALSE(Matches(rule, packet));
}

RuleBase TwoZones() {
    RuleBase rules;
    rules.zones = {"inside", "outside"};
    return rules;
}

TEST(PacketText, IsReadAndWrittenTheSame) {
    for (const std::string text :
         {"src=192.0.2.1 dst=198.51.100.7 proto=tcp sport=40000 dport=443 in=inside out=outside", "src=2001:db8::1 dst=2001:db8::2 proto=icmpv6 type=128 code=0 in=outside out=inside",
          "src=192.0.2.1 dst=198.51.100.7 proto=udp sport=0 dport=53 in=inside out=outside state=established", "src=192.0.2.1 dst=198.51.100.7 proto=99 in=inside out=inside"}) {
        const auto packet = ParsePacket(text, TwoZones());
        ASSERT_TRUE(packet.ok()) << packet.error().operator_text;
        EXPECT_EQ(FormatPacket(*packet, TwoZones()), text);
    }
}

TEST(PacketText, ZonesWithBlanksStandInQuotes) {
    RuleBase rules;
    rules.zones = {"Guest WiFi", "a \"b\" \\c"};
    const std::string text = R"(src=192.0.2.1 dst=198.51.100.7 proto=tcp sport=1 dport=2 in="Guest WiFi" out="a \"b\" \\c")";
    const auto packet = ParsePacket(text, rules);
    ASSERT_TRUE(packet.ok()) << packet.error().operator_text;
    EXPECT_EQ(packet->in, 0U);
    EXPECT_EQ(packet->out, 1U);
    EXPECT_EQ(FormatPacket(*packet, rules), text);
    for (const std::string_view wrong : {"in=\"Guest", "in=\"\"", "in=", "=x", "in"}) EXPECT_FALSE(ParsePacket(wrong, rules).ok()) << wrong;
}

TEST(PacketText, APacketComesFromAUsualPortAndGoesToOneThatIsTold) {
    const std::string text = "src=192.0.2.1 dst=198.51.100.7 in=inside out=outside";
    EXPECT_EQ(ParsePacket(text + " dport=443", TwoZones())->source_port, kUsualSourcePort);
    EXPECT_NE(ParsePacket(text, TwoZones()).error().caller_text.en.find("dport"), std::string::npos);
    EXPECT_TRUE(ParsePacket(text + " proto=esp", TwoZones()).ok());
}

TEST(PacketText, SaysWhichPartIsWrong) {
    const auto why = [](std::string_view text) {
        const auto packet = ParsePacket(text, TwoZones());
        return packet.ok() ? std::string() : packet.error().caller_text.en;
    };
    EXPECT_NE(why("src=192.0.2.1 in=inside out=outside").find("src and dst"), std::string::npos);
    EXPECT_NE(why("src=192.0.2.1 dst=2001:db8::2").find("one family"), std::string::npos);
    EXPECT_NE(why("src=192.0.2.1 dst=192.0.2.2 proto=tcp dport=70000 in=inside out=outside").find("dport"), std::string::npos);
    EXPECT_NE(why("src=192.0.2.1 dst=192.0.2.2 proto=magic in=inside out=outside").find("magic"), std::string::npos);
    EXPECT_NE(why("src=192.0.2.1 dst=192.0.2.2 dport=1 in=nowhere out=outside").find("nowhere"), std::string::npos);
    EXPECT_NE(why("src=192.0.2.1 dst=192.0.2.2 dport=1 out=outside").find("inside, outside"), std::string::npos);
    EXPECT_NE(why("src=192.0.2.1 dst=192.0.2.2 in=inside out=outside proto=icmp dport=1").find("dport"), std::string::npos);
    EXPECT_NE(why("src=192.0.2.1 src=192.0.2.1 dst=192.0.2.2").find("twice"), std::string::npos);
    EXPECT_NE(why("src=192.0.2.1 dst").find("name=value"), std::string::npos);
    EXPECT_NE(why("src=192.0.2.1 dst=192.0.2.2 dport=1 in=inside out=outside state=odd").find("odd"), std::string::npos);
}

TEST(RuleBase, AnInterfaceBelongsToItsOwnZoneElseToTheLongestThatStandsForSuchNamesElseToAllOthers) {
    RuleBase rules;
    rules.zones = {"*", "eth+", "eth1*", "eth10"};
    EXPECT_EQ(rules.ZoneOfInterface("eth10"), 3U);
    EXPECT_EQ(rules.ZoneOfInterface("eth11"), 2U);
    EXPECT_EQ(rules.ZoneOfInterface("eth0"), 1U);
    EXPECT_EQ(rules.ZoneOfInterface("lo"), 0U);
    EXPECT_EQ(TwoZones().ZoneOfInterface("lo"), std::nullopt);
}

TEST(ServiceText, IsReadAsItIsWritten) {
    const auto part = [](std::uint8_t protocol, std::uint16_t first, std::uint16_t last) { return NumberSet(ServiceKey(protocol, first), ServiceKey(protocol, last)); };
    const std::pair<NumberSet, std::vector<std::string>> kCases[] = {
        {AllServices(), {"any"}},
        {part(6, 80, 80), {"tcp/80"}},
        {part(17, 1000, 2000), {"udp/1000-2000"}},
        {part(1, 0x0800, 0x08FF), {"icmp/8"}},
        {part(1, 0x0301, 0x0301), {"icmp/3/1"}},
        {part(1, 0x0301, 0x0304), {"icmp/3/1-4"}},
        {part(58, 0x0380, 0x0520), {"icmpv6/3/128-255", "icmpv6/4", "icmpv6/5/0-32"}},
        {NumberSet(ServiceKey(50, 0), ServiceKey(51, 0xFFFF)), {"esp", "ah"}},
        {ServicesOf(99), {"ip/99"}},
        {part(6, 80, 80).Union(ServicesOf(47)), {"tcp/80", "gre"}},
        {ServicesOf(6).Complement(kLastService), {"ip/0-5", "ip/7-255"}},
        {part(6, 80, 80).Complement(kLastService), {"ip/0-5", "tcp/0-79", "tcp/81-65535", "ip/7-255"}},
    };
    for (const auto& [services, texts] : kCases) {
        EXPECT_EQ(FormatServices(services, 9), texts);
        std::vector<Range<std::uint32_t>> read;
        for (const std::string& text : FormatServices(services, 9)) read.push_back(ParseService(text).value());
        EXPECT_EQ(NumberSet(std::move(read)), services) << texts[0];
    }
    EXPECT_EQ(FormatServices(part(6, 80, 80).Union(ServicesOf(47)), 1), (std::vector<std::string>{"tcp/80", "…"}));
    for (const std::string_view wrong : {"", "tcp/", "tcp/70000", "tcp/9-8", "esp/1", "icmp/3/256", "icmp/3-4/1", "ip", "ip/256", "magic/1", "tcp/-1"}) {
        EXPECT_FALSE(ParseService(wrong)) << wrong;
    }
}

TEST(TrafficText, IsReadAndWrittenTheSame) {
    for (const std::string text :
         {"src=10.0.0.0/8,192.0.2.1 dst=198.51.100.7-198.51.100.9 service=tcp/443,udp/53 sport=1024-65535 in=inside out=outside state=new,related",
          "src=2001:db8::/32 dst=2001:db8::1 service=icmpv6/128", "src=0.0.0.0/0 dst=192.0.2.1"}) {
        const auto traffic = ParseTraffic(text, TwoZones());
        ASSERT_TRUE(traffic.ok()) << traffic.error().operator_text;
        ASSERT_EQ(traffic->size(), 1U);
        std::string written;
        for (const auto& [name, value] : TrafficFields(traffic->front(), TwoZones().zones, 9)) written += (written.empty() ? "" : " ") + name + "=" + value;
        EXPECT_EQ(written, text);
    }
}

TEST(TrafficText, WhatIsLeftOutIsAnyOfBothFamilies) {
    const auto traffic = ParseTraffic("service=tcp/443", TwoZones());
    ASSERT_TRUE(traffic.ok());
    ASSERT_EQ(traffic->size(), 2U);
    EXPECT_TRUE((*traffic)[0].source4.IsAll() && (*traffic)[0].destination4.IsAll() && (*traffic)[0].source6.empty());
    EXPECT_TRUE((*traffic)[1].source6.IsAll() && (*traffic)[1].destination6.IsAll() && (*traffic)[1].source4.empty());
    EXPECT_EQ((*traffic)[0].in, TwoZones().AllZones());
    EXPECT_EQ(ParseTraffic("src=192.0.2.1", TwoZones())->size(), 1U);
}

TEST(TrafficText, SaysWhichPartIsWrong) {
    for (const auto& [text, part] : {std::pair{"src=192.0.2.1 dst=2001:db8::2", "in common"}, {"src=192.0.2", "192.0.2"}, {"service=tcp/99999", "tcp/99999"}, {"in=nowhere", "nowhere"},
                                     {"sport=x", "sport"}, {"state=odd", "odd"}, {"colour=red", "colour"}, {"src=192.0.2.1,", "\"\""}}) {
        const auto traffic = ParseTraffic(text, TwoZones());
        ASSERT_FALSE(traffic.ok()) << text;
        EXPECT_NE(traffic.error().caller_text.en.find(part), std::string::npos) << traffic.error().caller_text.en;
    }
}

}  // namespace
}  // namespace opsteward::firewall
