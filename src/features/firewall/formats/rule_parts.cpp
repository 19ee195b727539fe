#include "features/firewall/formats/rule_parts.hpp"

#include <fmt/format.h>

#include <bit>
#include <unordered_set>

#include "base/text.hpp"
#include "features/firewall/model/address.hpp"

namespace opsteward::firewall {
namespace {

constexpr std::size_t kProductCost = 10;  ///< of a product of single ranges

std::size_t CostOf(const AddressSet& set) {
    return set.v4.ranges().size() + 2 * set.v6.ranges().size();
}

template <typename T>
void Append(const RangeSet<T>& set, std::vector<Range<T>>& ranges) {
    ranges.insert(ranges.end(), set.ranges().begin(), set.ranges().end());
}

/// What a product is made of, wherever it stands.
struct PartViews {
    const std::vector<ZonePair>& zones;
    const AddressSet& source;
    const AddressSet& destination;
    const std::vector<ServiceBox>& boxes;
};

Traffic ProductOf(Family family, const ZonePair& zones, const PartViews& parts, const ServiceBox& box) {
    Traffic traffic;
    traffic.family = family;
    traffic.in = zones.in;
    traffic.out = zones.out;
    if (family == Family::kIpv4) {
        traffic.source4 = parts.source.v4;
        traffic.destination4 = parts.destination.v4;
    } else {
        traffic.source6 = parts.source.v6;
        traffic.destination6 = parts.destination.v6;
    }
    traffic.services = box.services;
    traffic.source_ports = box.source_ports;
    return traffic;
}

/// Whether all of a box is meant for sure does not matter to what may match: those without a limit to their source ports are one.
std::vector<ServiceBox> Joined(const std::vector<ServiceBox>& boxes) {
    std::vector<Range<std::uint32_t>> plain;
    std::vector<ServiceBox> joined;
    for (const ServiceBox& box : boxes) {
        if (box.source_ports == AllPorts()) {
            Append(box.services, plain);
        } else {
            joined.push_back(box);
        }
    }
    if (!plain.empty()) joined.insert(joined.begin(), {NumberSet(std::move(plain)), AllPorts(), true});
    return joined;
}

std::vector<Traffic> Products(const PartViews& parts, RangeBudget& budget) {
    std::vector<Traffic> products;
    const std::vector<ServiceBox> boxes = Joined(parts.boxes);
    const std::size_t addresses = CostOf(parts.source) + CostOf(parts.destination);
    for (const ZonePair& zones : parts.zones) {
        if (zones.in.empty() || zones.out.empty()) continue;
        for (const ServiceBox& box : boxes) {
            if (box.services.empty() || box.source_ports.empty()) continue;
            const std::size_t others = zones.in.ranges().size() + zones.out.ranges().size() + box.services.ranges().size() + box.source_ports.ranges().size();
            if (!budget.Spend(kProductCost + addresses + 2 * others)) return products;
            if (!parts.source.v4.empty() && !parts.destination.v4.empty()) products.push_back(ProductOf(Family::kIpv4, zones, parts, box));
            if (!parts.source.v6.empty() && !parts.destination.v6.empty()) products.push_back(ProductOf(Family::kIpv6, zones, parts, box));
        }
    }
    return products;
}

/// Writes the lists of one place of a rule.
template <typename Book, typename ProductsOfOne>
class MemberWriter {
  public:
    MemberWriter(Book& book, RangeBudget& budget, ProductsOfOne products, Rule& rule) : book_(book), budget_(budget), products_(products), rule_(rule) {}

    void Write(std::string_view where, std::size_t scope, const std::vector<NameRef>& names) {
        WriteList(std::string(where), scope, names);
        std::unordered_set<std::size_t> seen;
        std::vector<std::size_t> open;
        Push(scope, names, seen, open);
        while (!open.empty() && !budget_.is_spent()) {
            const std::size_t id = open.back();
            open.pop_back();
            const std::size_t group_scope = book_.ScopeOf(id);
            WriteList(fmt::format("{}:{}", where, NameOfGroup(id)), group_scope, book_.MembersOf(id));
            Push(group_scope, book_.MembersOf(id), seen, open);
        }
    }

