#include "features/firewall/formats/fortigate/traffic.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace opsteward::firewall {

namespace {

constexpr std::size_t kMaxPieces = 64;

NumberSet InterfacesOf(const FortigateVip& vip, const FortigateZones& zones, const NumberSet& all) {
    return vip.interface.empty() ? all : zones.NumbersWithZone(vip.interface);
}

/// The services before translation that become one of `services` after it.
NumberSet BeforeTranslation(const FortigateVip& vip, const NumberSet& services) {
    if (!vip.forwards_ports) return services.Intersection(vip.services);
    const NumberSet hit = services.Intersection(vip.mapped_services);
    if (vip.is_many_to_one) return hit.empty() ? NumberSet() : vip.services;
    std::vector<Range<std::uint32_t>> shifted;
    for (const Range<std::uint32_t>& range : hit.ranges()) {
        shifted.push_back({static_cast<std::uint32_t>(range.first + vip.port_shift), static_cast<std::uint32_t>(range.last + vip.port_shift)});
    }
    return NumberSet(std::move(shifted));
}

bool SameButDestination(const Traffic& a, const Traffic& b) {
    return a.family == b.family && a.services == b.services && a.source_ports == b.source_ports && a.in == b.in && a.source4 == b.source4 &&
           a.source6 == b.source6;
}

void AddVipTraffic(const FortigateMatch& match, const FortigateVip& vip, const FortigateZones& zones, std::vector<Traffic>& traffic) {
    if (!vip.is_enabled) return;
    for (const FortigateServicePart& part : match.service.parts) {
        Traffic piece;
        piece.family = vip.external4.empty() ? Family::kIpv6 : Family::kIpv4;
        piece.in = match.in.Intersection(InterfacesOf(vip, zones, match.in));
        piece.out = match.out;
        if (piece.family == Family::kIpv4) {
            piece.source4 = match.source.v4.Intersection(vip.source4);
            piece.destination4 = vip.external4;
        } else {
            piece.source6 = match.source.v6.Intersection(vip.source6);
            piece.destination6 = vip.external6;
        }
        piece.services = BeforeTranslation(vip, part.services);
        piece.source_ports = part.source_ports;
        if (piece.in.empty() || piece.services.empty() || (piece.source4.empty() && piece.source6.empty())) continue;
        const std::size_t looked_at = std::min(traffic.size(), kMaxPieces);
        const auto same = std::find_if(traffic.end() - static_cast<std::ptrdiff_t>(looked_at), traffic.end(),
                                       [&piece](const Traffic& other) { return SameButDestination(piece, other); });
        if (same == traffic.end()) {
            traffic.push_back(std::move(piece));
        } else {
            same->destination4 = same->destination4.Union(piece.destination4);
            same->destination6 = same->destination6.Union(piece.destination6);
        }
    }
}

template <typename T>
bool MeetsSmall(const RangeSet<T>& small, const RangeSet<T>& large) {
    return std::ranges::any_of(small.ranges(), [&large](const Range<T>& range) {
        const auto after = std::ranges::upper_bound(large.ranges(), range.last, {}, &Range<T>::first);
        return after != large.ranges().begin() && std::prev(after)->last >= range.first;
    });
}
/// Intersects() in the time of the smaller one.
template <typename T>
bool Meets(const RangeSet<T>& a, const RangeSet<T>& b) {
    return a.ranges().size() < b.ranges().size() ? MeetsSmall(a, b) : MeetsSmall(b, a);
}

/// What of `from` lies outside the box: other destinations, other services at these, other interfaces at both.
void TakeOut(const FortigateActiveVips::Box& box, const Traffic& from, std::vector<Traffic>& rest) {
    const bool is_v4 = from.family == Family::kIpv4;
    const bool is_apart = (is_v4 ? !from.destination4.Intersects(box.external4) : !from.destination6.Intersects(box.external6)) ||
                          !from.services.Intersects(box.services) || !from.in.Intersects(box.in);
    if (is_apart) {
        rest.push_back(from);
        return;
    }
    Traffic piece = from;
    piece.destination4 = from.destination4.Difference(box.external4);
    piece.destination6 = from.destination6.Difference(box.external6);
    if (!piece.destination4.empty() || !piece.destination6.empty()) rest.push_back(piece);
    piece.destination4 = from.destination4.Intersection(box.external4);
    piece.destination6 = from.destination6.Intersection(box.external6);
    piece.services = from.services.Difference(box.services);
    if (!piece.services.empty()) rest.push_back(piece);
    piece.services = from.services.Intersection(box.services);
    piece.in = from.in.Difference(box.in);
    if (!piece.in.empty()) rest.push_back(std::move(piece));
}

/// Packets that a virtual IP translates pass by a policy that does not name one.
void LeaveOutTranslated(const FortigateActiveVips& active, const FortigateAddress& destination, std::vector<Traffic>& traffic,
                        std::vector<UnknownPart>& unknown) {
    static constexpr std::size_t kMaxBoxesOfRule = 16;
    std::size_t used = 0;
    bool is_exact = !Meets(active.undecided4, destination.v4) && !Meets(active.undecided6, destination.v6);
    std::vector<Traffic> left = traffic;
    for (const FortigateActiveVips::Box& box : active.boxes) {
        if (!is_exact) break;
        if (!Meets(box.external4, destination.v4) && !Meets(box.external6, destination.v6)) continue;
        std::vector<Traffic> rest;
        for (const Traffic& from : left) TakeOut(box, from, rest);
        left = std::move(rest);
        is_exact = ++used <= kMaxBoxesOfRule && left.size() <= kMaxPieces;
    }
    if (is_exact) {
        traffic = std::move(left);
    } else {
        AddUnknownPart(unknown, {"nat", "match-vip disable", 0});
    }
}

template <typename Set>
Set UnionOf(const std::vector<const FortigateVip*>& vips, Set FortigateVip::*member) {
    std::remove_cvref_t<decltype(std::vector(std::declval<Set>().ranges().begin(), std::declval<Set>().ranges().end()))> ranges;
    for (const FortigateVip* vip : vips) ranges.insert(ranges.end(), (vip->*member).ranges().begin(), (vip->*member).ranges().end());
    return Set(std::move(ranges));
}

}  // namespace

