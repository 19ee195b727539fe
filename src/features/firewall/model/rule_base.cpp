#include "features/firewall/model/rule_base.hpp"

#include <algorithm>
#include <array>

#include "features/firewall/model/configuration.hpp"

namespace opsteward::firewall {

std::string_view NameOf(Action action) {
    static constexpr std::array<std::string_view, 3> kNames{"accept", "deny", "reject"};
    return kNames[static_cast<std::size_t>(action)];
}

std::string_view NameOf(Way way) {
    static constexpr std::array<std::string_view, 3> kNames{"through", "to_device", "from_device"};
    return kNames[static_cast<std::size_t>(way)];
}

std::string_view NameOf(Format format) {
    static constexpr std::array<std::string_view, 9> kNames{"fortigate", "paloalto", "asa", "checkpoint", "iptables", "nft", "opnsense", "srx", "classbench"};
    return kNames[static_cast<std::size_t>(format)];
}

std::optional<std::uint32_t> RuleBase::ZoneNumber(std::string_view zone) const {
    const auto found = std::ranges::find(zones, zone);
    if (found == zones.end()) return std::nullopt;
    return static_cast<std::uint32_t>(found - zones.begin());
}

std::optional<std::uint32_t> RuleBase::ZoneOfInterface(std::string_view interface) const {
    if (const auto own = ZoneNumber(interface)) return own;
    std::optional<std::uint32_t> found;
    std::size_t longest = 0;
    for (std::size_t i = 0; i < zones.size(); ++i) {
        const std::string_view zone = zones[i];
        if (zone.size() <= longest || (zone.back() != '+' && zone.back() != '*') || !interface.starts_with(zone.substr(0, zone.size() - 1))) continue;
        longest = zone.size();
        found = static_cast<std::uint32_t>(i);
    }
    return found;
}

bool Matches(const Traffic& traffic, const Packet& packet) {
    if (traffic.family != packet.family) return false;
    const bool has_addresses = packet.family == Family::kIpv4
                                   ? traffic.source4.Contains(packet.source4) && traffic.destination4.Contains(packet.destination4)
                                   : traffic.source6.Contains(packet.source6) && traffic.destination6.Contains(packet.destination6);
    return has_addresses && traffic.in.Contains(packet.in) && traffic.out.Contains(packet.out) && traffic.services.Contains(packet.service) &&
           traffic.source_ports.Contains(packet.source_port) && traffic.states.Contains(packet.state);
}

bool Matches(const Rule& rule, const Packet& packet) {
    return rule.IsActive() && std::ranges::any_of(rule.traffic, [&packet](const Traffic& traffic) { return Matches(traffic, packet); });
}

}  // namespace opsteward::firewall
