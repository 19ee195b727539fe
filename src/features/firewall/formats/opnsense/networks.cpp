#include "features/firewall/formats/opnsense/networks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"

namespace opsteward::firewall {

namespace {

struct Gateway {
    std::string interface;
    Family family = Family::kIpv4;
    bool is_default = false;
};

class Reader {
  public:
    Reader(const OpnsenseXml& xml, OpnsenseObjects& objects) : xml_(xml), objects_(objects), root_(xml.root()) {}

    std::vector<ZoneNetworks> Read(RangeBudget& budget) {
        ReadInterfaces();
        for (const pugi::xml_node address : root_.child("virtualip").children("vip")) ReadVirtualAddress(address);
        for (const pugi::xml_node list : {root_.child("gateways"), root_.child("OPNsense").child("Gateways")}) {
            for (const pugi::xml_node item : list.children("gateway_item")) ReadGateway(item);
        }
        for (const pugi::xml_node route : root_.child("staticroutes").children("route")) ReadRoute(route);
        ReadDefault(Family::kIpv4, ChildText(root_.child("gateways"), "defaultgw4"));
        ReadDefault(Family::kIpv6, ChildText(root_.child("gateways"), "defaultgw6"));
        return RoutedInterfaces({table_}).BehindZones("", zones_, budget);
    }

  private:
    /// Exports mark the interfaces in use by <enable>; in a text that marks none, all are.
    void ReadInterfaces() {
        const pugi::xml_node interfaces = root_.child("interfaces");
        const bool are_marked = std::ranges::any_of(interfaces.children(), [](pugi::xml_node interface) { return !interface.child("enable").empty(); });
        for (const pugi::xml_node interface : interfaces.children()) {
            if (interface.type() != pugi::node_element || (are_marked && !ChildSaysYes(interface, "enable"))) continue;
            const std::string name = ReplaceInvalidUtf8(interface.name());
            zones_.push_back({name, {name}});
            lines_.emplace(name, xml_.LineOf(interface));
            ReadAddress(interface, name, "ipaddr", "subnet", Family::kIpv4);
            ReadAddress(interface, name, "ipaddrv6", "subnetv6", Family::kIpv6);
        }
    }

    /// Written out, or how the interface comes by one: then it has a gateway too, but for addresses that follow another interface's.
    void ReadAddress(pugi::xml_node interface, const std::string& name, const char* address_key, const char* prefix_key, Family family) {
        const std::string_view address = ChildText(interface, address_key);
        if (address.empty() || address == "none") return;
        const std::size_t line = xml_.LineOf(interface);
        if (table_.AddAddress(name, fmt::format("{}/{}", address, ChildText(interface, prefix_key)), line)) return;
        if (!address.starts_with("track") && address != "idassoc6") dynamic_[family].insert(name);
    }

    void ReadVirtualAddress(pugi::xml_node address) {
        const std::string_view mode = ChildText(address, "mode");
        const std::string interface = ReplaceInvalidUtf8(ChildText(address, "interface"));
        if ((mode != "ipalias" && mode != "carp") || !lines_.contains(interface)) return;
        table_.AddAddress(interface, fmt::format("{}/{}", ChildText(address, "subnet"), ChildText(address, "subnet_bits")), xml_.LineOf(address));
    }

    void ReadGateway(pugi::xml_node item) {
        if (ChildSaysYes(item, "disabled")) return;
        Gateway gateway{ReplaceInvalidUtf8(ChildText(item, "interface")), Family::kIpv4, ChildSaysYes(item, "defaultgw")};
        if (ChildText(item, "ipprotocol") == "inet6") gateway.family = Family::kIpv6;
        gateways_.try_emplace(std::string(ChildText(item, "name")), std::move(gateway));
    }

    void ReadRoute(pugi::xml_node route) {
        if (ChildSaysYes(route, "disabled")) return;
        const std::string network(ChildText(route, "network"));
        const auto gateway = gateways_.find(ChildText(route, "gateway"));
        const RouteExit exit{gateway == gateways_.end() ? std::string_view() : gateway->second.interface, {}};
        const std::size_t line = xml_.LineOf(route);
        if (table_.AddRoute(network, exit, line)) return;
        const AddressMatch alias = objects_.addresses().ResolveName(0, {network, line});
        if (alias.unknown.empty()) table_.AddRoute(alias.sure, exit, line);
    }

    /// `named`: the gateway, or a group of some, that pfSense says it is; "-": there is none.
    void ReadDefault(Family family, std::string_view named) {
        if (named == "-") return;
        std::set<std::string> marked;
        std::set<std::string> all = dynamic_[family];
        for (const auto& [name, gateway] : gateways_) {
            if (gateway.family != family) continue;
            all.insert(gateway.interface);
            if (named.empty() ? gateway.is_default : name == named) marked.insert(gateway.interface);
        }
        if (!named.empty() && marked.empty()) return;
        if (marked.empty() && all.size() != 1) return;
        for (const std::string& interface : marked.empty() ? all : marked) {
            const auto line = lines_.find(interface);
            table_.AddDefault(family, interface, line == lines_.end() ? 0 : line->second);
        }
    }

    const OpnsenseXml& xml_;
    OpnsenseObjects& objects_;
    pugi::xml_node root_;
    RouteTable table_;
    std::vector<ZoneInterfaces> zones_;
    std::map<std::string, std::size_t> lines_;  ///< of interfaces in use
    std::map<Family, std::set<std::string>> dynamic_;
    std::map<std::string, Gateway, std::less<>> gateways_;
};

}  // namespace

std::vector<ZoneNetworks> OpnsenseNetworks(const OpnsenseXml& xml, OpnsenseObjects& objects, RangeBudget& budget) { return Reader(xml, objects).Read(budget); }

}  // namespace opsteward::firewall
