#include "features/firewall/model/rule_base.hpp"

#include <algorithm>
#include <array>

#include "features/firewall/model/configuration.hpp"

namespace opsteward::firewall {

std::string_view NameOf(Action action) {
    static constexpr std::array<std::string_view, 3> kNames{"accept", "deny", "reject"};
    return kNames[static_cast<std::size_t>(action)];
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
