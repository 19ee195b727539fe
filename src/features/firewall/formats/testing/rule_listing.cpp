#include "features/firewall/formats/testing/rule_listing.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "features/firewall/model/address.hpp"
#include "features/firewall/model/service_text.hpp"

namespace opsteward::firewall::testing {
namespace {

template <typename T>
std::string ListAddresses(const RangeSet<T>& set, std::string (*format)(const Range<T>&)) {
    if (set.IsAll()) return "any";
    std::vector<std::string> ranges;
    for (const Range<T>& range : set.ranges()) ranges.push_back(format(range));
    return ranges.empty() ? "none" : Join(ranges, ",");
}

std::string ListZones(const RuleBase& base, const NumberSet& zones) {
    if (zones == base.AllZones()) return "any";
    std::vector<std::string> names;
    for (std::uint32_t zone = 0; zone < base.zones.size(); ++zone) {
        if (zones.Contains(zone)) names.push_back(base.zones[zone]);
    }
    return Join(names, ",");
}

std::string ListStates(const NumberSet& states) {
    std::vector<std::string> names;
    for (std::uint32_t state = 0; state <= kLastState; ++state) {
        if (states.Contains(state)) names.emplace_back(StateName(state));
    }
    return Join(names, ",");
}

std::string ListPorts(const NumberSet& ports) {
    std::vector<std::string> ranges;
    for (const Range<std::uint32_t>& range : ports.ranges())
        ranges.push_back(range.first == range.last ? std::to_string(range.first) : fmt::format("{}-{}", range.first, range.last));
    return Join(ranges, ",");
}

std::string NameOfProtocol(std::uint32_t protocol) {
    switch (protocol) {
        case 1:
            return "icmp";
        case 6:
            return "tcp";
        case 17:
            return "udp";
        case 58:
            return "icmpv6";
        default:
            return fmt::format("ip{}", protocol);
    }
}

/// Of one protocol; `first` and `last` are ports, or types and codes.
std::string ListOne(std::uint32_t protocol, std::uint32_t first, std::uint32_t last) {
    const std::string name = NameOfProtocol(protocol);
    if (first == 0 && last == kLastPort) return name;
    if (protocol == 1 || protocol == 58) {
        if ((first & 0xFFU) == 0 && (last & 0xFFU) == 0xFF)
            return first >> 8U == last >> 8U ? fmt::format("{} {}/*", name, first >> 8U) : fmt::format("{} {}-{}/*", name, first >> 8U, last >> 8U);
        return fmt::format("{} {}/{}-{}/{}", name, first >> 8U, first & 0xFFU, last >> 8U, last & 0xFFU);
    }
    return first == last ? fmt::format("{} {}", name, first) : fmt::format("{} {}-{}", name, first, last);
}

std::string ListTraffic(const RuleBase& base, const Traffic& traffic) {
    const bool is_ipv4 = traffic.family == Family::kIpv4;
    const std::string source = is_ipv4 ? ListAddresses(traffic.source4, FormatIpv4Range) : ListAddresses(traffic.source6, FormatIpv6Range);
    const std::string destination = is_ipv4 ? ListAddresses(traffic.destination4, FormatIpv4Range) : ListAddresses(traffic.destination6, FormatIpv6Range);
    std::string text = fmt::format("{} {} > {} | {} > {} | {}", is_ipv4 ? "ipv4" : "ipv6", ListZones(base, traffic.in), ListZones(base, traffic.out), source,
                                   destination, ListServices(traffic.services));
    if (traffic.source_ports != AllPorts()) text += " from " + ListPorts(traffic.source_ports);
    if (traffic.states != AllStates()) text += " state " + ListStates(traffic.states);
    return text;
}

std::string ListCounter(const RuleCounter& counter) {
    std::string text = "counter";
    const auto add = [&text](std::string_view name, const auto& value) {
        if (value) text += fmt::format(" {} {}", name, *value);
    };
    add("hits", counter.hits);
    add("bytes", counter.bytes);
    add("first", counter.first_hit);
    add("last", counter.last_hit);
    add("reset", counter.last_reset);
    add("created", counter.created);
    add("sessions", counter.active_sessions);
    return text;
}

void ListRule(const RuleBase& base, const Rule& rule, std::vector<std::string>& lines) {
    std::string head = fmt::format("  rule {} @{} {}", rule.id, rule.line, NameOf(rule.action));
    if (!rule.is_enabled) head += " disabled";
    if (rule.has_ended) head += " ended";
    if (rule.is_logged) head += " logged";
    if (!rule.uuid.empty()) head += " uuid " + rule.uuid;
    if (rule.name != rule.id && !rule.name.empty()) head += " name " + rule.name;
    if (!rule.comment.empty()) head += " comment " + rule.comment;
    lines.push_back(head);
    for (const Traffic& traffic : rule.traffic) lines.push_back("    " + ListTraffic(base, traffic));
    for (const UnknownPart& part : rule.unknown) lines.push_back(fmt::format("    unknown {}: {} @{}", part.what, part.text, part.line));
    for (const MemberList& list : rule.members) {
        for (const Member& member : list.members) {
            std::string text = fmt::format("    member {} {} @{}", list.where, member.name, member.line);
            for (const Traffic& traffic : member.traffic) text += " { " + ListTraffic(base, traffic) + " }";
            lines.push_back(text);
        }
    }
    if (rule.counter) lines.push_back("    " + ListCounter(*rule.counter));
}

template <typename T>
std::string ListBehind(std::string_view family, const NetworksBehind<RangeSet<T>>& behind, std::string (*format)(const Range<T>&)) {
    if (behind == NetworksBehind<RangeSet<T>>()) return {};
    return fmt::format(" {} {}{}{}", family, ListAddresses(behind.networks, format), behind.has_default ? " default" : "", behind.is_whole ? "" : " partly");
}

std::string ListNetworks(const ZoneNetworks& networks) {
    const std::string scope = networks.scope.empty() ? "" : networks.scope + "/";
    return fmt::format("behind {}{} [{}] @{}{}{}", scope, networks.zone.empty() ? "(none)" : networks.zone, Join(networks.interfaces, " "), networks.line,
                       ListBehind("ipv4", networks.ipv4, FormatIpv4Range), ListBehind("ipv6", networks.ipv6, FormatIpv6Range));
}

}  // namespace

std::string ListServices(const NumberSet& services) {
    if (services == AllServices()) return "any";
    std::vector<std::string> texts;
    for (const Range<std::uint32_t>& range : services.ranges()) {
        // Whole protocols that follow each other are one: "ip59-ip255".
        std::uint32_t begin = range.first;
        while (begin <= range.last) {
            const std::uint32_t protocol = begin >> 16U;
            const std::uint32_t end = std::min(range.last, protocol << 16U | kLastPort);
            const std::uint32_t whole = (range.last + 1) >> 16U;  // the first protocol that is not whole any more
            if ((begin & kLastPort) == 0 && whole > protocol + 1) {
                texts.push_back(fmt::format("ip{}-ip{}", protocol, whole - 1));
                begin = whole << 16U;
            } else {
                texts.push_back(ListOne(protocol, begin & kLastPort, end & kLastPort));
                begin = end + 1;
            }
        }
    }
    return texts.empty() ? "none" : Join(texts, ", ");
}

std::vector<std::string> ListConfiguration(const Configuration& configuration) {
    std::vector<std::string> lines{fmt::format("{} version {} host {}", NameOf(configuration.format), configuration.vendor_version, configuration.host_name)};
    for (const RuleBase& base : configuration.rule_bases) {
        std::string head = "base " + base.name;
        if (base.way != Way::kThrough) head += fmt::format(" {}", NameOf(base.way));
        if (base.family) head += *base.family == Family::kIpv4 ? " ipv4" : " ipv6";
        lines.push_back(fmt::format("{} zones {} else {} @{}", head, Join(base.zones, " "), NameOf(base.fallback), base.fallback_line));
        for (const Rule& rule : base.rules) ListRule(base, rule, lines);
    }
    for (const ZoneNetworks& networks : configuration.networks) lines.push_back(ListNetworks(networks));
    for (const DeviceFact& fact : configuration.facts)
        lines.push_back(fmt::format("fact {} {} {} {} @{}", fact.kind, fact.subject, fact.property, fact.value, fact.line));
    for (const UnknownLine& line : configuration.unknown) lines.push_back(fmt::format("not understood @{} {}", line.line, line.text));
    for (const Item& item : configuration.items) lines.push_back(fmt::format("item {} {} @{} ({})", item.kind, item.name, item.line, item.lines.size()));
    return lines;
}

}  // namespace opsteward::firewall::testing