  private:
    void Push(std::size_t scope, const std::vector<NameRef>& names, std::unordered_set<std::size_t>& seen, std::vector<std::size_t>& open) {
        for (auto name = names.rbegin(); name != names.rend(); ++name) {
            if (!budget_.Spend(1)) return;
            const auto id = book_.Find(scope, name->name);
            if (!id || !book_.IsGroup(*id) || book_.HasExceptions(*id) || !seen.insert(*id).second) continue;
            names_[*id] = name->Shown();
            open.push_back(*id);
        }
    }
    const std::string& NameOfGroup(std::size_t id) { return names_[id]; }
    void WriteList(std::string where, std::size_t scope, const std::vector<NameRef>& names) {
        if (names.size() < 2) return;
        MemberList list{std::move(where), {}};
        for (const NameRef& name : names) {
            list.members.push_back({name.Shown(), name.line, products_(book_.ResolveName(scope, name))});
            if (budget_.is_spent()) return;
        }
        rule_.members.push_back(std::move(list));
    }

    Book& book_;
    RangeBudget& budget_;
    ProductsOfOne products_;
    Rule& rule_;
    std::unordered_map<std::size_t, std::string> names_;
};

}  // namespace

void AddUnknown(std::vector<UnknownPart>& parts, UnknownPart part) {
    if (parts.size() < kMaxUnknownParts) {
        parts.push_back(std::move(part));
        return;
    }
    UnknownPart& last = parts.back();
    static constexpr std::string_view kMore = " more";
    std::size_t more = 1;
    if (last.what == "other" && last.text.ends_with(kMore)) {
        more = static_cast<std::size_t>(ParseInt(std::string_view(last.text).substr(0, last.text.size() - kMore.size())).value_or(1));
    }
    last = {"other", fmt::format("{}{}", more + 1, kMore), last.line};
}

AddressMatch AddressMatch::Unknown(std::string_view what, std::string_view text, std::size_t line) {
    return {{}, AddressSet::All(), {{std::string(what), std::string(Shorten(text, 200)), line}}};
}

AddressMatch AddressMatch::Without(const AddressMatch& other) const {
    AddressMatch result{{sure.v4.Difference(other.most.v4), sure.v6.Difference(other.most.v6)},
                        {most.v4.Difference(other.sure.v4), most.v6.Difference(other.sure.v6)},
                        unknown};
    for (const UnknownPart& part : other.unknown) AddUnknown(result.unknown, part);
    return result;
}

std::size_t AddressMatch::Cost() const {
    return 1 + CostOf(sure) + CostOf(most) + 4 * unknown.size();
}

std::optional<AddressSet> ParseAddresses(std::string_view text) {
    AddressSet set;
    if (const auto range = ParseIpv4Range(text)) {
        set.v4 = Ipv4Set(range->first, range->last);
    } else if (const auto range6 = ParseIpv6Range(text)) {
        set.v6 = Ipv6Set(range6->first, range6->last);
    } else {
        return std::nullopt;
    }
    return set;
}

std::optional<AddressSet> WildcardAddresses(std::uint32_t address, std::uint32_t ignored) {
    static constexpr int kMaxBits = 12;
    const auto tail = static_cast<unsigned>(std::countr_one(ignored));
    const std::uint32_t low = tail >= 32 ? 0xFFFFFFFFU : (1U << tail) - 1;
    const std::uint32_t scattered = ignored & ~low;
    if (std::popcount(scattered) > kMaxBits) return std::nullopt;
    std::vector<Range<std::uint32_t>> ranges;
    const std::uint32_t fixed = address & ~ignored;
    for (std::uint32_t bits = scattered;; bits = (bits - 1) & scattered) {
        ranges.push_back({fixed | bits, fixed | bits | low});
        if (bits == 0) break;
    }
    return AddressSet{Ipv4Set(std::move(ranges)), {}};
}

std::optional<AddressSet> ParseWildcard(std::string_view text, MaskOnes ones) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto address = ParseIpv4(text.substr(0, slash));
    const auto mask = ParseIpv4(text.substr(slash + 1));
    if (!address || !mask) return std::nullopt;
    return WildcardAddresses(*address, ones == MaskOnes::kCount ? ~*mask : *mask);
}

void AddressBuilder::Add(const AddressMatch& match) {
    Append(match.sure.v4, sure4_);
    Append(match.most.v4, most4_);
    Append(match.sure.v6, sure6_);
    Append(match.most.v6, most6_);
    for (const UnknownPart& part : match.unknown) AddUnknown(unknown_, part);
}

AddressMatch AddressBuilder::Finish() {
    return {{Ipv4Set(std::move(sure4_)), Ipv6Set(std::move(sure6_))}, {Ipv4Set(std::move(most4_)), Ipv6Set(std::move(most6_))}, std::move(unknown_)};
}

