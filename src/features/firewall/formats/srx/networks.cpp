#include "features/firewall/formats/srx/networks.hpp"

#include <fmt/format.h>

#include "features/firewall/formats/srx/objects.hpp"

namespace opsteward::firewall {

namespace {

/// An interface without a unit is its first one.
std::string UnitOf(std::string_view interface) {
    return interface.find('.') == std::string_view::npos ? fmt::format("{}.0", interface) : std::string(interface);
}

class Reader {
  public:
    explicit Reader(WordNode system) : system_(system) {}

    std::vector<ZoneNetworks> Read(std::string_view scope, RangeBudget& budget) {
        const std::vector<WordNode> instances = ActiveChildren(ActiveChild(system_, "routing-instances"));
        tables_.resize(instances.size() + 1);
        for (std::size_t i = 0; i < instances.size(); ++i) {
            for (const WordNode interface : ActiveChildren(ActiveChild(instances[i], "interface"))) table_of_.try_emplace(UnitOf(interface.word()), i + 1);
        }
        for (const WordNode interface : ActiveChildren(ActiveChild(system_, "interfaces"))) {
            if (ActiveChild(interface, "disable")) continue;
            for (const WordNode unit : ActiveChildren(ActiveChild(interface, "unit"))) {
                if (!ActiveChild(unit, "disable")) ReadUnit(fmt::format("{}.{}", interface.word(), unit.word()), unit);
            }
        }
        ReadRoutes(ActiveChild(system_, "routing-options"), tables_[0]);
        for (std::size_t i = 0; i < instances.size(); ++i) ReadRoutes(ActiveChild(instances[i], "routing-options"), tables_[i + 1]);
        return RoutedInterfaces(tables_).BehindZones(scope, Zones(), budget);
    }

  private:
    void ReadUnit(const std::string& name, WordNode unit) {
        const auto found = table_of_.find(name);
        RouteTable& table = tables_[found == table_of_.end() ? 0 : found->second];
        for (const WordNode family : ActiveChildren(ActiveChild(unit, "family"))) {
            if (family.word() != "inet" && family.word() != "inet6") continue;
            for (const WordNode address : ActiveChildren(ActiveChild(family, "address"))) table.AddAddress(name, address.word(), address.line());
            const bool asks = ActiveChild(family, "dhcp") || ActiveChild(family, "dhcp-client");
            if (asks) table.AddDefault(Family::kIpv4, name, family.line());
        }
    }

    /// "static route …", and those of "rib inet6.0 static route …".
    static void ReadRoutes(WordNode options, RouteTable& table) {
        ReadStatic(ActiveChild(options, "static"), table);
        for (const WordNode rib : ActiveChildren(ActiveChild(options, "rib"))) ReadStatic(ActiveChild(rib, "static"), table);
    }
    static void ReadStatic(WordNode statics, RouteTable& table) {
        for (const WordNode route : ActiveChildren(ActiveChild(statics, "route"))) {
            bool has_exit = false;
            for (const std::string_view kind : {std::string_view("next-hop"), std::string_view("qualified-next-hop")}) {
                for (const WordNode hop : ActiveChildren(ActiveChild(route, kind))) {
                    has_exit = true;
                    const bool is_address = ParseAddresses(hop.word()).has_value();
                    const std::string unit = is_address ? std::string() : UnitOf(hop.word());
                    table.AddRoute(route.word(), is_address ? RouteExit{{}, hop.word()} : RouteExit{unit, {}}, route.line());
                }
            }
            if (!has_exit) table.AddRoute(route.word(), {}, route.line());
        }
    }

    std::vector<ZoneInterfaces> Zones() const {
        std::vector<ZoneInterfaces> zones;
        for (const WordNode zone : ActiveChildren(ActiveChild(ActiveChild(ActiveChild(system_, "security"), "zones"), "security-zone"))) {
            ZoneInterfaces& read = zones.emplace_back(ZoneInterfaces{std::string(zone.word()), {}});
            for (const WordNode interface : ActiveChildren(ActiveChild(zone, "interfaces"))) read.interfaces.push_back(UnitOf(interface.word()));
        }
        return zones;
    }

    WordNode system_;
    std::vector<RouteTable> tables_;
    std::unordered_map<std::string, std::size_t> table_of_;
};

}  // namespace

std::vector<ZoneNetworks> SrxNetworks(std::string_view scope, WordNode system, RangeBudget& budget) { return Reader(system).Read(scope, budget); }

}  // namespace opsteward::firewall
