// FortiOS's virtual IPs: firewall vip and vip6.
#include "features/firewall/formats/fortigate/objects.hpp"
#include "features/firewall/model/address.hpp"

namespace opsteward::firewall {

namespace {

std::optional<std::uint8_t> ProtocolOf(std::string_view name) {
    if (name == "tcp") return 6;
    if (name == "udp") return 17;
    if (name == "sctp") return 132;
    if (name == "icmp") return 1;
    return std::nullopt;
}

/// Adds all of `values` to the set; false where one is no address.
bool AddAddresses(Family family, const std::vector<std::string>& values, Ipv4Set& v4, Ipv6Set& v6) {
    std::vector<Range<std::uint32_t>> ranges4;
    std::vector<Range<Uint128>> ranges6;
    for (const std::string& value : values) {
        const auto range4 = family == Family::kIpv4 ? ParseIpv4Range(value) : std::nullopt;
        const auto range6 = family == Family::kIpv6 ? ParseIpv6Range(value) : std::nullopt;
        if (range4) ranges4.push_back(*range4);
        if (range6) ranges6.push_back(*range6);
        if (!range4 && !range6) return false;
    }
    v4 = Ipv4Set(std::move(ranges4));
    v6 = Ipv6Set(std::move(ranges6));
    return true;
}

void ReadPorts(const FortigateSettings& settings, FortigateVip& vip, bool& is_known) {
    const auto protocol = ProtocolOf(settings.First("protocol", "tcp"));
    if (!protocol) {
        is_known = false;
        return;
    }
    if (*protocol == 1) {
        vip.services = ServicesOf(1);
        vip.mapped_services = vip.services;
        return;
    }
    const auto external = FortigatePorts(settings.First("extport", "0"));
    const auto mapped = FortigatePorts(settings.First("mappedport", settings.First("extport", "0")));
    if (!external || !mapped || external->first == 0) {
        is_known = false;
        return;
    }
    const auto key = [&protocol](std::uint32_t port) { return ServiceKey(*protocol, static_cast<std::uint16_t>(port)); };
    vip.services = NumberSet(key(external->first), key(external->last));
    vip.mapped_services = NumberSet(key(mapped->first), key(mapped->last));
    vip.port_shift = std::int64_t{external->first} - std::int64_t{mapped->first};
    vip.is_many_to_one = mapped->first == mapped->last && external->first != external->last;
    is_known = vip.is_many_to_one || external->last - external->first == mapped->last - mapped->first;
}

}  // namespace

FortigateVip ReadFortigateVip(Family family, const FortigateTree& tree, FortigateNodeId node) {
    const FortigateSettings settings = tree.SettingsOf(node);
    FortigateVip vip;
    vip.is_enabled = settings.First("status", "enable") != "disable";
    vip.interface = std::string(settings.First("extintf", "any"));
    if (vip.interface == "any") vip.interface.clear();
    const std::string_view type = settings.First("type", "static-nat");
    bool is_known = type == "static-nat" || type == "fqdn";
    const std::vector<std::string>& external = settings.Of("extip").values;
    const bool has_external = !external.empty() && external[0] != "0.0.0.0" && external[0] != "::";
    if (!has_external || !AddAddresses(family, external, vip.external4, vip.external6)) {
        is_known = false;
        (family == Family::kIpv4) ? void(vip.external4 = Ipv4Set::All()) : void(vip.external6 = Ipv6Set::All());
    }
    if (!AddAddresses(family, settings.Of("mappedip").values, vip.mapped4, vip.mapped6)) {
        (family == Family::kIpv4) ? void(vip.mapped4 = Ipv4Set::All()) : void(vip.mapped6 = Ipv6Set::All());
    }
    const std::vector<std::string>& filter = settings.Of("src-filter").values;
    if (!filter.empty() && !AddAddresses(family, filter, vip.source4, vip.source6)) is_known = false;
    if (!settings.Of("service").values.empty() || !settings.Of("extaddr").values.empty()) is_known = false;
    vip.forwards_ports = settings.IsEnabled("portforward");
    if (vip.forwards_ports && is_known) ReadPorts(settings, vip, is_known);
    if (!is_known) {
        vip.forwards_ports = false;
        vip.services = AllServices();
        AddUnknownPart(vip.unknown, {"nat", tree.node(node).name, tree.node(node).line});
    }
    return vip;
}

}  // namespace opsteward::firewall
