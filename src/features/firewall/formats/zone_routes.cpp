#include "features/firewall/formats/zone_routes.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "features/firewall/model/address.hpp"

namespace opsteward::firewall {

namespace {

/// fe80::/10: every interface has them, none is behind one of them.
bool IsLinkLocal(const Range<Uint128>& network) { return network.first >> 118 == Uint128{0x3FA}; }
bool IsLinkLocal(const Range<std::uint32_t>&) { return false; }

template <typename T>
bool IsEverything(const Range<T>& network) {
    return network.first == RangeSet<T>::kMin && network.last == RangeSet<T>::kMax;
}

template <typename T>
std::optional<T> HopOf(const std::optional<Range<T>>& parsed) {
    if (!parsed || parsed->first != parsed->last) return std::nullopt;
    return parsed->first;
}

/// A range as networks, of which one lies in another or apart from it.
template <typename T>
std::vector<Range<T>> NetworksOf(const Range<T>& range) {
    std::vector<Range<T>> networks;
    for (T first = range.first;;) {
        // The bits below the lowest that is set may all be the network's own.
        T own = first == 0 ? RangeSet<T>::kMax : static_cast<T>((first & (~first + 1)) - 1);
        while (own > range.last - first) own = static_cast<T>(own >> 1);
        networks.push_back({first, static_cast<T>(first + own)});
        if (networks.back().last == range.last) return networks;
        first = static_cast<T>(networks.back().last + 1);
    }
}

/// Collects what lies behind several interfaces.
template <typename Set>
class Gathered {
  public:
    void Add(const NetworksBehind<Set>& behind) {
        ranges_.insert(ranges_.end(), behind.networks.ranges().begin(), behind.networks.ranges().end());
        is_whole_ = is_whole_ && behind.is_whole;
        has_default_ = has_default_ || behind.has_default;
        has_some_ = true;
    }
    void MissesSome() { is_whole_ = false; }
    NetworksBehind<Set> Finish() { return {Set(std::move(ranges_)), is_whole_ && has_some_, has_default_}; }

