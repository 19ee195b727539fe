#include "features/firewall/formats/zone_routes.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "base/text.hpp"
#include "features/firewall/model/address.hpp"

namespace opsteward::firewall {
namespace {

template <typename T>
std::string Listed(const NetworksBehind<RangeSet<T>>& behind, std::string (*format)(const Range<T>&)) {
    std::vector<std::string> texts;
    for (const auto& range : behind.networks.ranges()) texts.push_back(format(range));
    if (behind.has_default) texts.emplace_back("default");
    return Join(texts, " ");
}
std::string Ipv4Of(const NetworksBehind<Ipv4Set>& behind) { return Listed(behind, FormatIpv4Range); }
std::string Ipv6Of(const NetworksBehind<Ipv6Set>& behind) { return Listed(behind, FormatIpv6Range); }

std::string BehindInterface(const RouteTable& table, std::string_view interface) {
    for (const InterfaceNetworks& behind : table.Resolve()) {
        if (behind.interface == interface) return Ipv4Of(behind.ipv4);
    }
    return "not there";
}

TEST(RouteTable, TheMostSpecificRouteTakesItsNetworkOutOfTheOthers) {
    RouteTable table;
    EXPECT_TRUE(table.AddAddress("lan", "10.1.0.1/24", 1));
    EXPECT_TRUE(table.AddRoute("10.0.0.0/8", {.interface = "core", .hop = {}}, 2));
    EXPECT_TRUE(table.AddRoute("10.1.0.128/25", {.interface = "vpn", .hop = {}}, 3));
    EXPECT_TRUE(table.AddRoute("10.1.0.255/32", {}, 4));
    EXPECT_TRUE(table.AddRoute("0.0.0.0/0", {.interface = "wan", .hop = {}}, 5));
    EXPECT_EQ(BehindInterface(table, "lan"), "10.1.0.0/25");
    EXPECT_EQ(BehindInterface(table, "core"), "10.0.0.0/16 10.1.1.0-10.255.255.255");
    EXPECT_EQ(BehindInterface(table, "vpn"), "10.1.0.128-10.1.0.254");
    EXPECT_EQ(BehindInterface(table, ""), "10.1.0.255");
    EXPECT_EQ(BehindInterface(table, "wan"), "default");
}

TEST(RouteTable, ANextHopIsWhereItsNetworkIsConnected) {
    RouteTable table;
    table.AddAddress("lan", "10.1.0.1/16", 1);
    table.AddAddress("dmz", "10.1.5.1/24", 2);
    table.AddAddress("wan", "203.0.113.2/29", 3);
    for (const char* const interface : {"red", "blue"}) table.AddAddress(interface, "198.51.100.1/24", 4);
    table.AddRoute("172.16.0.0/16", {.interface = {}, .hop = "10.1.5.9"}, 5);
    table.AddRoute("172.17.0.0/16", {.interface = {}, .hop = "10.1.6.9"}, 6);
    table.AddRoute("172.18.0.0/16", {.interface = {}, .hop = "192.0.2.1"}, 7);
    table.AddRoute("172.19.0.0/16", {.interface = {}, .hop = "198.51.100.9"}, 8);
    table.AddRoute("172.20.0.0/16", {.interface = {}, .hop = "gateway"}, 9);
    table.AddRoute("0.0.0.0/0", {.interface = {}, .hop = "203.0.113.1"}, 10);
    EXPECT_EQ(BehindInterface(table, "dmz"), "10.1.5.0/24 172.16.0.0/16");
    EXPECT_EQ(BehindInterface(table, "lan"), "10.1.0.0-10.1.4.255 10.1.6.0-10.1.255.255 172.17.0.0/16");
    EXPECT_EQ(BehindInterface(table, ""), "172.18.0.0-172.20.255.255") << "no interface's, or that of two";
    EXPECT_EQ(BehindInterface(table, "red"), "198.51.100.0/24");
    EXPECT_EQ(BehindInterface(table, "wan"), "203.0.113.0/29 default");
}

TEST(RouteTable, AddressesThatTellNothingAreUnderstoodAndOthersAreNot) {
    RouteTable table;
    for (const std::string_view none : {"0.0.0.0/0", "::/0", "fe80::1/64"}) EXPECT_TRUE(table.AddAddress("lan", none, 1)) << none;
    for (const std::string_view wrong : {"", "dhcp", "10.0.0.0/33", "10.0.0.1/255.0.0.0"}) {
        EXPECT_FALSE(table.AddAddress("lan", wrong, 1)) << wrong;
        EXPECT_FALSE(table.AddRoute(wrong, {.interface = "lan", .hop = {}}, 1)) << wrong;
    }
    EXPECT_EQ(table.Resolve().size(), 1U);
}

TEST(RouteTable, RoutesToOneNetworkLeadToEachUnlessTheyAreMany) {
    RouteTable table;
    for (std::size_t i = 0; i <= RouteTable::kMaxExits; ++i) {
        if (i < 2) table.AddRoute("10.0.0.0/8", {.interface = fmt::format("few{}", i), .hop = {}}, 1);
        table.AddRoute("10.2.0.0/16", {.interface = fmt::format("many{}", i), .hop = {}}, 1);
    }
    table.AddRoute("10.0.0.0/8", {.interface = "few0", .hop = {}}, 1);
    EXPECT_EQ(BehindInterface(table, "few0"), "10.0.0.0/15 10.3.0.0-10.255.255.255");
    EXPECT_EQ(BehindInterface(table, "few1"), "10.0.0.0/15 10.3.0.0-10.255.255.255");
    EXPECT_EQ(BehindInterface(table, "many0"), "");
    EXPECT_EQ(BehindInterface(table, ""), "10.2.0.0/16");
}

TEST(RouteTable, RangesAreTheNetworksTheyConsistOf) {
    RouteTable table;
    table.AddRoute(AddressSet{Ipv4Set(0x0A00'0001, 0x0A00'0100), {}}, {.interface = "lan", .hop = {}}, 1);
    table.AddRoute("10.0.0.0/24", {.interface = "dmz", .hop = {}}, 2);
    table.AddRoute(AddressSet{Ipv4Set(0xFFFF'FFFE, 0xFFFF'FFFF), {}}, {.interface = "last", .hop = {}}, 3);
    EXPECT_EQ(BehindInterface(table, "lan"), "10.0.0.1-10.0.1.0");
    EXPECT_EQ(BehindInterface(table, "dmz"), "10.0.0.0");
    EXPECT_EQ(BehindInterface(table, "last"), "255.255.255.254/31");
}

/// By the definition: of the smallest networks that have the address.
TEST(RouteTable, LookupsAreThoseOfTheLongestPrefix) {
    std::mt19937 random(5);
    const auto number = [&random](std::uint32_t last) { return std::uniform_int_distribution<std::uint32_t>(0, last)(random); };
    for (int round = 0; round < 100; ++round) {
        RouteTable table;
        std::vector<std::pair<Range<std::uint32_t>, std::string>> routes;
        for (int i = 0; i < 12; ++i) {
            const auto network = Ipv4Network(number(1) == 0 ? number(255) : 0xFFFF'FF00U + number(255), 23 + number(9));
            routes.emplace_back(network, fmt::format("if{}", number(3)));
            table.AddRoute(FormatIpv4Range(network), {.interface = routes.back().second, .hop = {}}, 1);
        }
        const std::vector<InterfaceNetworks> resolved = table.Resolve();
        for (int i = 0; i < 200; ++i) {
            const std::uint32_t address = number(1) == 0 ? number(300) : 0xFFFF'FFFFU - number(300);
            std::uint64_t smallest = ~std::uint64_t{0};
            for (const auto& [network, interface] : routes) {
                if (network.first <= address && address <= network.last) smallest = std::min<std::uint64_t>(smallest, network.last - network.first);
            }
            for (const InterfaceNetworks& behind : resolved) {
                const bool is_behind = std::ranges::any_of(routes, [&](const auto& route) {
                    return route.second == behind.interface && route.first.first <= address && address <= route.first.last &&
                           route.first.last - route.first.first == smallest;
                });
                EXPECT_EQ(behind.ipv4.networks.Contains(address), is_behind) << FormatIpv4(address) << " " << behind.interface;
            }
        }
    }
}

TEST(RoutedInterfaces, AZoneHasWhatItsInterfacesHaveAndTheRestIsBehindNone) {
    RouteTable first;
    first.AddAddress("a", "10.1.0.1/24", 1);
    first.AddAddress("a", "2001:db8:1::1/64", 1);
    first.AddAddress("b", "10.2.0.1/24", 2);
    first.AddAddress("spare", "10.3.0.1/24", 3);
    first.AddDefault(Family::kIpv4, "wan", 4);
    RouteTable second;
    second.AddAddress("other", "10.1.0.1/16", 5);
    RangeBudget budget(1000);
    const std::vector<ZoneInterfaces> zones{{"inside", {"a", "b"}}, {"outside", {"wan"}}, {"half", {"b", "missing"}}, {"nothing", {"missing"}}, {"empty", {}}};
    const auto networks = RoutedInterfaces({first, second}).BehindZones("root", zones, budget);
    ASSERT_EQ(networks.size(), 4U);
    EXPECT_EQ(networks[0].scope, "root");
    EXPECT_EQ(networks[0].zone, "inside");
    EXPECT_EQ(networks[0].interfaces, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(networks[0].line, 1U);
    EXPECT_EQ(Ipv4Of(networks[0].ipv4), "10.1.0.0/24 10.2.0.0/24");
    EXPECT_TRUE(networks[0].ipv4.is_whole);
    EXPECT_EQ(Ipv6Of(networks[0].ipv6), "2001:db8:1::/64");
    EXPECT_FALSE(networks[0].ipv6.is_whole) << "b has no IPv6";
    EXPECT_EQ(Ipv4Of(networks[1].ipv4), "default");
    EXPECT_EQ(networks[2].zone, "half");
    EXPECT_FALSE(networks[2].ipv4.is_whole);
    EXPECT_EQ(networks[3].zone, "");
    EXPECT_EQ(Ipv4Of(networks[3].ipv4), "10.3.0.0/24") << "the other table is none of these zones'";
}

TEST(RoutedInterfaces, ComeToAnEndWithTheirBudget) {
    RouteTable table;
    for (int i = 0; i < 100; ++i) table.AddAddress("lan", fmt::format("10.{}.0.1/24", i), 1);
    RangeBudget budget(50);
    EXPECT_TRUE(RoutedInterfaces({table}).BehindZones("", {{"lan", {"lan"}}}, budget).empty());
    EXPECT_TRUE(budget.is_spent());
}

}  // namespace
}  // namespace opsteward::firewall
