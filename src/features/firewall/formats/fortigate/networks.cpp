#include "features/firewall/formats/fortigate/networks.hpp"

#include <fmt/format.h>

#include <map>
#include <unordered_set>

#include "features/firewall/model/address.hpp"

namespace opsteward::firewall {

namespace {

/// "10.1.0.1 255.255.255.0" or "10.1.0.1/24" as the latter; empty: neither.
std::string NetworkText(const std::vector<std::string>& values) {
    if (values.size() == 1) return values[0];
    const auto mask = values.size() == 2 ? ParseIpv4(values[1]) : std::nullopt;
    const auto prefix = mask ? PrefixOfMask(*mask) : std::nullopt;
    return prefix ? fmt::format("{}/{}", values[0], *prefix) : std::string();
}

class Reader {
  public:
    Reader(std::string vdom, FortigateObjects& objects, RangeBudget& budget)
        : vdom_(std::move(vdom)), objects_(objects), tree_(objects.tree()), budget_(budget) {}

    std::vector<ZoneNetworks> Read(const std::vector<FortigateNodeId>& scopes) {
        for (const FortigateNodeId scope : scopes) {
            ForEachEntry(tree_.Child(scope, "system interface"), [&](FortigateNodeId interface) {
                if (scopes.size() == 1 || tree_.SettingsOf(interface).First("vdom", vdom_) == vdom_) ReadInterface(interface);
            });
        }
        ReadRoutes("router static", Family::kIpv4);
        ReadRoutes("router static6", Family::kIpv6);
        std::vector<RouteTable> tables;
        for (auto& [vrf, table] : tables_) tables.push_back(std::move(table));
        return RoutedInterfaces(tables).BehindZones(vdom_, Zones(), budget_);
    }

  private:
    template <typename Visit>
    void ForEachEntry(FortigateNodeId section, Visit visit) const {
        if (section != kNoFortigateNode) tree_.ForEachChild(section, visit);
    }

    void Named(std::string_view interface) {
        if (known_.emplace(interface).second) order_.emplace_back(interface);
    }

    void ReadInterface(FortigateNodeId node) {
        const FortigateSettings settings = tree_.SettingsOf(node);
        const std::string& name = tree_.node(node).name;
        const std::size_t line = tree_.node(node).line;
        Named(name);
        vrfs_[name] = std::string(settings.First("vrf", "0"));
        if (settings.First("status") == "down") return;
        RouteTable& table = tables_[vrfs_[name]];
        const std::string_view mode = settings.First("mode", "static");
        if (mode == "static") {
            for (const char* const address : {"ip", "remote-ip"}) table.AddAddress(name, NetworkText(settings.Of(address).values), line);
            if (settings.IsEnabled("secondary-IP")) {
                ForEachEntry(tree_.Child(node, "secondaryip"), [&](FortigateNodeId other) {
                    table.AddAddress(name, NetworkText(tree_.SettingsOf(other).Of("ip").values), tree_.node(other).line);
                });
            }
        } else if (settings.First("defaultgw", "enable") == "enable") {
            table.AddDefault(Family::kIpv4, name, line);
        }
        const FortigateNodeId ipv6 = tree_.Child(node, "ipv6");
        if (ipv6 == kNoFortigateNode) return;
        const FortigateSettings settings6 = tree_.SettingsOf(ipv6);
        if (settings6.First("ip6-mode", "static") == "static") table.AddAddress(name, settings6.First("ip6-address"), line);
        if (settings6.IsEnabled("autoconf")) table.AddDefault(Family::kIpv6, name, line);
        ForEachEntry(tree_.Child(ipv6, "ip6-extra-addr"), [&](FortigateNodeId other) {
            table.AddAddress(name, tree_.node(other).name, tree_.node(other).line);
        });
    }

    void ReadRoutes(std::string_view section, Family family) {
        ForEachEntry(objects_.Section(section), [&](FortigateNodeId route) {
            const FortigateSettings settings = tree_.SettingsOf(route);
            const std::string_view service = settings.First("internet-service");
            const bool is_of_service = (!service.empty() && service != "0") || !settings.First("internet-service-custom").empty();
            if (settings.First("status") == "disable" || is_of_service || budget_.is_spent()) return;
            const std::size_t line = tree_.node(route).line;
            const AddressSet networks = DestinationOf(settings, family);
            if (!budget_.Spend(networks.v4.ranges().size() + networks.v6.ranges().size())) return;
            const std::string_view device = settings.First("device");
            const bool leads_nowhere = settings.IsEnabled("blackhole") || settings.IsEnabled("sdwan") || settings.IsEnabled("virtual-wan-link") ||
                                       !settings.First("sdwan-zone").empty();
            if (leads_nowhere) return tables_[std::string(settings.First("vrf", "0"))].AddRoute(networks, {}, line);
            if (!device.empty()) Named(device);
            tables_[VrfOf(device)].AddRoute(networks, {device, settings.First("gateway")}, line);
        });
    }

    /// Of "dst" and "dstaddr"; everything where neither is set. A name that means more than addresses leads nowhere that is known: nothing.
    AddressSet DestinationOf(const FortigateSettings& settings, Family family) {
        const std::string name(settings.First("dstaddr"));
        if (!name.empty()) {
            const FortigateAddress& address = objects_.Address(family, name);
            return address.unknown.empty() && address.vips.empty() ? AddressSet{address.v4, address.v6} : AddressSet();
        }
        const std::vector<std::string>& network = settings.Of("dst").values;
        if (network.empty()) return family == Family::kIpv4 ? AddressSet{Ipv4Set::All(), {}} : AddressSet{{}, Ipv6Set::All()};
        return ParseAddresses(NetworkText(network)).value_or(AddressSet());
    }

    std::string VrfOf(std::string_view device) const {
        const auto vrf = vrfs_.find(std::string(device));
        return vrf == vrfs_.end() ? "0" : vrf->second;
    }

    std::vector<ZoneInterfaces> Zones() const {
        std::vector<ZoneInterfaces> zones;
        std::unordered_set<std::string> in_zones;
        ForEachEntry(objects_.Section("system zone"), [&](FortigateNodeId zone) {
            zones.push_back({tree_.node(zone).name, tree_.SettingsOf(zone).Of("interface").values});
            in_zones.insert(zones.back().interfaces.begin(), zones.back().interfaces.end());
        });
        for (const std::string& interface : order_) {
            if (!in_zones.contains(interface)) zones.push_back({interface, {interface}});
        }
        return zones;
    }

    std::string vdom_;
    FortigateObjects& objects_;
    const FortigateTree& tree_;
    RangeBudget& budget_;
    std::map<std::string, RouteTable> tables_;  ///< by VRF
    std::unordered_map<std::string, std::string> vrfs_;
    std::vector<std::string> order_;  ///< interfaces
    std::unordered_set<std::string> known_;
};

}  // namespace

std::vector<ZoneNetworks> FortigateNetworks(const std::string& vdom, FortigateObjects& objects, const std::vector<FortigateNodeId>& scopes,
                                            RangeBudget& budget) {
    return Reader(vdom, objects, budget).Read(scopes);
}

}  // namespace opsteward::firewall
