// Short ways to write rules in tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "features/firewall/model/address.hpp"
#include "features/firewall/model/rule_base.hpp"

namespace opsteward::firewall::testing {

/// IPv4, all zones of two, all states. Ranges as ParseIpv4Range reads them.
inline Traffic Ipv4Traffic(std::string_view source, std::string_view destination, NumberSet services = AllServices()) {
    Traffic traffic;
    traffic.in = traffic.out = NumberSet(0, 1);
    const auto from = ParseIpv4Range(source).value();
    const auto to = ParseIpv4Range(destination).value();
    traffic.source4 = Ipv4Set(from.first, from.last);
    traffic.destination4 = Ipv4Set(to.first, to.last);
    traffic.services = std::move(services);
    return traffic;
}

inline Traffic Ipv6Traffic(std::string_view source, std::string_view destination, NumberSet services = AllServices()) {
    Traffic traffic;
    traffic.family = Family::kIpv6;
    traffic.in = traffic.out = NumberSet(0, 1);
    const auto from = ParseIpv6Range(source).value();
    const auto to = ParseIpv6Range(destination).value();
    traffic.source6 = Ipv6Set(from.first, from.last);
    traffic.destination6 = Ipv6Set(to.first, to.last);
    traffic.services = std::move(services);
    return traffic;
}

inline Rule RuleOf(Action action, std::vector<Traffic> traffic) {
    Rule rule;
    rule.action = action;
    rule.traffic = std::move(traffic);
    return rule;
}

inline Rule WithUnknown(Rule rule, std::string what) {
    rule.unknown.push_back({what, what, 1});
    return rule;
}

inline RuleBase BaseOf(std::vector<Rule> rules) {
    RuleBase base;
    base.name = "test";
    base.zones = {"inside", "outside"};
    base.rules = std::move(rules);
    return base;
}

inline NumberSet Tcp(std::uint16_t first, std::uint16_t last) { return NumberSet(ServiceKey(6, first), ServiceKey(6, last)); }

inline constexpr std::string_view kAny4 = "0.0.0.0/0";
inline constexpr std::string_view kAny6 = "::/0";

}  // namespace opsteward::firewall::testing