  private:
    std::vector<Range<std::remove_const_t<decltype(Set::kMin)>>> ranges_;
    bool is_whole_ = true;
    bool has_default_ = false;
    bool has_some_ = false;
};

template <typename Set>
bool TellsNothing(const NetworksBehind<Set>& behind) {
    return behind.networks.empty() && !behind.is_whole && !behind.has_default;
}

}  // namespace

/// A part of a network that no more specific one has, with its routes: `begin` … `end` of those that MostSpecific() sorted.
template <typename T>
struct RouteTable::Segment {
    Range<T> range;
    std::size_t begin = 0;
    std::size_t end = 0;
};

RouteTable::Number RouteTable::NumberOf(std::string_view interface, std::size_t line) {
    if (interface.empty()) return 0;
    const auto [place, is_new] = numbers_.try_emplace(std::string(interface), static_cast<Number>(interfaces_.size()));
    if (is_new) interfaces_.push_back({place->first, line, {}, {}});
    return place->second;
}

bool RouteTable::AddAddress(std::string_view interface, std::string_view address, std::size_t line) {
    const auto add = [&](const auto& network, auto& routes) {
        if (!IsEverything(network) && !IsLinkLocal(network)) routes.connected.push_back({network, NumberOf(interface, line)});
        return true;
    };
    if (const auto network = ParseIpv4Range(address)) return add(*network, ipv4_);
    if (const auto network = ParseIpv6Range(address)) return add(*network, ipv6_);
    return false;
}

bool RouteTable::AddRoute(std::string_view network, const RouteExit& exit, std::size_t line) {
    const auto set = ParseAddresses(network);
    if (set) AddRoute(*set, exit, line);
    return set.has_value();
}

void RouteTable::AddRoute(const AddressSet& networks, const RouteExit& exit, std::size_t line) {
    const Number interface = NumberOf(exit.interface, line);
    const auto add = [interface](const auto& set, const auto& hop, auto& routes) {
        for (const auto& range : set.ranges()) {
            for (const auto& network : NetworksOf(range)) (IsEverything(network) ? routes.defaults : routes.others).push_back({network, interface, hop});
        }
    };
    add(networks.v4, interface == 0 ? HopOf(ParseIpv4Range(exit.hop)) : std::nullopt, ipv4_);
    add(networks.v6, interface == 0 ? HopOf(ParseIpv6Range(exit.hop)) : std::nullopt, ipv6_);
}

void RouteTable::AddDefault(Family family, std::string_view interface, std::size_t line) {
    AddRoute(family == Family::kIpv4 ? AddressSet{Ipv4Set::All(), {}} : AddressSet{{}, Ipv6Set::All()}, {interface, {}}, line);
}

/// Sorts the routes, takes out what stands in them twice, and cuts what they reach into parts, ascending.
template <typename T>
std::vector<RouteTable::Segment<T>> RouteTable::MostSpecific(std::vector<Route<T>>& routes) {
    std::ranges::sort(routes, [](const Route<T>& one, const Route<T>& other) {
        return std::tuple(one.network.first, other.network.last, one.interface) < std::tuple(other.network.first, one.network.last, other.interface);
    });
    const auto again = std::ranges::unique(routes, [](const Route<T>& one, const Route<T>& other) {
        return one.network == other.network && one.interface == other.interface;
    });
    routes.erase(again.begin(), again.end());
    std::vector<Segment<T>> segments;
    std::vector<Segment<T>> open;  // networks around `next`, the innermost last
    T next = 0;
    bool is_done = false;
    const auto close = [&] {
        const Segment<T> inner = open.back();
        open.pop_back();
        if (is_done) return;
        if (next <= inner.range.last) segments.push_back({{next, inner.range.last}, inner.begin, inner.end});
        is_done = inner.range.last == RangeSet<T>::kMax;
        next = static_cast<T>(inner.range.last + 1);
    };
    for (std::size_t begin = 0, end = 0; begin < routes.size(); begin = end) {
        const Range<T> network = routes[begin].network;
        while (end < routes.size() && routes[end].network == network) ++end;
        while (!open.empty() && open.back().range.last < network.first) close();
        if (!open.empty() && next < network.first) segments.push_back({{next, static_cast<T>(network.first - 1)}, open.back().begin, open.back().end});
        open.push_back({network, begin, end});
        next = network.first;
    }
    while (!open.empty()) close();
    return segments;
}

template <typename T>
void RouteTable::Resolve(const Routes<T>& routes, NetworksBehind<RangeSet<T>> InterfaceNetworks::* place, std::vector<InterfaceNetworks>& into) const {
    std::vector<Route<T>> connected = routes.connected;
    const std::vector<Segment<T>> segments = MostSpecific(connected);
    /// By which interface it leaves; nobody's where no interface's network has the next hop, or several have.
    const auto exit_of = [&](const Route<T>& route) -> Number {
        if (!route.hop) return route.interface;
        const auto after = std::ranges::upper_bound(segments, *route.hop, {}, [](const Segment<T>& segment) { return segment.range.first; });
        if (after == segments.begin() || std::prev(after)->range.last < *route.hop) return 0;
        const Segment<T>& segment = *std::prev(after);
        return segment.end - segment.begin == 1 ? connected[segment.begin].interface : 0;
    };
    std::vector<Route<T>> all = connected;
    for (const Route<T>& route : routes.others) all.push_back({route.network, exit_of(route)});
    std::vector<std::vector<Range<T>>> behind(into.size());
    for (const Segment<T>& segment : MostSpecific(all)) {
        const bool is_known = segment.end - segment.begin <= kMaxExits;
        if (!is_known) behind[0].push_back(segment.range);
        for (std::size_t i = segment.begin; i < segment.end && is_known; ++i) behind[all[i].interface].push_back(segment.range);
    }
    for (const Route<T>& route : all) (into[route.interface].*place).is_whole = route.interface != 0;
    for (std::size_t i = 0; i < into.size(); ++i) (into[i].*place).networks = RangeSet<T>(std::move(behind[i]));
    for (const Route<T>& route : routes.defaults) (into[exit_of(route)].*place).has_default = true;
}

std::vector<InterfaceNetworks> RouteTable::Resolve() const {
    std::vector<InterfaceNetworks> resolved = interfaces_;
    Resolve(ipv4_, &InterfaceNetworks::ipv4, resolved);
    Resolve(ipv6_, &InterfaceNetworks::ipv6, resolved);
    return resolved;
}

RoutedInterfaces::RoutedInterfaces(const std::vector<RouteTable>& tables) {
    for (const RouteTable& table : tables) {
        tables_.push_back(table.Resolve());
        for (std::size_t i = 1; i < tables_.back().size(); ++i) places_.try_emplace(tables_.back()[i].interface, Place{tables_.size() - 1, i});
    }
}

std::vector<ZoneNetworks> RoutedInterfaces::BehindZones(std::string_view scope, const std::vector<ZoneInterfaces>& zones, RangeBudget& budget) const {
    std::vector<ZoneNetworks> result;
    std::set<std::pair<std::size_t, std::size_t>> claimed;
    std::set<std::size_t> tables;
    const auto spend = [&budget](const InterfaceNetworks& behind) {
        return budget.Spend(1 + behind.ipv4.networks.ranges().size() + behind.ipv6.networks.ranges().size());
    };
    const auto add = [&](ZoneNetworks zone, auto& ipv4, auto& ipv6) {
        zone.ipv4 = ipv4.Finish();
        zone.ipv6 = ipv6.Finish();
        if (!TellsNothing(zone.ipv4) || !TellsNothing(zone.ipv6)) result.push_back(std::move(zone));
    };
    for (const ZoneInterfaces& zone : zones) {
        ZoneNetworks networks{std::string(scope), zone.zone, zone.interfaces, 0, {}, {}};
        Gathered<Ipv4Set> ipv4;
        Gathered<Ipv6Set> ipv6;
        for (const std::string& name : zone.interfaces) {
            const auto place = places_.find(name);
            if (place == places_.end()) {
                ipv4.MissesSome();
                ipv6.MissesSome();
                continue;
            }
            const InterfaceNetworks& behind = tables_[place->second.table][place->second.interface];
            if (!spend(behind)) return result;
            claimed.emplace(place->second.table, place->second.interface);
            tables.insert(place->second.table);
            if (networks.line == 0) networks.line = behind.line;
            ipv4.Add(behind.ipv4);
            ipv6.Add(behind.ipv6);
        }
        add(std::move(networks), ipv4, ipv6);
    }
    Gathered<Ipv4Set> ipv4;
    Gathered<Ipv6Set> ipv6;
    ipv4.MissesSome();
    ipv6.MissesSome();
    for (const std::size_t table : tables) {
        for (std::size_t i = 0; i < tables_[table].size(); ++i) {
            if (claimed.contains({table, i})) continue;
            if (!spend(tables_[table][i])) return result;
            ipv4.Add(tables_[table][i].ipv4);
            ipv6.Add(tables_[table][i].ipv6);
        }
    }
    add({std::string(scope), {}, {}, 0, {}, {}}, ipv4, ipv6);
    return result;
}

}  // namespace opsteward::firewall
