#include "features/firewall/formats/asa/networks.hpp"

#include <fmt/format.h>

#include <unordered_set>

#include "base/text.hpp"
#include "features/firewall/model/address.hpp"

namespace opsteward::firewall {

/// "10.1.0.1" and "255.255.255.0" as "10.1.0.1/24"; each may be a name, or "0". Empty: neither is that.
std::string AsaNetworks::Ipv4Text(std::string_view address, std::string_view mask) const {
    const auto number_of = [this](std::string_view text) { return text == "0" ? std::optional<std::uint32_t>(0) : objects_.Ipv4Of(text); };
    const auto number = number_of(address);
    const auto ones = number_of(mask);
    const auto prefix = ones ? PrefixOfMask(*ones) : std::nullopt;
    return number && prefix ? fmt::format("{}/{}", FormatIpv4(*number), *prefix) : std::string();
}

void AsaNetworks::Read(const AsaCommand& command) {
    AsaCursor words(command.head.text);
    const std::string_view word = words.Next();
    if (word == "interface") {
        ReadInterface(command);
    } else if (word == "route") {
        ReadRoute(std::move(words), command.head.number);
    } else if (word == "ipv6" && words.Skip("route")) {
        ReadIpv6Route(std::move(words), command.head.number);
    }
}

void AsaNetworks::ReadInterface(const AsaCommand& command) {
    Interface read;
    read.line = command.head.number;
    bool is_shut = false;
    for (const AsaLine& line : command.below) {
        AsaCursor words(line.text);
        const std::string_view word = words.Next();
        if (word == "nameif") read.name = ReplaceInvalidUtf8(words.Next());
        is_shut = is_shut || word == "shutdown";
        read.is_for_management = read.is_for_management || word == "management-only";
        if ((word == "ip" || word == "ipv6") && words.Skip("address")) ReadAddress(std::move(words), read);
    }
    if (!read.name.empty() && !is_shut) interfaces_.push_back(std::move(read));
}

/// "10.1.0.1 255.255.255.0 standby 10.1.0.2", "dhcp setroute", "pppoe setroute", "2001:db8::1/64", "autoconfig default trust"
void AsaNetworks::ReadAddress(AsaCursor words, Interface& interface) const {
    const std::string_view first = words.Next();
    const std::string_view second = words.Peek();
    if (first.find('/') != std::string_view::npos) {
        interface.addresses.emplace_back(first);
    } else if (first == "dhcp" || first == "pppoe") {
        while (!words.is_done()) interface.has_default4 = words.Next() == "setroute" || interface.has_default4;
    } else if (first == "autoconfig") {
        interface.has_default6 = interface.has_default6 || second == "default";
    } else {
        interface.addresses.push_back(Ipv4Text(first, second));
    }
}

/// "outside 0.0.0.0 0.0.0.0 203.0.113.1 1"; a tunneled one is for packets out of tunnels alone.
void AsaNetworks::ReadRoute(AsaCursor words, std::size_t line) {
    const std::string_view interface = words.Next();
    const std::string_view address = words.Next();
    std::string network = Ipv4Text(address, words.Next());
    bool is_tunneled = false;
    while (!words.is_done()) is_tunneled = words.Next() == "tunneled" || is_tunneled;
    if (!is_tunneled) routes_.push_back({ReplaceInvalidUtf8(interface), std::move(network), line});
}

/// "outside ::/0 2001:db8::1"
void AsaNetworks::ReadIpv6Route(AsaCursor words, std::size_t line) {
    const std::string_view interface = words.Next();
    const std::string_view network = words.Next();
    bool is_tunneled = false;
    while (!words.is_done()) is_tunneled = words.Next() == "tunneled" || is_tunneled;
    if (!is_tunneled) routes_.push_back({ReplaceInvalidUtf8(interface), std::string(network), line});
}

std::vector<ZoneNetworks> AsaNetworks::Finish(RangeBudget& budget) {
    RouteTable through;
    RouteTable of_management;
    std::unordered_set<std::string> management;
    std::vector<ZoneInterfaces> zones;
    for (const Interface& interface : interfaces_) {
        if (interface.is_for_management) management.insert(interface.name);
        RouteTable& table = interface.is_for_management ? of_management : through;
        for (const std::string& address : interface.addresses) table.AddAddress(interface.name, address, interface.line);
        if (interface.has_default4) table.AddDefault(Family::kIpv4, interface.name, interface.line);
        if (interface.has_default6) table.AddDefault(Family::kIpv6, interface.name, interface.line);
        zones.push_back({interface.name, {interface.name}});
    }
    for (const Route& route : routes_) {
        const bool leads_nowhere = ToLowerAscii(route.interface) == "null0";
        const bool is_for_management = management.contains(route.interface);
        if (is_for_management && route.network.ends_with("/0")) continue;
        RouteTable& table = is_for_management ? of_management : through;
        table.AddRoute(route.network, {leads_nowhere ? std::string_view() : route.interface, {}}, route.line);
    }
    return RoutedInterfaces({through, of_management}).BehindZones("", zones, budget);
}

}  // namespace opsteward::firewall
