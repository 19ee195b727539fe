// From what a FortiOS policy names to the traffic that reaches it, before any translation of addresses.
#pragma once

#include <cstdint>
#include <vector>

#include "features/firewall/formats/fortigate/objects.hpp"
#include "features/firewall/formats/fortigate/policy.hpp"

namespace opsteward::firewall {

/// What a policy without virtual IPs does with packets that one of them translates.
enum class FortigateMatchVip : std::uint8_t { kDoesNotMatch, kMatches, kNotDecided };

struct FortigateMatch {
    NumberSet in;
    NumberSet out;
    FortigateAddress source;
    FortigateAddress destination;
    FortigateService service;
    FortigateMatchVip match_vip = FortigateMatchVip::kDoesNotMatch;
    bool uses_central_nat = false;
};

/// The virtual IPs that policies of one section name: only these translate, unless central NAT is on.
struct FortigateActiveVips {
    /// Those with the same interfaces and services.
    struct Box {
        NumberSet in;
        NumberSet services;
        Ipv4Set external4;
        Ipv6Set external6;
    };
    std::vector<Box> boxes;
    Ipv4Set undecided4;  ///< external addresses of those whose reach is not known, or that are too many
    Ipv6Set undecided6;
    Ipv4Set external4;   ///< of all
    Ipv6Set external6;
    Ipv4Set mapped4;
    Ipv6Set mapped6;

    static FortigateActiveVips Of(const std::vector<const FortigateVip*>& vips, const FortigateZones& zones);
};

/// Adds to `unknown` what could not be decided.
std::vector<Traffic> FortigateTraffic(const FortigateMatch& match, const FortigateActiveVips& active, const FortigateZones& zones,
                                      std::vector<UnknownPart>& unknown);

}  // namespace opsteward::firewall