FortigateActiveVips FortigateActiveVips::Of(const std::vector<const FortigateVip*>& vips, const FortigateZones& zones) {
    static constexpr std::size_t kMaxBoxes = 256;
    const NumberSet all(0, static_cast<std::uint32_t>(zones.names().size() - 1));
    struct Collected {
        NumberSet in;
        NumberSet services;
        std::vector<const FortigateVip*> vips;
    };
    std::vector<Collected> collected;
    std::vector<const FortigateVip*> undecided;
    for (const FortigateVip* vip : vips) {
        const bool has_filter = !vip->source4.IsAll() || !vip->source6.IsAll();
        const NumberSet in = InterfacesOf(*vip, zones, all);
        const auto same = std::ranges::find_if(collected, [&](const Collected& box) { return box.in == in && box.services == vip->services; });
        if (!vip->unknown.empty() || has_filter || (same == collected.end() && collected.size() >= kMaxBoxes)) {
            undecided.push_back(vip);
        } else if (same != collected.end()) {
            same->vips.push_back(vip);
        } else {
            collected.push_back({in, vip->services, {vip}});
        }
    }
    FortigateActiveVips active;
    for (const Collected& box : collected) {
        active.boxes.push_back({box.in, box.services, UnionOf(box.vips, &FortigateVip::external4), UnionOf(box.vips, &FortigateVip::external6)});
    }
    active.undecided4 = UnionOf(undecided, &FortigateVip::external4);
    active.undecided6 = UnionOf(undecided, &FortigateVip::external6);
    active.external4 = UnionOf(vips, &FortigateVip::external4);
    active.external6 = UnionOf(vips, &FortigateVip::external6);
    active.mapped4 = UnionOf(vips, &FortigateVip::mapped4);
    active.mapped6 = UnionOf(vips, &FortigateVip::mapped6);
    return active;
}

std::vector<Traffic> FortigateTraffic(const FortigateMatch& match, const FortigateActiveVips& active, const FortigateZones& zones,
                                      std::vector<UnknownPart>& unknown) {
    std::vector<Traffic> traffic;
    const bool has_v4 = !match.source.v4.empty() && !match.destination.v4.empty();
    const bool has_v6 = !match.source.v6.empty() && !match.destination.v6.empty();
    for (const FortigateServicePart& part : match.service.parts) {
        Traffic piece;
        piece.in = match.in;
        piece.out = match.out;
        piece.services = part.services;
        piece.source_ports = part.source_ports;
        if (has_v4) {
            piece.source4 = match.source.v4;
            piece.destination4 = match.destination.v4;
            traffic.push_back(piece);
        }
        if (has_v6) {
            piece.family = Family::kIpv6;
            piece.source4 = piece.destination4 = Ipv4Set();
            piece.source6 = match.source.v6;
            piece.destination6 = match.destination.v6;
            traffic.push_back(std::move(piece));
        }
    }
    const bool meets_external = Meets(active.external4, match.destination.v4) || Meets(active.external6, match.destination.v6);
    const bool meets_mapped = Meets(active.mapped4, match.destination.v4) || Meets(active.mapped6, match.destination.v6);
    const bool is_everything = (match.destination.v4.empty() || match.destination.v4.IsAll()) && (match.destination.v6.empty() || match.destination.v6.IsAll());
    if (match.uses_central_nat) {
        if ((meets_external || meets_mapped) && !is_everything) AddUnknownPart(unknown, {"nat", "central-nat", 0});
    } else if (meets_external && match.match_vip == FortigateMatchVip::kDoesNotMatch) {
        LeaveOutTranslated(active, match.destination, traffic, unknown);
    } else if (meets_external && match.match_vip == FortigateMatchVip::kNotDecided) {
        AddUnknownPart(unknown, {"nat", "match-vip", 0});
    } else if ((meets_external || meets_mapped) && match.match_vip == FortigateMatchVip::kMatches && !is_everything) {
        AddUnknownPart(unknown, {"nat", "match-vip enable", 0});
    }
    for (const FortigateVip* vip : match.destination.vips) {
        AddVipTraffic(match, *vip, zones, traffic);
        for (const UnknownPart& part : vip->unknown) AddUnknownPart(unknown, part);
    }
    return traffic;
}

}  // namespace opsteward::firewall
