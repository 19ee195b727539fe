// A device's configuration, read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "features/firewall/model/rule_base.hpp"

namespace opsteward::firewall {

enum class Format : std::uint8_t { kFortigate, kPaloAlto, kAsa, kCheckPoint, kIptables, kNft, kOpnsense, kSrx, kClassbench };
/// "fortigate", "paloalto", "asa", "checkpoint", "iptables", "nft", "opnsense", "srx" or "classbench".
std::string_view NameOf(Format format);

/// A line that was not understood: nothing of a file is passed over in silence.
struct UnknownLine {
    std::size_t line = 0;
    std::string text;

    bool operator==(const UnknownLine&) const = default;
};

/// An object or setting with its own text, for telling what changed: "address", "SRV_WEB", its canonical lines. Secrets stand in it as keyed hashes.
struct Item {
    std::string kind;
    std::string name;
    std::size_t line = 0;
    std::vector<std::string> lines;

    bool operator==(const Item&) const = default;
};

/// What the configuration says of the device itself: "administrator", "admin", "two_factor", "disable". Which kinds and properties there are, and their values:
/// docs/formats/firewall-configuration.md.
struct DeviceFact {
    std::string kind;     ///< "administrator", "remote_service", "log_target", "time_source", "ha", "setting"
    std::string subject;  ///< the administrator, interface, server
    std::string property; ///< "two_factor", "trusted_hosts", "protocol", …
    std::string value;
    std::size_t line = 0;

    bool operator==(const DeviceFact&) const = default;
};

/// What lies behind a zone, of one family.
template <typename Set>
struct NetworksBehind {
    Set networks;              ///< without those that a more specific route takes elsewhere, and without the default route's
    bool is_whole = false;     ///< each of the zone's interfaces has an address or a route, so that nothing that is written is missing
    bool has_default = false;  ///< the default route leaves by it

    bool operator==(const NetworksBehind&) const = default;
};

/// What lies behind a zone, as interfaces' addresses and static routes tell it; which and how: docs/formats/firewall-configuration.md, "Networks behind zones".
struct ZoneNetworks {
    std::string scope;  ///< which rule bases' zone it is: of the one with this name, and of those whose name goes on with '/' behind it; empty: of all
    std::string zone;   ///< as in RuleBase::zones; empty: behind none of the scope's zones, or nobody knows behind which
    std::vector<std::string> interfaces;  ///< the zone's; a rule base that has them among its zones (FortiOS) means the whole zone by each
    std::size_t line = 0;                 ///< of the first interface that has some
    NetworksBehind<Ipv4Set> ipv4;
    NetworksBehind<Ipv6Set> ipv6;

    bool operator==(const ZoneNetworks&) const = default;
};

struct Configuration {
    Format format = Format::kFortigate;
    std::string vendor_version;  ///< "7.2.4"; empty: not told
    std::string host_name;
    std::vector<RuleBase> rule_bases;
    std::vector<ZoneNetworks> networks;
    std::vector<Item> items;
    std::vector<DeviceFact> facts;
    std::vector<UnknownLine> unknown;

    bool operator==(const Configuration&) const = default;
};

}  // namespace opsteward::firewall
