#include "features/firewall/formats/nft/match.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/firewall/formats/net_names.hpp"
#include "features/firewall/model/address.hpp"
#include "features/firewall/model/traffic_sets.hpp"

namespace opsteward::firewall {
namespace {

using Kind = NftSelector::Kind;

constexpr std::size_t kMaxPairs = 100'000;         ///< elements of a concatenation
constexpr std::size_t kMaxSetProducts = 1024;      ///< that a set of them may stand for
constexpr std::size_t kMaxNegatedProducts = 64;    ///< that are taken from everything
constexpr int kMaxValueDepth = 6;

std::string_view StringOf(const json::object& object, std::string_view key) {
    const auto* const value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

/// The one member of {"name": …}.
const json::value* MemberOf(const json::value& value, std::string_view name) {
    const auto* const object = value.if_object();
    return object != nullptr ? object->if_contains(name) : nullptr;
}

NftSelector OfPayload(const json::object& payload) {
    const std::string_view protocol = StringOf(payload, "protocol");
    const std::string_view field = StringOf(payload, "field");
    NftSelector selector;
    if (protocol == "ip" || protocol == "ip6") {
        selector.family = protocol == "ip" ? Family::kIpv4 : Family::kIpv6;
        if (field == "saddr") selector.kind = Kind::kSource;
        if (field == "daddr") selector.kind = Kind::kDestination;
        if (field == "protocol" || field == "nexthdr") selector.kind = Kind::kProtocol;
        return selector;
    }
    if (protocol == "ether" || protocol == "arp") {
        selector.what = "mac";
        return selector;
    }
    if (protocol == "icmp" || protocol == "icmpv6") {
        selector.family = protocol == "icmp" ? Family::kIpv4 : Family::kIpv6;
        selector.protocol = protocol == "icmp" ? kIcmp : kIcmpv6;
        if (field == "type") selector.kind = Kind::kIcmpType;
        if (field == "code") selector.kind = Kind::kIcmpCode;
        return selector;
    }
    if (protocol != "th") selector.protocol = ProtocolNumber(protocol == "comp" ? "ipcomp" : protocol);
    const bool has_ports = protocol == "th" || (selector.protocol && HasPorts(*selector.protocol));
    if (has_ports && field == "sport") selector.kind = Kind::kSourcePort;
    if (has_ports && field == "dport") selector.kind = Kind::kDestinationPort;
    if (protocol == "tcp" && selector.kind == Kind::kUnknown) selector.what = "state";
    return selector;
}

struct MetaKey {
    std::string_view key;
    Kind kind;
    std::string_view what;
};
constexpr auto kMetaKeys = std::to_array<MetaKey>({
    {"day", Kind::kUnknown, "schedule"}, {"hour", Kind::kUnknown, "schedule"}, {"iif", Kind::kIn, "interface"}, {"iifgroup", Kind::kUnknown, "interface"},
    {"iifname", Kind::kIn, "interface"}, {"iiftype", Kind::kUnknown, "interface"}, {"l4proto", Kind::kProtocol, "other"}, {"nfproto", Kind::kFamily, "other"},
    {"oif", Kind::kOut, "interface"}, {"oifgroup", Kind::kUnknown, "interface"}, {"oifname", Kind::kOut, "interface"}, {"oiftype", Kind::kUnknown, "interface"},
    {"protocol", Kind::kFamily, "other"}, {"skgid", Kind::kUnknown, "user"}, {"skuid", Kind::kUnknown, "user"}, {"time", Kind::kUnknown, "schedule"},
});

NftSelector SelectorOf(const json::value& left) {
    NftSelector selector;
    const auto* const object = left.if_object();
    if (object == nullptr || object->empty()) return selector;
    const std::string_view name = object->begin()->key();
    const auto* const inner = object->begin()->value().if_object();
    if (name == "payload" && inner != nullptr) return OfPayload(*inner);
    if (name == "meta" && inner != nullptr) {
        const auto key = std::ranges::find(kMetaKeys, StringOf(*inner, "key"), &MetaKey::key);
        if (key != kMetaKeys.end()) selector = {key->kind, std::nullopt, std::nullopt, key->what};
        return selector;
    }
    if (name == "ct" && inner != nullptr) {
        selector.what = StringOf(*inner, "key") == "helper" ? "application" : "state";
        if (StringOf(*inner, "key") == "state" && inner->size() == 1) selector.kind = Kind::kState;
        return selector;
    }
    if (name == "&" && object->begin()->value().is_array() && !object->begin()->value().get_array().empty()) {
        selector = SelectorOf(object->begin()->value().get_array()[0]);
        selector.kind = Kind::kUnknown;
    }
    return selector;
}

Uint128 LastOf(const NftSelector& selector, const ZoneNames& zones) {
    switch (selector.kind) {
        case Kind::kSource:
        case Kind::kDestination: return selector.family == Family::kIpv6 ? RangeSet<Uint128>::kMax : Uint128{0xFFFF'FFFF};
        case Kind::kSourcePort:
        case Kind::kDestinationPort: return kLastPort;
        case Kind::kIn:
        case Kind::kOut: return zones.Others();
        case Kind::kState: return kLastState;
        case Kind::kFamily: return 1;
        default: return 255;
    }
}

NumberSet Numbers(const RangeSet<Uint128>& set) {
    std::vector<Range<std::uint32_t>> ranges;
    ranges.reserve(set.ranges().size());
    for (const auto& range : set.ranges()) ranges.push_back({static_cast<std::uint32_t>(range.first), static_cast<std::uint32_t>(range.last)});
    return NumberSet(std::move(ranges));
}

std::optional<Uint128> StateNumber(std::string_view name) {
    static constexpr std::array<std::string_view, 5> kNames{"new", "established", "related", "invalid", "untracked"};
    const auto found = std::ranges::find(kNames, name);
    if (found == kNames.end()) return std::nullopt;
    return static_cast<Uint128>(found - kNames.begin());
}

std::optional<Uint128> FamilyNumber(std::string_view name) {
    if (name == "ipv4" || name == "ip" || name == "2" || name == "2048") return 0;
    if (name == "ipv6" || name == "ip6" || name == "10" || name == "34525") return 1;
    return std::nullopt;
}

std::optional<Uint128> NumberNamed(const NftSelector& selector, std::string_view text) {
    switch (selector.kind) {
        case Kind::kSource:
        case Kind::kDestination: {
            if (selector.family == Family::kIpv6) return ParseIpv6(text);
            return ParseIpv4(text);
        }
        case Kind::kSourcePort:
        case Kind::kDestinationPort: return PortNumber(text);
        case Kind::kProtocol: return ProtocolNumber(text);
        case Kind::kFamily: return FamilyNumber(text);
        case Kind::kState: return StateNumber(text);
        case Kind::kIcmpType: {
            const auto kind = IcmpKindOf(*selector.protocol, text);
            if (!kind || kind->code) return std::nullopt;
            return kind->type;
        }
        case Kind::kIcmpCode: return IcmpCodeOf(*selector.protocol, text);
        default: return std::nullopt;
    }
}

}  // namespace

NftSelectors ReadNftSelectors(const json::value& left) {
    const auto* const parts = MemberOf(left, "concat");
    NftSelectors selectors;
    if (parts == nullptr || !parts->is_array()) return {SelectorOf(left)};
    for (const json::value& part : parts->get_array()) selectors.push_back(SelectorOf(part));
    return selectors;
}

const NftSet* NftMatcher::FindSet(std::string_view scope, std::string_view reference) const {
    if (!reference.starts_with('@')) return nullptr;
    const auto found = sets_.find(std::string(scope) + std::string(reference.substr(1)));
    return found == sets_.end() ? nullptr : &found->second;
}

namespace {

/// Elements of a map stand with what they give: [key, verdict].
const json::value& KeyOf(const json::value& element, bool is_concatenation) {
    const json::value* key = &element;
    if (key->is_array() && key->get_array().size() == 2 && !is_concatenation && key->get_array()[1].is_object()) key = &key->get_array()[0];
    if (const auto* const elem = MemberOf(*key, "elem"); elem != nullptr) {
        if (const auto* const value = MemberOf(*elem, "val")) key = value;
    }
    return *key;
}

const json::array* PartsOf(const json::value& key) {
    const auto* const parts = MemberOf(key, "concat");
    return parts != nullptr ? parts->if_array() : nullptr;
}

bool IsZone(const NftSelector& selector) { return selector.kind == Kind::kIn || selector.kind == Kind::kOut; }

void AddZones(const json::value& value, ZoneNames& zones) {
    if (value.is_string()) zones.Add(std::string_view(value.get_string()));
}

}  // namespace

void NftMatcher::CollectZones(const NftSelectors& selectors, const json::value& right, std::string_view scope) {
    if (std::ranges::none_of(selectors, IsZone)) return;
    const json::array* elements = nullptr;
    if (right.is_string() && std::string_view(right.get_string()).starts_with('@')) {
        const std::string_view reference = right.get_string();
        const NftSet* const set = FindSet(scope, reference);
        std::string key = std::string(scope) + std::string(reference);
        for (const NftSelector& selector : selectors) key += IsZone(selector) ? '1' : '0';
        if (set == nullptr || set->elements == nullptr || !collected_.try_emplace(std::move(key), true).second) return;
        elements = set->elements;
    } else if (const auto* const list = MemberOf(right, "set"); list != nullptr && list->is_array()) {
        elements = &list->get_array();
    }
    if (elements == nullptr) {
        AddZones(right, zones_);
        return;
    }
    for (const json::value& element : *elements) {
        const json::value& key = KeyOf(element, false);
        if (selectors.size() == 1) {
            AddZones(key, zones_);
            continue;
        }
        const json::array* const parts = PartsOf(key);
        for (std::size_t i = 0; parts != nullptr && i < std::min(parts->size(), selectors.size()); ++i) {
            if (IsZone(selectors[i])) AddZones((*parts)[i], zones_);
        }
    }
}

std::vector<Traffic> NftMatcher::Everything() const { return {AnyTraffic(Family::kIpv4, zones_.All()), AnyTraffic(Family::kIpv6, zones_.All())}; }

std::vector<Traffic> NftMatcher::AllOf(const NftSelectors& selectors) const {
    std::vector<Traffic> all = Everything();
    for (const NftSelector& selector : selectors) {
        if (selector.family) std::erase_if(all, [&selector](const Traffic& product) { return product.family != *selector.family; });
        if (!selector.protocol) continue;
        for (Traffic& product : all) product.services = product.services.Intersection(ServicesOf(*selector.protocol));
        std::erase_if(all, [](const Traffic& product) { return product.services.empty(); });
    }
    return all;
}

bool NftMatcher::AppendName(const NftSelector& selector, std::string_view text, Ranges& ranges) const {
    if (IsZone(selector)) {
        const NumberSet zones = zones_.Of(text);
        for (const auto& range : zones.ranges()) ranges.push_back({range.first, range.last});
        return true;
    }
    if (text == "*") {
        ranges.push_back({0, LastOf(selector, zones_)});
        return true;
    }
    const auto number = NumberNamed(selector, text);
    if (!number) return false;
    ranges.push_back({*number, *number});
    return true;
}

bool NftMatcher::AppendValue(const NftSelector& selector, const json::value& value, Ranges& ranges, int depth) const {
    if (depth > kMaxValueDepth) return false;
    if (value.is_string()) return AppendName(selector, value.get_string(), ranges);
    if (value.is_int64()) {
        if (IsZone(selector)) return false;  // the number of an interface that is not there
        return value.get_int64() >= 0 && AppendName(selector, std::to_string(value.get_int64()), ranges);
    }
    const auto* const range = MemberOf(value, "range");
    if (range != nullptr && range->is_array() && range->get_array().size() == 2) {
        Ranges ends;
        if (!AppendValue(selector, range->get_array()[0], ends, depth + 1) || !AppendValue(selector, range->get_array()[1], ends, depth + 1)) return false;
        if (ends.size() != 2 || ends[0].first > ends[1].last) return false;
        ranges.push_back({ends[0].first, ends[1].last});
        return true;
    }
    if (const auto* const prefix = MemberOf(value, "prefix"); prefix != nullptr && prefix->is_object()) {
        const auto* const length = prefix->get_object().if_contains("len");
        const bool is_address = selector.kind == Kind::kSource || selector.kind == Kind::kDestination;
        if (!is_address || length == nullptr || !length->is_int64()) return false;
        const std::string text = std::string(StringOf(prefix->get_object(), "addr")) + "/" + std::to_string(length->get_int64());
        const auto v4 = selector.family == Family::kIpv4 ? ParseIpv4Range(text) : std::nullopt;
        const auto v6 = selector.family == Family::kIpv6 ? ParseIpv6Range(text) : std::nullopt;
        if (v4) ranges.push_back({v4->first, v4->last});
        if (v6) ranges.push_back(*v6);
        return v4.has_value() || v6.has_value();
    }
    if (const auto* const element = MemberOf(value, "elem"); element != nullptr) {
        const auto* const inner = MemberOf(*element, "val");
        return inner != nullptr && AppendValue(selector, *inner, ranges, depth + 1);
    }
    const json::array* list = value.if_array();
    for (const std::string_view name : {"set", "|"}) {
        if (const auto* const member = MemberOf(value, name); member != nullptr && list == nullptr) list = member->if_array();
    }
    if (list == nullptr) return false;
    return std::ranges::all_of(*list, [&](const json::value& part) { return AppendValue(selector, part, ranges, depth + 1); });
}

/// Of kinds that are a part of the services.
std::vector<Traffic> NftMatcher::OfServices(const NftSelector& selector, const RangeSet<Uint128>& wanted) const {
    std::vector<Traffic> all = AllOf({selector});
    const NumberSet numbers = Numbers(wanted);
    NumberSet services;
    if (selector.kind == Kind::kDestinationPort) {
        if (selector.protocol) {
            services = ServicesOf(*selector.protocol, numbers);
        } else {
            // "th" reads the same bytes of whatever protocol; of those without ports it can't be told.
            services = ServicesWithPorts().Complement(kLastService);
            for (const std::uint8_t protocol : {kTcp, kUdp, std::uint8_t{33}, std::uint8_t{132}, std::uint8_t{136}}) {
                services = services.Union(ServicesOf(protocol, numbers));
            }
        }
    } else {
        std::vector<Range<std::uint32_t>> ranges;
        for (const auto& range : numbers.ranges()) {
            if (selector.kind == Kind::kProtocol) ranges.push_back({range.first << 16, range.last << 16 | 0xFFFF});
            if (selector.kind == Kind::kIcmpType)
                ranges.push_back({ServiceKey(*selector.protocol, 0) + (range.first << 8), ServiceKey(*selector.protocol, 0) + (range.last << 8 | 0xFF)});
            for (std::uint32_t type = 0; selector.kind == Kind::kIcmpCode && type < 256; ++type) {
                const std::uint32_t first = ServiceKey(*selector.protocol, 0) + (type << 8);
                ranges.push_back({first + range.first, first + range.last});
            }
        }
        services = NumberSet(std::move(ranges));
    }
    for (Traffic& product : all) product.services = product.services.Intersection(services);
    std::erase_if(all, [](const Traffic& product) { return product.services.empty(); });
    return all;
}

std::vector<Traffic> NftMatcher::OfRanges(const NftSelector& selector, Ranges ranges, bool is_negated) const {
    RangeSet<Uint128> wanted(std::move(ranges));
    if (is_negated) wanted = wanted.Complement(LastOf(selector, zones_));
    if (wanted.empty()) return {};
    std::vector<Traffic> all = AllOf({selector});
    switch (selector.kind) {
        case Kind::kSource:
        case Kind::kDestination: {
            for (Traffic& product : all) {
                if (product.family == Family::kIpv4) {
                    (selector.kind == Kind::kSource ? product.source4 : product.destination4) = Numbers(wanted);
                } else {
                    (selector.kind == Kind::kSource ? product.source6 : product.destination6) = wanted;
                }
            }
            return all;
        }
        case Kind::kSourcePort: {
            if (!selector.protocol) {  // as above: those without ports stay whole
                std::vector<Traffic> others = all;
                for (Traffic& product : others) product.services = ServicesWithPorts().Complement(kLastService);
                for (Traffic& product : all) product.services = ServicesWithPorts();
                for (Traffic& product : all) product.source_ports = Numbers(wanted);
                all.insert(all.end(), others.begin(), others.end());
                return all;
            }
            for (Traffic& product : all) product.source_ports = Numbers(wanted);
            return all;
        }
        case Kind::kFamily: {
            std::erase_if(all, [&wanted](const Traffic& product) { return !wanted.Contains(product.family == Family::kIpv4 ? 0 : 1); });
            return all;
        }
        case Kind::kIn:
        case Kind::kOut:
        case Kind::kState: {
            for (Traffic& product : all)
                (selector.kind == Kind::kIn ? product.in : selector.kind == Kind::kOut ? product.out : product.states) = Numbers(wanted);
            return all;
        }
        default: return OfServices(selector, wanted);
    }
}

NftMatcher::Match NftMatcher::NotKnown(const NftSelectors& selectors) const {
    Match match{AllOf(selectors), false, "other"};
    const auto unknown = std::ranges::find(selectors, Kind::kUnknown, &NftSelector::kind);
    if (unknown != selectors.end()) match.what = unknown->what;
    return match;
}

NftMatcher::Match NftMatcher::OfElements(const NftSelectors& selectors, const std::vector<const json::value*>& elements) {
    const bool has_unknown = std::ranges::any_of(selectors, [](const NftSelector& selector) { return selector.kind == Kind::kUnknown; });
    if (has_unknown || selectors.empty() || !ranges_.Spend(elements.size())) return NotKnown(selectors);
    if (selectors.size() == 1) {
        Ranges ranges;
        ranges.reserve(elements.size());
        for (const json::value* const element : elements) {
            if (!AppendValue(selectors[0], KeyOf(*element, false), ranges, 0)) return NotKnown(selectors);
        }
        return {OfRanges(selectors[0], std::move(ranges), false), true, {}};
    }
    if (elements.size() > kMaxPairs) return NotKnown(selectors);
    Match match;
    for (const json::value* const element : elements) {
        const json::value& key = KeyOf(*element, false);
        const json::array* const parts = PartsOf(key);
        std::vector<Traffic> products = Everything();
        if (parts == nullptr || parts->size() != selectors.size()) return NotKnown(selectors);
        for (std::size_t i = 0; i < selectors.size(); ++i) {
            Ranges ranges;
            if (!AppendValue(selectors[i], (*parts)[i], ranges, 0)) return NotKnown(selectors);
            products = Intersection(products, OfRanges(selectors[i], std::move(ranges), false));
        }
        std::ranges::move(products, std::back_inserter(match.traffic));
    }
    Merge(match.traffic);
    return match.traffic.size() > kMaxSetProducts ? NotKnown(selectors) : match;
}

NftMatcher::Match NftMatcher::Negated(Match match, const NftSelectors& selectors) const {
    std::vector<Traffic> others = AllOf(selectors);
    bool is_known = match.is_known && std::ranges::none_of(selectors, &NftSelector::ReadsAnyTransport);
    for (const Traffic& product : match.traffic) is_known = is_known && Subtract(others, product, kMaxNegatedProducts);
    if (!is_known) return NotKnown(selectors);
    return {std::move(others), true, {}};
}

/// <, >, <=, >=
NftMatcher::Match NftMatcher::OfCompared(const NftSelector& selector, std::string_view op, const json::value& right) const {
    Ranges bound;
    if (IsZone(selector) || !AppendValue(selector, right, bound, 0) || bound.size() != 1) return NotKnown({selector});
    const Uint128 number = bound[0].first;
    const Uint128 last = LastOf(selector, zones_);
    Ranges ranges;
    if (op == "<" && number > 0) ranges.push_back({0, number - 1});
    if (op == "<=") ranges.push_back({0, number});
    if (op == ">" && number < last) ranges.push_back({number + 1, last});
    if (op == ">=") ranges.push_back({number, last});
    if (op != "<" && op != "<=" && op != ">" && op != ">=") return NotKnown({selector});
    return {OfRanges(selector, std::move(ranges), false), true, {}};
}

NftMatcher::Match NftMatcher::Of(const NftSelectors& selectors, std::string_view op, const json::value& right, std::string_view scope) {
    const bool is_negated = op == "!=";
    const bool is_in = op == "==" || op == "in" || is_negated;
    if (selectors.empty()) return {Everything(), false, "other"};
    if (std::ranges::any_of(selectors, [](const NftSelector& selector) { return selector.kind == Kind::kUnknown; })) return NotKnown(selectors);
    if (right.is_string() && std::string_view(right.get_string()).starts_with('@')) {
        const NftSet* const set = FindSet(scope, right.get_string());
        if (set == nullptr || set->goes_on || !is_in) return NotKnown(selectors);
        std::vector<Known>& known = known_[set];
        auto found = std::ranges::find(known, selectors, &Known::selectors);
        if (found == known.end()) {
            std::vector<const json::value*> elements;
            for (std::size_t i = 0; set->elements != nullptr && i < set->elements->size(); ++i) elements.push_back(&(*set->elements)[i]);
            known.push_back({selectors, OfElements(selectors, elements)});
            found = std::prev(known.end());
        }
        std::size_t cost = 0;
        for (const Traffic& product : found->match.traffic) cost += RangesOf(product);
        if (!ranges_.Spend(cost)) return NotKnown(selectors);
        return is_negated ? Negated(found->match, selectors) : found->match;
    }
    const auto* const list = MemberOf(right, "set");
    if (list != nullptr && list->is_array() && is_in) {
        std::vector<const json::value*> elements;
        for (const json::value& element : list->get_array()) elements.push_back(&element);
        Match match = OfElements(selectors, elements);
        return is_negated ? Negated(std::move(match), selectors) : match;
    }
    if (selectors.size() > 1) {
        Match match = is_in ? OfElements(selectors, {&right}) : NotKnown(selectors);
        return is_negated ? Negated(std::move(match), selectors) : match;
    }
    if (!is_in) return OfCompared(selectors[0], op, right);
    Ranges ranges;
    if (!AppendValue(selectors[0], right, ranges, 0)) return NotKnown(selectors);
    // A connection has one state, so that == with several never holds and != with several always does.
    const bool is_of_bits = selectors[0].kind == Kind::kState && op != "in" && ranges.size() > 1;
    if (is_of_bits) ranges.clear();
    return {OfRanges(selectors[0], std::move(ranges), is_negated), true, {}};
}

}  // namespace opsteward::firewall
