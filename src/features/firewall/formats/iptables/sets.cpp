#include "features/firewall/formats/iptables/sets.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/firewall/formats/net_names.hpp"
#include "features/firewall/model/address.hpp"
#include "features/firewall/model/traffic_sets.hpp"

namespace opsteward::firewall {
namespace {

constexpr std::size_t kMaxSetName = 200;
constexpr std::size_t kMaxParsedElements = 2'000'000;
constexpr std::size_t kMaxPairs = 100'000;  ///< elements of more than an address

/// "192.0.2.1" of 192.0.2.1/24 is the network: kinds ip and net are alike here.
bool SetAddresses(Traffic& traffic, bool is_source, std::string_view text) {
    if (traffic.family == Family::kIpv4) {
        const auto range = ParseIpv4Range(text);
        if (!range) return false;
        Ipv4Set& set = is_source ? traffic.source4 : traffic.destination4;
        set = set.Intersection(Ipv4Set(range->first, range->last));
    } else {
        const auto range = ParseIpv6Range(text);
        if (!range) return false;
        Ipv6Set& set = is_source ? traffic.source6 : traffic.destination6;
        set = set.Intersection(Ipv6Set(range->first, range->last));
    }
    return true;
}

std::optional<NumberSet> PortsOf(std::string_view text) {
    const std::size_t dash = text.find('-');
    const auto first = PortNumber(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : PortNumber(text.substr(dash + 1));
    if (!first || !last || *first > *last) return std::nullopt;
    return NumberSet(*first, *last);
}

/// "tcp:80", "udp:1000-2000", "icmp:echo-request", "80" (TCP), "vrrp:0".
bool SetService(Traffic& traffic, bool is_source, std::string_view text) {
    const std::size_t colon = text.find(':');
    const auto protocol = colon == std::string_view::npos ? std::optional<std::uint8_t>(kTcp) : ProtocolNumber(text.substr(0, colon));
    if (!protocol) return false;
    const std::string_view rest = colon == std::string_view::npos ? text : text.substr(colon + 1);
    if (*protocol == kIcmp || *protocol == kIcmpv6) {
        const auto kind = IcmpKindOf(*protocol, rest);
        if (!kind) return false;
        traffic.services = traffic.services.Intersection(ServicesOf(*protocol, *kind));
        return true;
    }
    if (!HasPorts(*protocol)) {
        traffic.services = traffic.services.Intersection(ServicesOf(*protocol));
        return rest == "0";
    }
    const auto ports = PortsOf(rest);
    if (!ports) return false;
    traffic.services = traffic.services.Intersection(is_source ? ServicesOf(*protocol) : ServicesOf(*protocol, *ports));
    if (is_source) traffic.source_ports = traffic.source_ports.Intersection(*ports);
    return true;
}

bool SetPlainPort(Traffic& traffic, bool is_source, std::string_view text) {
    const auto ports = PortsOf(text);
    if (!ports) return false;
    NumberSet services;
    for (const std::uint8_t protocol : {kTcp, kUdp, std::uint8_t{132}}) services = services.Union(ServicesOf(protocol, is_source ? AllPorts() : *ports));
    traffic.services = traffic.services.Intersection(services);
    if (is_source) traffic.source_ports = traffic.source_ports.Intersection(*ports);
    return true;
}

bool SetPart(Traffic& traffic, std::string_view kind, std::string_view direction, std::string_view text, bool is_bitmap, const ZoneNames& zones) {
    const bool is_source = direction == "src";
    if (!is_source && direction != "dst") return false;
    if (kind == "ip" || kind == "net") return SetAddresses(traffic, is_source, text);
    if (kind == "port") return is_bitmap ? SetPlainPort(traffic, is_source, text) : SetService(traffic, is_source, text);
    if (kind != "iface" || text.starts_with("physdev:")) return false;
    (is_source ? traffic.in : traffic.out) = zones.Of(text);
    return true;
}

std::optional<unsigned> PrefixLength(std::string_view element) {
    const std::size_t slash = element.find('/');
    if (slash == std::string_view::npos) return 128;
    return NumberUpTo(element.substr(slash + 1), 128);
}

/// hash:net decides by the longest prefix, so what is left out is taken away in that order.
std::optional<std::vector<Traffic>> WithExceptions(const Ipsets::Set& set, const std::vector<Traffic>& products) {
    if (set.kinds.size() != 1) return std::nullopt;
    std::map<unsigned, std::array<std::vector<Traffic>, 2>> by_length;
    for (std::size_t i = 0; i < products.size(); ++i) {
        const auto length = PrefixLength(set.elements[i].value);
        if (!length) return std::nullopt;
        by_length[*length][set.elements[i].is_left_out ? 1 : 0].push_back(products[i]);
    }
    std::vector<Traffic> held;
    for (auto& [length, parts] : by_length) {
        held.insert(held.end(), parts[0].begin(), parts[0].end());
        Merge(held);
        Merge(parts[1]);
        for (const Traffic& left_out : parts[1]) {
            if (!Subtract(held, left_out, kMaxIpsetProducts)) return std::nullopt;
        }
    }
    return held;
}

template <typename T>
std::optional<RangeSet<T>> RangesIn(const Ipsets::Set& set, std::optional<Range<T>> (*parse)(std::string_view)) {
    std::vector<Range<T>> ranges;
    ranges.reserve(set.elements.size());
    for (const Ipsets::Element& element : set.elements) {
        const auto range = parse(element.value);
        if (!range || element.is_left_out) return std::nullopt;
        ranges.push_back(*range);
    }
    return RangeSet<T>(std::move(ranges));
}

/// The most usual kind, and the one that grows large: addresses alone. Nothing: it is another.
std::optional<std::vector<Traffic>> AddressesAlone(const Ipsets::Set& set, std::string_view direction, Family family, const ZoneNames& zones) {
    const std::string_view kind = set.kinds.back();
    const bool is_alone = set.kinds.size() == 1 || (set.kinds.size() == 2 && set.kinds[0] == "bitmap");
    if (!is_alone || (kind != "ip" && kind != "net") || (direction != "src" && direction != "dst")) return std::nullopt;
    Traffic product = AnyTraffic(family, zones.All());
    if (family == Family::kIpv4) {
        auto ranges = RangesIn<std::uint32_t>(set, ParseIpv4Range);
        if (!ranges) return std::nullopt;
        (direction == "src" ? product.source4 : product.destination4) = *std::move(ranges);
    } else {
        auto ranges = RangesIn<Uint128>(set, ParseIpv6Range);
        if (!ranges) return std::nullopt;
        (direction == "src" ? product.source6 : product.destination6) = *std::move(ranges);
    }
    if (set.elements.empty()) return std::vector<Traffic>();
    return std::vector<Traffic>{std::move(product)};
}

}  // namespace

bool Ipsets::ReadLine(const std::vector<std::string>& words, std::size_t line) {
    if (words.size() < 3 || words[1].size() > kMaxSetName) return false;
    if (words[0] == "create" || words[0] == "-N") {
        Set set;
        const std::size_t colon = words[2].find(':');
        if (colon == std::string::npos) return false;
        for (const std::string_view kind : Split(std::string_view(words[2]).substr(colon + 1), ',')) set.kinds.emplace_back(kind);
        if (words[2].starts_with("bitmap:")) set.kinds.insert(set.kinds.begin(), "bitmap");
        set.kind = words[2];
        for (std::size_t i = 3; i < words.size(); ++i) {
            if (words[i] == "family" && i + 1 < words.size() && words[i + 1] == "inet6") set.family = Family::kIpv6;
            set.goes_on = set.goes_on || words[i] == "timeout";
        }
        set.line = line;
        return sets_.try_emplace(words[1], std::move(set)).second;
    }
    const auto found = sets_.find(words[1]);
    if (found == sets_.end()) return false;
    Element element{words[2], false, line};
    for (std::size_t i = 3; i < words.size(); ++i) {
        if (words[i] == "comment") break;
        element.is_left_out = element.is_left_out || words[i] == "nomatch";
    }
    found->second.elements.push_back(std::move(element));
    return true;
}

/// A hash has its elements in no order, so they stand sorted.
std::vector<std::string> Ipsets::LinesOf(const Set& set) {
    std::vector<std::string> lines;
    lines.reserve(set.elements.size() + 1);
    for (const Element& element : set.elements) lines.push_back(ReplaceInvalidUtf8(element.value) + (element.is_left_out ? " nomatch" : ""));
    std::ranges::sort(lines);
    lines.insert(lines.begin(), ReplaceInvalidUtf8(set.kind) + (set.family == Family::kIpv6 ? " family inet6" : "") + (set.goes_on ? " timeout" : ""));
    return lines;
}

void Ipsets::AddZones(ZoneNames& zones) const {
    for (const auto& [name, set] : sets_) {
        const auto iface = std::ranges::find(set.kinds, "iface");
        if (iface == set.kinds.end()) continue;
        for (const Element& element : set.elements) {
            const std::size_t comma = element.value.rfind(',');
            if (comma != std::string::npos) zones.Add(std::string_view(element.value).substr(comma + 1));
        }
    }
}

const std::optional<std::vector<Traffic>>& Ipsets::Match(std::string_view name, std::string_view directions, Family family, const ZoneNames& zones) {
    std::string key = std::string(family == Family::kIpv4 ? "4 " : "6 ") + std::string(directions) + " " + std::string(name);
    const auto [match, is_new] = matches_.try_emplace(std::move(key));
    const auto found = sets_.find(name);
    if (!is_new || found == sets_.end()) return match->second;
    const std::vector<std::string_view> parts = Split(directions, ',');
    match->second = found->second.kinds.front() == "set" ? MatchList(found->second, parts, family, zones) : MatchSet(found->second, parts, family, zones);
    return match->second;
}

std::optional<std::vector<Traffic>> Ipsets::MatchList(const Set& set, const std::vector<std::string_view>& directions, Family family,
                                                      const ZoneNames& zones) const {
    std::vector<Traffic> products;
    if (set.goes_on) return std::nullopt;
    for (const Element& element : set.elements) {
        const auto member = sets_.find(element.value);
        if (member == sets_.end() || member->second.kinds.front() == "set") return std::nullopt;
        auto part = MatchSet(member->second, directions, family, zones);
        if (!part || products.size() + part->size() > kMaxIpsetProducts) return std::nullopt;
        std::ranges::move(*part, std::back_inserter(products));
    }
    Merge(products);
    return products;
}

std::optional<std::vector<Traffic>> Ipsets::MatchSet(const Set& set, const std::vector<std::string_view>& directions, Family family,
                                                     const ZoneNames& zones) const {
    const bool is_bitmap = set.kinds.front() == "bitmap";
    const bool is_of_ports = is_bitmap && set.kinds.size() > 1 && set.kinds[1] == "port";
    const std::size_t first_kind = is_bitmap ? 1 : 0;
    const std::size_t count = set.kinds.size() - first_kind;
    if (set.goes_on || directions.size() < count || count == 0 || set.elements.size() > kMaxParsedElements) return std::nullopt;
    if (set.family != family && !is_of_ports) return std::vector<Traffic>();
    if (auto plain = AddressesAlone(set, directions[0], family, zones)) return *std::move(plain);
    if (set.elements.size() > kMaxPairs) return std::nullopt;
    std::vector<Traffic> products;
    products.reserve(set.elements.size());
    bool has_exceptions = false;
    for (const Element& element : set.elements) {
        const std::vector<std::string_view> values = Split(element.value, ',');
        if (values.size() != count) return std::nullopt;
        Traffic product = AnyTraffic(family, zones.All());
        for (std::size_t i = 0; i < count; ++i) {
            if (!SetPart(product, set.kinds[first_kind + i], directions[i], values[i], is_bitmap, zones)) return std::nullopt;
        }
        has_exceptions = has_exceptions || element.is_left_out;
        products.push_back(std::move(product));
    }
    if (has_exceptions) return WithExceptions(set, products);
    std::erase_if(products, [](const Traffic& product) { return !Intersects(product, product); });
    Merge(products);
    if (products.size() > kMaxIpsetProducts) return std::nullopt;
    return products;
}

}  // namespace opsteward::firewall
