// Which networks lie behind the interfaces of Cisco ASA.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "features/firewall/formats/asa/objects.hpp"
#include "features/firewall/formats/zone_routes.hpp"

namespace opsteward::firewall {

/// By "interface …" with "nameif", and "route", "ipv6 route" (Cisco ASA Series General Operations CLI Configuration Guide, "Static and Default Routes").
/// Interfaces for management alone have a routing table of their own, whose default route leads no packet that goes through the device: it is left out.
class AsaNetworks {
  public:
    explicit AsaNetworks(const AsaObjects& objects) : objects_(objects) {}

    /// Takes "interface", "route" and "ipv6 route"; passes other commands over.
    void Read(const AsaCommand& command);
    std::vector<ZoneNetworks> Finish(RangeBudget& budget);

  private:
    struct Interface {
        std::string name;
        std::size_t line = 0;
        bool is_for_management = false;
        std::vector<std::string> addresses;
        bool has_default4 = false;
        bool has_default6 = false;
    };
    struct Route {
        std::string interface;
        std::string network;
        std::size_t line = 0;
    };

    void ReadInterface(const AsaCommand& command);
    void ReadAddress(AsaCursor words, Interface& interface) const;
    void ReadRoute(AsaCursor words, std::size_t line);
    void ReadIpv6Route(AsaCursor words, std::size_t line);
    std::string Ipv4Text(std::string_view address, std::string_view mask) const;

    const AsaObjects& objects_;
    std::vector<Interface> interfaces_;
    std::vector<Route> routes_;
};

}  // namespace opsteward::firewall
