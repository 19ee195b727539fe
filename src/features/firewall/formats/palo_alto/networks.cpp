#include "features/firewall/formats/palo_alto/networks.hpp"

#include <array>
#include <unordered_map>

namespace opsteward::firewall {

namespace {

class Reader {
  public:
    explicit Reader(WordNode network) : network_(network) {}

    RoutedInterfaces Read() {
        ReadRouters();
        const WordNode interfaces = network_["interface"];
        for (const char* const kind : {"ethernet", "aggregate-ethernet"}) {
            for (const WordNode interface : interfaces[kind].children()) ReadInterface(interface.word(), interface["layer3"]);
        }
        for (const char* const kind : {"vlan", "loopback", "tunnel"}) ReadInterface(kind, interfaces[kind]);
        for (std::size_t i = 0; i < routers_.size(); ++i) ReadRoutes(routers_[i], tables_[i + 1]);
        return RoutedInterfaces(tables_);
    }

  private:
    /// Those of "virtual-router", and each VRF of a "logical-router"; interfaces of none have the first table.
    void ReadRouters() {
        for (const WordNode router : network_["virtual-router"].children()) routers_.push_back(router);
        for (const WordNode router : network_["logical-router"].children()) {
            for (const WordNode vrf : router["vrf"].children()) routers_.push_back(vrf);
        }
        tables_.resize(routers_.size() + 1);
        for (std::size_t i = 0; i < routers_.size(); ++i) {
            for (const WordNode interface : routers_[i]["interface"].children()) table_of_.try_emplace(interface.word(), i + 1);
        }
    }

    RouteTable& TableOf(std::string_view interface) {
        const auto table = table_of_.find(interface);
        return tables_[table == table_of_.end() ? 0 : table->second];
    }

    void ReadInterface(std::string_view name, WordNode layer) {
        RouteTable& table = TableOf(name);
        for (const WordNode address : layer["ip"].children()) table.AddAddress(name, address.word(), address.line());
        for (const WordNode address : layer["ipv6"]["address"].children()) table.AddAddress(name, address.word(), address.line());
        for (const char* const kind : {"dhcp-client", "pppoe"}) {
            const WordNode client = layer[kind];
            const bool is_off = client["enable"].value() == "no" || client["create-default-route"].value() == "no";
            if (client && !is_off) table.AddDefault(Family::kIpv4, name, client.line());
        }
        for (const WordNode unit : layer["units"].children()) ReadInterface(unit.word(), unit);
    }

    static void ReadRoutes(WordNode router, RouteTable& table) {
        for (const char* const family : {"ip", "ipv6"}) {
            for (const WordNode route : router["routing-table"][family]["static-route"].children()) {
                const WordNode hop = route["nexthop"];
                const WordNode address = hop["ip-address"] ? hop["ip-address"] : hop["ipv6-address"];
                if (route["route-table"]["no-install"]) continue;
                RouteExit exit{route["interface"].value(), address.value()};
                if (hop["discard"] || hop["next-vr"] || hop["next-lr"]) exit = {};
                table.AddRoute(route["destination"].value(), exit, route.line());
            }
        }
    }

    WordNode network_;
    std::vector<WordNode> routers_;
    std::vector<RouteTable> tables_;
    std::unordered_map<std::string_view, std::size_t> table_of_;
};

}  // namespace

RoutedInterfaces PaloAltoRoutes(WordNode device) { return Reader(device["network"]).Read(); }

std::vector<ZoneInterfaces> PaloAltoZoneInterfaces(WordNode system) {
    static constexpr std::array<std::string_view, 5> kKinds{"layer3", "layer2", "virtual-wire", "tap", "external"};
    std::vector<ZoneInterfaces> zones;
    for (const WordNode zone : system["zone"].children()) {
        ZoneInterfaces& read = zones.emplace_back(ZoneInterfaces{std::string(zone.word()), {}});
        for (const std::string_view kind : kKinds) {
            for (const WordNode interface : zone["network"][kind].children()) read.interfaces.emplace_back(interface.word());
        }
    }
    return zones;
}

}  // namespace opsteward::firewall
