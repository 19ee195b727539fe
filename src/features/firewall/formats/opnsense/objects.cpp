#include "features/firewall/formats/opnsense/objects.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/firewall/formats/net_names.hpp"
#include "features/firewall/model/address.hpp"

namespace opsteward::firewall {
namespace {

struct AliasKind {
    std::string_view type;
    std::string_view what;  ///< of the unknown part of those whose content is not in the file
};
constexpr auto kUnknownAliases = std::to_array<AliasKind>({
    {"asn", "other"}, {"authgroup", "user"}, {"dynipv6host", "interface"}, {"external", "other"}, {"geoip", "geography"}, {"internal", "other"}, {"mac", "mac"},
    {"openvpngroup", "user"}, {"url", "other"}, {"url_ports", "other"}, {"urljson", "other"}, {"urltable", "other"}, {"urltable_ports", "other"},
});

}  // namespace

std::vector<std::string_view> OpnsenseList(std::string_view text) {
    std::vector<std::string_view> words;
    constexpr std::string_view kSeparators = ", \t\r\n";
    for (std::size_t at = text.find_first_not_of(kSeparators); at != std::string_view::npos; at = text.find_first_not_of(kSeparators, at)) {
        const std::size_t end = std::min(text.find_first_of(kSeparators, at), text.size());
        words.push_back(text.substr(at, end - at));
        at = end;
    }
    return words;
}

OpnsenseObjects::OpnsenseObjects(const OpnsenseXml& xml, RangeBudget& budget, ReaderNotes& notes)
    : xml_(xml),
      notes_(notes),
      addresses_(budget, [this](const NameRef& ref) { return AddressOf(ref); }),
      ports_(budget, [this](const NameRef& ref) { return PortsOf(ref); }) {
    addresses_.AddScope(std::nullopt);
    ports_.AddScope(std::nullopt);
}

void OpnsenseObjects::Read() {
    const pugi::xml_node root = xml_.root();
    ReadInterfaces();
    for (const pugi::xml_node alias : root.child("aliases").children("alias")) {
        ReadAlias(alias, alias.child("content") ? ChildText(alias, "content") : ChildText(alias, "address"));
    }
    for (const pugi::xml_node alias : root.child("OPNsense").child("Firewall").child("Alias").child("aliases").children("alias")) {
        ReadAlias(alias, ChildText(alias, "content"));
    }
    for (const pugi::xml_node schedule : root.child("schedules").children("schedule")) schedules_.emplace(ChildText(schedule, "name"));
}

void OpnsenseObjects::ReadInterfaces() {
    for (const pugi::xml_node interface : xml_.root().child("interfaces").children()) {
        if (interface.type() != pugi::node_element) continue;
        interfaces_.try_emplace(interface.name(), interface);
        AddZones(interface.name());
    }
    for (const pugi::xml_node group : xml_.root().child("ifgroups").children("ifgroupentry")) {
        std::vector<std::string>& members = groups_[std::string(ChildText(group, "ifname"))];
        for (const std::string_view member : OpnsenseList(ChildText(group, "members"))) members.emplace_back(member);
    }
    for (const auto& [name, members] : groups_) {
        for (const std::string& member : members) AddZones(member);
    }
}

void OpnsenseObjects::ReadAlias(pugi::xml_node alias, std::string_view content) {
    const std::string_view name = ChildText(alias, "name");
    const std::string_view type = ChildText(alias, "type");
    const std::size_t line = xml_.LineOf(alias);
    if (name.empty()) return notes_.NotUnderstood(line, "<alias> without a name");
    const auto unknown = std::ranges::find(kUnknownAliases, type, &AliasKind::type);
    const bool is_of_ports = type == "port" || type == "url_ports" || type == "urltable_ports";
    const bool is_off = alias.child("enabled") && ChildText(alias, "enabled") == "0";
    const bool is_known = type == "host" || type == "network" || type == "port" || type == "networkgroup";
    if (!is_known && unknown == kUnknownAliases.end()) notes_.NotUnderstood(line, "alias " + std::string(name) + " of type " + std::string(type));
    if (is_off || !is_known) {
        const std::string text = "alias " + ReplaceInvalidUtf8(name) + (is_off ? ": disabled" : " (" + ReplaceInvalidUtf8(type) + ")");
        const std::string_view what = unknown == kUnknownAliases.end() ? "other" : unknown->what;
        if (is_of_ports) {
            ports_.Define(0, name, ServiceMatch::Unknown(what, text, line, ServicesOf(kTcp)));
        } else {
            addresses_.Define(0, name, AddressMatch::Unknown(what, text, line));
        }
        return;
    }
    std::vector<NameRef> members;
    std::vector<NameRef> except;
    for (const std::string_view word : OpnsenseList(content)) {
        const bool is_except = word.starts_with('!') && word.size() > 1;
        (is_except ? except : members).push_back({std::string(is_except ? word.substr(1) : word), line});
    }
    // Nothing but exceptions: of all.
    if (members.empty() && !except.empty()) members.push_back({"any", line});
    if (is_of_ports) {
        ports_.DefineGroup(0, name, std::move(members));
    } else {
        addresses_.DefineGroup(0, name, std::move(members), std::move(except));
    }
}

/// An address that the configuration does not tell (DHCP, tracking) may be any of its family.
AddressMatch OpnsenseObjects::NetworkOf(pugi::xml_node interface, bool is_host) const {
    AddressBuilder builder;
    const std::size_t line = xml_.LineOf(interface);
    for (const bool is_ipv4 : {true, false}) {
        const std::string address(ChildText(interface, is_ipv4 ? "ipaddr" : "ipaddrv6"));
        const std::string prefix(ChildText(interface, is_ipv4 ? "subnet" : "subnetv6"));
        if (address.empty()) continue;
        const auto set = ParseAddresses(is_host || prefix.empty() ? address : address + "/" + prefix);
        if (set) {
            builder.Add(AddressMatch::Of(*set));
            continue;
        }
        AddressMatch any = AddressMatch::Unknown("interface", std::string(interface.name()) + ": " + address, line);
        if (is_ipv4) any.most.v6 = {};
        if (!is_ipv4) any.most.v4 = {};
        builder.Add(any);
    }
    return builder.Finish();
}

/// Written out, or an interface's name: "lan" its network, "lanip" its address.
std::optional<AddressMatch> OpnsenseObjects::AddressOf(const NameRef& ref) const {
    const std::string_view name = ref.name;
    if (name == "any") return AddressMatch::Any();
    if (auto set = ParseAddresses(name)) return AddressMatch::Of(*std::move(set));
    if (const auto interface = interfaces_.find(name); interface != interfaces_.end()) return NetworkOf(interface->second, false);
    if (name.ends_with("ip")) {
        if (const auto interface = interfaces_.find(name.substr(0, name.size() - 2)); interface != interfaces_.end()) return NetworkOf(interface->second, true);
    }
    if (name == "(self)") {
        AddressBuilder builder;
        for (const auto& [key, interface] : interfaces_) builder.Add(NetworkOf(interface, true));
        // Virtual addresses and those of tunnels are the firewall's too.
        builder.Add(AddressMatch::Unknown("interface", ref.name, ref.line));
        return builder.Finish();
    }
    if (groups_.contains(std::string(name))) return AddressMatch::Unknown("interface", ref.name, ref.line);
    if (name.find('.') != std::string_view::npos) return AddressMatch::Unknown("fqdn", ref.name, ref.line);
    return std::nullopt;
}

/// "80", "80:90", "80-90", "https"
std::optional<ServiceMatch> OpnsenseObjects::PortsOf(const NameRef& ref) const {
    const std::string_view text = ref.name;
    if (text == "any") return ServiceMatch::Of(ServicesOf(kTcp));
    std::size_t separator = text.find(':');
    if (separator == std::string_view::npos && !PortNumber(text)) separator = text.find('-');
    const auto first = PortNumber(text.substr(0, separator));
    const auto last = separator == std::string_view::npos ? first : PortNumber(text.substr(separator + 1));
    if (!first || !last || *last < *first) return std::nullopt;
    return ServiceMatch::Of(ServicesOf(kTcp, NumberSet(*first, *last)));
}

void OpnsenseObjects::AddZones(std::string_view interfaces) {
    for (const std::string_view name : OpnsenseList(interfaces)) {
        const auto group = groups_.find(std::string(name));
        if (group == groups_.end()) zones_.try_emplace(ReplaceInvalidUtf8(name), 0);
    }
}

void OpnsenseObjects::NumberZones() {
    zone_names_.clear();
    for (auto& [name, number] : zones_) {
        number = static_cast<std::uint32_t>(zone_names_.size());
        zone_names_.push_back(name);
    }
    zone_names_.emplace_back("*");
    for (const auto& [group, members] : groups_) {
        std::vector<Range<std::uint32_t>> numbers;
        for (const std::string& member : members) {
            if (const auto zone = zones_.find(ReplaceInvalidUtf8(member)); zone != zones_.end()) numbers.push_back({zone->second, zone->second});
        }
        group_zones_[group] = NumberSet(std::move(numbers));
    }
}

NumberSet OpnsenseObjects::ZonesOf(std::string_view interfaces) const {
    const std::vector<std::string_view> names = OpnsenseList(interfaces);
    if (names.empty()) return AllZones();
    std::vector<Range<std::uint32_t>> numbers;
    for (const std::string_view name : names) {
        if (name == "any") return AllZones();
        if (const auto group = group_zones_.find(std::string(name)); group != group_zones_.end()) {
            numbers.insert(numbers.end(), group->second.ranges().begin(), group->second.ranges().end());
            continue;
        }
        const auto zone = zones_.find(ReplaceInvalidUtf8(name));
        const auto number = zone == zones_.end() ? static_cast<std::uint32_t>(zone_names_.size() - 1) : zone->second;
        numbers.push_back({number, number});
    }
    return NumberSet(std::move(numbers));
}

}  // namespace opsteward::firewall
