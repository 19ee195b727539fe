// Which networks lie behind which zone: interfaces' addresses and static routes, looked up as a router does, the most specific first.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "features/firewall/formats/rule_parts.hpp"
#include "features/firewall/model/configuration.hpp"

namespace opsteward::firewall {

/// Where a route leads: out by an interface, else to a next hop that lies in an interface's network. Neither: it throws packets away, or nobody knows.
struct RouteExit {
    std::string_view interface = {};
    std::string_view hop = {};
};

/// What lies behind an interface.
struct InterfaceNetworks {
    std::string interface;  ///< empty: behind none, or nobody knows behind which
    std::size_t line = 0;
    NetworksBehind<Ipv4Set> ipv4;  ///< is_whole: it has an address or a route
    NetworksBehind<Ipv6Set> ipv6;

    bool operator==(const InterfaceNetworks&) const = default;
};

/// One routing table: a virtual router's, a VRF's.
class RouteTable {
  public:
    /// "192.0.2.1/24", "2001:db8::1/64", "192.0.2.1". Link-local addresses, and 0.0.0.0/0 for an interface without one, tell nothing. False: not understood.
    bool AddAddress(std::string_view interface, std::string_view address, std::size_t line);
    /// To "192.0.2.0/24", "::/0". False: not understood.
    bool AddRoute(std::string_view network, const RouteExit& exit, std::size_t line);
    void AddRoute(const AddressSet& networks, const RouteExit& exit, std::size_t line);
    /// Of an interface that gets its address and the route from somebody else.
    void AddDefault(Family family, std::string_view interface, std::size_t line);

    /// Nobody's first, then in the order in which interfaces were named. Of several routes to one network each leads there.
    std::vector<InterfaceNetworks> Resolve() const;
    /// Where there are more routes to one network than these, nobody knows where they lead.
    static constexpr std::size_t kMaxExits = 8;

  private:
    using Number = std::uint32_t;

    template <typename T>
    struct Route {
        Range<T> network;
        Number interface = 0;
        std::optional<T> hop = {};
    };
    template <typename T>
    struct Routes {
        std::vector<Route<T>> connected;
        std::vector<Route<T>> others;
        std::vector<Route<T>> defaults;
    };
    template <typename T>
    struct Segment;

    Number NumberOf(std::string_view interface, std::size_t line);
    template <typename T>
    static std::vector<Segment<T>> MostSpecific(std::vector<Route<T>>& routes);
    template <typename T>
    void Resolve(const Routes<T>& routes, NetworksBehind<RangeSet<T>> InterfaceNetworks::* place, std::vector<InterfaceNetworks>& into) const;

    std::vector<InterfaceNetworks> interfaces_{InterfaceNetworks()};
    std::unordered_map<std::string, Number> numbers_;
    Routes<std::uint32_t> ipv4_;
    Routes<Uint128> ipv6_;
};

struct ZoneInterfaces {
    std::string zone;
    std::vector<std::string> interfaces;
};

/// What lies behind the interfaces of a device, each of which is in one table.
class RoutedInterfaces {
  public:
    explicit RoutedInterfaces(const std::vector<RouteTable>& tables);

    /// What lies behind a scope's zones, then what its zones' tables have that lies behind none of them (zone ""). A zone of which nothing is told is left out.
    /// Once the budget is spent the rest is missing.
    std::vector<ZoneNetworks> BehindZones(std::string_view scope, const std::vector<ZoneInterfaces>& zones, RangeBudget& budget) const;

  private:
    struct Place {
        std::size_t table = 0;
        std::size_t interface = 0;
    };

    std::vector<std::vector<InterfaceNetworks>> tables_;
    std::unordered_map<std::string, Place> places_;
};

}  // namespace opsteward::firewall