ServiceMatch ServiceMatch::Unknown(std::string_view what, std::string_view text, std::size_t line, NumberSet most) {
    return {{{std::move(most), AllPorts(), false}}, {{std::string(what), std::string(Shorten(text, 200)), line}}};
}

ServiceMatch ServiceMatch::Complement(std::size_t line) const {
    std::vector<Range<std::uint32_t>> taken;
    std::vector<UnknownPart> parts = unknown;
    for (const ServiceBox& box : boxes) {
        if (box.source_ports == AllPorts()) {
            if (box.is_sure) Append(box.services, taken);
        } else {
            AddUnknown(parts, {"other", "negated service with source ports", line});
        }
    }
    return {{{NumberSet(std::move(taken)).Complement(kLastService), AllPorts(), parts.empty()}}, std::move(parts)};
}

std::size_t ServiceMatch::Cost() const {
    std::size_t cost = 1 + 4 * unknown.size();
    for (const ServiceBox& box : boxes) cost += 4 + box.services.ranges().size() + box.source_ports.ranges().size();
    return cost;
}

void ServiceBuilder::Add(const ServiceMatch& match) {
    for (const ServiceBox& box : match.boxes) {
        if (box.source_ports == AllPorts()) {
            Append(box.services, plain_[box.is_sure ? 1 : 0]);
        } else {
            others_.push_back(box);
        }
    }
    for (const UnknownPart& part : match.unknown) AddUnknown(unknown_, part);
}

ServiceMatch ServiceBuilder::Finish() {
    ServiceMatch match;
    const NumberSet sure(std::move(plain_[1]));
    const NumberSet unsure = NumberSet(std::move(plain_[0])).Difference(sure);
    if (!sure.empty()) match.boxes.push_back({sure, AllPorts(), true});
    if (!unsure.empty()) match.boxes.push_back({unsure, AllPorts(), false});
    match.boxes.insert(match.boxes.end(), std::make_move_iterator(others_.begin()), std::make_move_iterator(others_.end()));
    match.unknown = std::move(unknown_);
    return match;
}

std::optional<NumberSet> ParsePorts(std::string_view text) {
    text = Trim(text);
    if (text.empty() || text == "any") return AllPorts();
    std::vector<Range<std::uint32_t>> ranges;
    for (const std::string_view piece : Split(text, ',')) {
        const std::string_view trimmed = Trim(piece);
        const std::size_t dash = trimmed.find('-');
        const auto first = ParseInt(Trim(trimmed.substr(0, dash)));
        const auto last = dash == std::string_view::npos ? first : ParseInt(Trim(trimmed.substr(dash + 1)));
        if (!first || !last || *first < 0 || *first > *last || *last > kLastPort) return std::nullopt;
        ranges.push_back({static_cast<std::uint32_t>(*first), static_cast<std::uint32_t>(*last)});
    }
    return NumberSet(std::move(ranges));
}

std::vector<Traffic> ProductsOf(const RuleParts& parts, RangeBudget& budget) {
    return Products({parts.zones, parts.source.most, parts.destination.most, parts.services.boxes}, budget);
}

void FillTraffic(const RuleParts& parts, RangeBudget& budget, Rule& rule) {
    rule.traffic = ProductsOf(parts, budget);
    for (const auto* unknown : {&parts.source.unknown, &parts.destination.unknown, &parts.services.unknown}) {
        for (const UnknownPart& part : *unknown) AddUnknown(rule.unknown, part);
    }
}

void FillMembers(const NamedLists& lists, const RuleParts& parts, AddressBook& addresses, ServiceBook& services, RangeBudget& budget, Rule& rule) {
    if (budget.is_spent()) return;
    const auto of_source = [&](const AddressMatch& one) { return Products({parts.zones, one.most, parts.destination.most, parts.services.boxes}, budget); };
    const auto of_destination = [&](const AddressMatch& one) { return Products({parts.zones, parts.source.most, one.most, parts.services.boxes}, budget); };
    const auto of_service = [&](const ServiceMatch& one) { return Products({parts.zones, parts.source.most, parts.destination.most, one.boxes}, budget); };
    MemberWriter(addresses, budget, of_source, rule).Write("source", lists.source_scope, lists.source);
    MemberWriter(addresses, budget, of_destination, rule).Write("destination", lists.destination_scope, lists.destination);
    MemberWriter(services, budget, of_service, rule).Write("service", lists.service_scope, lists.services);
    if (budget.is_spent()) rule.members.clear();
}

}  // namespace opsteward::firewall
