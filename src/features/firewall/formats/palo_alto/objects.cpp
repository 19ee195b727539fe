#include "features/firewall/formats/palo_alto/objects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/firewall/formats/net_names.hpp"
#include "features/firewall/formats/schedule_end.hpp"

namespace opsteward::firewall {
namespace {

/// Beside what an object is, it has these.
bool IsRemark(std::string_view word) {
    static constexpr std::array<std::string_view, 6> kWords{"description", "tag", "disable-override", "override", "color", "comments"};
    return std::ranges::find(kWords, word) != kWords.end();
}

/// Countries stand in rules by their two letters of ISO 3166.
bool IsCountry(std::string_view name) {
    return name.size() == 2 && std::ranges::all_of(name, [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::optional<AddressMatch> AddressOtherwise(const NameRef& ref) {
    if (ref.name == "any") return AddressMatch::Any();
    if (ref.name == "any-ipv4") return AddressMatch::Of({Ipv4Set::All(), {}});
    if (ref.name == "any-ipv6") return AddressMatch::Of({{}, Ipv6Set::All()});
    if (auto set = ParseAddresses(ref.name)) return AddressMatch::Of(*std::move(set));
    if (IsCountry(ref.name)) return AddressMatch::Unknown("geography", ref.name, ref.line);
    return std::nullopt;
}

/// service-http and service-https are PAN-OS's own (PAN-OS Administrator's Guide, "Service").
std::optional<ServiceMatch> ServiceOtherwise(const NameRef& ref) {
    if (ref.name == "any") return ServiceMatch::Any();
    if (ref.name == "application-default") return ServiceMatch::Unknown("application", ref.name, ref.line);
    if (ref.name == "service-http")
        return ServiceMatch::Of(
            NumberSet(std::vector<Range<std::uint32_t>>{{ServiceKey(kTcp, 80), ServiceKey(kTcp, 80)}, {ServiceKey(kTcp, 8080), ServiceKey(kTcp, 8080)}}));
    if (ref.name == "service-https") return ServiceMatch::Of(NumberSet(ServiceKey(kTcp, 443)));
    return std::nullopt;
}

/// "2026/01/01@00:00-2026/12/31@23:59" is over.
bool IsOver(std::string_view span, std::int64_t now) {
    const std::size_t dash = span.find('-');
    if (dash == std::string_view::npos || now == 0) return false;
    return IsOverEverywhere(Trim(span.substr(dash + 1)), "yyyy/mm/dd@hh:mm", now);
}

}  // namespace

std::vector<NameRef> NamesBelow(WordNode node) {
    std::vector<NameRef> names;
    for (const WordNode child : node.children()) names.push_back({std::string(child.word()), child.line()});
    return names;
}

PaloAltoObjects::PaloAltoObjects(RangeBudget& budget, ReaderNotes& notes, std::int64_t now)
    : notes_(notes), now_(now), addresses_(budget, AddressOtherwise), services_(budget, ServiceOtherwise) {}

std::size_t PaloAltoObjects::AddScope(std::optional<std::size_t> parent) {
    services_.AddScope(parent);
    parents_.push_back(parent);
    return addresses_.AddScope(parent);
}

void PaloAltoObjects::SetParent(std::size_t scope, std::size_t parent) {
    addresses_.SetParent(scope, parent);
    services_.SetParent(scope, parent);
    parents_[scope] = parent;
}

void PaloAltoObjects::Read(std::size_t scope, WordNode node) {
    for (const WordNode object : node["address"].children()) ReadAddress(scope, object);
    for (const WordNode group : node["address-group"].children()) ReadAddressGroup(scope, group);
    for (const WordNode object : node["service"].children()) ReadService(scope, object);
    for (const WordNode group : node["service-group"].children()) ReadServiceGroup(scope, group);
    for (const WordNode schedule : node["schedule"].children()) ReadSchedule(scope, schedule);
    for (const std::string_view kind : {std::string_view("external-list"), std::string_view("region")}) {
        for (const WordNode list : node[kind].children()) {
            addresses_.Define(scope, list.word(),
                              AddressMatch::Unknown(kind == "region" ? "geography" : "other", fmt::format("{} {}", kind, list.word()), list.line()));
        }
    }
}

void PaloAltoObjects::ReadAddress(std::size_t scope, WordNode object) {
    std::optional<AddressMatch> match;
    for (const WordNode part : object.children()) {
        const std::string_view value = part.value();
        std::optional<AddressSet> set;
        if (part.word() == "ip-netmask" || part.word() == "ip-range") {
            set = ParseAddresses(value);
        } else if (part.word() == "ip-wildcard") {
            set = ParseWildcard(value, MaskOnes::kAreIgnored);
        } else if (part.word() == "fqdn") {
            match = AddressMatch::Unknown("fqdn", value, part.line());
            continue;
        } else if (IsRemark(part.word())) {
            continue;
        }
        if (set) {
            match = AddressMatch::Of(*std::move(set));
        } else {
            notes_.NotUnderstood(part);
        }
    }
    if (!match) match = AddressMatch::Unknown("other", fmt::format("address {}", object.word()), object.line());
    addresses_.Define(scope, object.word(), *std::move(match));
}

void PaloAltoObjects::ReadAddressGroup(std::size_t scope, WordNode group) {
    bool is_dynamic = false;
    for (const WordNode part : group.children()) {
        if (part.word() == "dynamic") {
            is_dynamic = true;
            const std::string filter = Join(notes_.LinesBelow(part), " ");
            addresses_.Define(scope, group.word(), AddressMatch::Unknown("other", fmt::format("dynamic group {}: {}", group.word(), filter), part.line()));
        } else if (part.word() != "static" && !IsRemark(part.word())) {
            notes_.NotUnderstood(part);
        }
    }
    if (!is_dynamic) addresses_.DefineGroup(scope, group.word(), NamesBelow(group["static"]));
}

void PaloAltoObjects::ReadService(std::size_t scope, WordNode object) {
    static constexpr std::array<std::pair<std::string_view, std::uint8_t>, 3> kProtocols{{{"tcp", kTcp}, {"udp", kUdp}, {"sctp", 132}}};
    ServiceBuilder builder;
    bool is_any = false;
    for (const WordNode part : object.children()) {
        if (IsRemark(part.word())) continue;
        if (part.word() != "protocol") {
            notes_.NotUnderstood(part);
            continue;
        }
        for (const WordNode protocol : part.children()) {
            const auto* known = std::ranges::find(kProtocols, protocol.word(), &std::pair<std::string_view, std::uint8_t>::first);
            const auto ports = ParsePorts(protocol["port"].value());
            const auto source_ports = ParsePorts(protocol["source-port"].value());
            if (known == kProtocols.end() || !ports || !source_ports) {
                notes_.NotUnderstood(protocol);
                continue;
            }
            for (const WordNode detail : protocol.children()) {
                if (detail.word() != "port" && detail.word() != "source-port" && detail.word() != "override") notes_.NotUnderstood(detail);
            }
            builder.Add(ServiceMatch::Of(ServicesOf(known->second, *ports), *source_ports));
            is_any = true;
        }
    }
    if (!is_any) builder.Add(ServiceMatch::Unknown("other", fmt::format("service {}", object.word()), object.line()));
    services_.Define(scope, object.word(), builder.Finish());
}

void PaloAltoObjects::ReadServiceGroup(std::size_t scope, WordNode group) {
    for (const WordNode part : group.children()) {
        if (part.word() != "members" && !IsRemark(part.word())) notes_.NotUnderstood(part);
    }
    services_.DefineGroup(scope, group.word(), NamesBelow(group["members"]));
}

void PaloAltoObjects::ReadSchedule(std::size_t scope, WordNode schedule) {
    PaloAltoSchedule result;
    const WordNode spans = schedule["schedule-type"]["non-recurring"];
    result.has_ended = !spans.is_leaf();
    for (const WordNode span : spans.children()) result.has_ended = result.has_ended && IsOver(span.word(), now_);
    for (const WordNode part : schedule.children()) {
        if (part.word() != "schedule-type" && !IsRemark(part.word())) notes_.NotUnderstood(part);
    }
    for (const WordNode kind : schedule["schedule-type"].children()) {
        if (kind.word() != "non-recurring" && kind.word() != "recurring") notes_.NotUnderstood(kind);
    }
    schedules_.try_emplace({scope, std::string(schedule.word())}, result);
}

std::optional<PaloAltoSchedule> PaloAltoObjects::FindSchedule(std::size_t scope, std::string_view name) const {
    std::optional<std::size_t> at = scope;
    for (std::size_t steps = 0; at && steps < AddressBook::kMaxNesting; ++steps) {
        const auto found = schedules_.find(std::pair(*at, std::string(name)));
        if (found != schedules_.end()) return found->second;
        at = parents_[*at];
    }
    return std::nullopt;
}

}  // namespace opsteward::firewall
