#include "features/firewall/formats/check_point/objects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/firewall/formats/net_names.hpp"
#include "features/firewall/model/address.hpp"

namespace opsteward::firewall {
namespace {

template <std::size_t N>
bool IsIn(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

/// Neither addresses nor services: what rules name besides, and what the API tells beside.
constexpr auto kOtherTypes = std::to_array<std::string_view>({
    "RulebaseAction",
    "Track",
    "Global",
    "access-layer",
    "access-role",
    "administrator",
    "package",
    "tag",
    "time",
    "time-group",
    "vpn-community-meshed",
    "vpn-community-star",
    "vpn-community-remote-access",
    "trusted-client",
    "threat-profile",
    "threat-layer",
    "nat-rule",
    "nat-section",
    "threat-rule",
    "threat-section",
    "threat-exception",
    "https-layer",
    "task",
    "session",
    "opsec-application",
    "data-type",
    "limit",
    "user",
    "user-group",
    "user-template",
    "CpmiAnyObject",
    "domain",
    "place-holder",
    "Internal",
    "domain-permissions-profile",
});
/// What an address is, where it is none that can be told in numbers.
struct UnknownType {
    std::string_view type;
    std::string_view what;
};
constexpr auto kUnknownAddresses = std::to_array<UnknownType>({
    {"access-role", "user"},
    {"data-center-object", "other"},
    {"data-center-query", "other"},
    {"dns-domain", "fqdn"},
    {"dynamic-object", "other"},
    {"Internet", "interface"},
    {"internet", "interface"},
    {"CpmiInternet", "interface"},
    {"network-feed", "other"},
    {"security-zone", "interface"},
    {"updatable-object", "other"},
    {"CpmiLogicalServer", "other"},
    {"identity-tag", "user"},
    {"legacy-user-at-location", "user"},
    {"gsn-handover-group", "other"},
    {"CpmiGsnHandoverGroup", "other"},
});
constexpr auto kHosts = std::to_array<std::string_view>({
    "CpmiClusterMember",
    "CpmiGatewayCluster",
    "CpmiGatewayPlain",
    "CpmiHostCkp",
    "CpmiOseDevice",
    "CpmiVsClusterNetobj",
    "CpmiVsNetobj",
    "CpmiVsxClusterNetobj",
    "CpmiVsxNetobj",
    "checkpoint-host",
    "cluster-member",
    "gateway",
    "host",
    "interoperable-device",
    "lsm-cluster",
    "lsm-gateway",
    "simple-cluster",
    "simple-gateway",
    "smtp-server",
});

std::string Key(std::string_view text) {
    return std::string(text);
}

/// "80", "80-90", ">1023", "<1024", "" (all).
std::optional<NumberSet> PortsOf(std::string_view text) {
    text = Trim(text);
    if (text.starts_with('>')) {
        const auto port = NumberUpTo(Trim(text.substr(1)), kLastPort - 1);
        return port ? std::optional(NumberSet(*port + 1, kLastPort)) : std::nullopt;
    }
    if (text.starts_with('<')) {
        const auto port = NumberUpTo(Trim(text.substr(1)), kLastPort);
        return port && *port > 0 ? std::optional(NumberSet(0, *port - 1)) : std::nullopt;
    }
    return ParsePorts(text);
}

void AddHost(JsonNode object, std::vector<Range<std::uint32_t>>& v4, std::vector<Range<Uint128>>& v6) {
    if (const auto address = ParseIpv4(object["ipv4-address"].text())) v4.push_back({*address, *address});
    if (const auto address = ParseIpv6(object["ipv6-address"].text())) v6.push_back({*address, *address});
}

/// A gateway stands for the addresses of all its interfaces.
AddressSet HostOf(JsonNode object, std::string_view type) {
    std::vector<Range<std::uint32_t>> v4;
    std::vector<Range<Uint128>> v6;
    AddHost(object, v4, v6);
    if (type != "host") {
        for (const JsonNode interface : object["interfaces"].children()) AddHost(interface, v4, v6);
    }
    return {Ipv4Set(std::move(v4)), Ipv6Set(std::move(v6))};
}

AddressSet NetworkOf(JsonNode object) {
    AddressSet set;
    const auto subnet4 = ParseIpv4(object["subnet4"].text());
    auto length4 = NumberUpTo(object["mask-length4"].text(), 32);
    if (!length4) {
        const auto mask = ParseIpv4(object["subnet-mask"].text());
        const auto prefix = mask ? PrefixOfMask(*mask) : std::nullopt;
        if (prefix) length4 = *prefix;
    }
    if (subnet4 && length4) {
        const auto range = Ipv4Network(*subnet4, *length4);
        set.v4 = Ipv4Set(range.first, range.last);
    }
    const auto subnet6 = ParseIpv6(object["subnet6"].text());
    const auto length6 = NumberUpTo(object["mask-length6"].text(), 128);
    if (subnet6 && length6) {
        const auto range = Ipv6Network(*subnet6, *length6);
        set.v6 = Ipv6Set(range.first, range.last);
    }
    return set;
}

AddressSet RangeOf(JsonNode object) {
    AddressSet set;
    const auto first4 = ParseIpv4(object["ipv4-address-first"].text());
    const auto last4 = ParseIpv4(object["ipv4-address-last"].text());
    if (first4 && last4 && *first4 <= *last4) set.v4 = Ipv4Set(*first4, *last4);
    const auto first6 = ParseIpv6(object["ipv6-address-first"].text());
    const auto last6 = ParseIpv6(object["ipv6-address-last"].text());
    if (first6 && last6 && *first6 <= *last6) set.v6 = Ipv6Set(*first6, *last6);
    // A multicast object may be one address.
    if (set.v4.empty() && set.v6.empty()) set = HostOf(object, "host");
    return set;
}

}  // namespace

bool IsCheckPointAny(std::string_view name) {
    return name == "Any" || name == "any" || name == "97aeb369-9aea-11d5-bd16-0090272ccb30";
}

std::optional<std::int64_t> CheckPointTime(JsonNode time) {
    const auto millis = ParseInt(time["posix"].text());
    if (!millis || *millis <= 0) return std::nullopt;
    return *millis / 1000;
}

void CheckPointObjects::Collect(JsonNode value) {
    if (value.is_object()) {
        const std::string_view type = value["type"].text();
        const std::string uid = Key(value["uid"].text());
        if (!uid.empty() && !type.empty() && type != "access-rule" && type != "access-section") {
            const auto members = static_cast<std::size_t>(std::ranges::distance(value.children().begin(), value.children().end()));
            const auto [place, is_new] = by_uid_.try_emplace(uid);
            if (is_new) uids_.push_back(uid);
            if (is_new || members > place->second.members) {
                place->second = {value, uid, ReplaceInvalidUtf8(value["name"].text()), std::string(type), members, std::nullopt};
            }
        }
    }
    for (const JsonNode child : value.children()) {
        if (child.is_object() || child.is_array()) Collect(child);
    }
}

void CheckPointObjects::Finish() {
    for (const std::string& uid : uids_) {
        Entry& entry = by_uid_[uid];
        uid_by_name_.try_emplace(entry.name, uid);
        if (entry.type == "time" && !entry.object["end-never"].is_true()) entry.end = CheckPointTime(entry.object["end"]);
    }
    for (const std::string& uid : uids_) {
        const Entry& entry = by_uid_[uid];
        if (!DefineService(uid, entry.object, entry.type)) DefineAddress(uid, entry.object, entry.type);
    }
}

const CheckPointObjects::Entry* CheckPointObjects::Find(JsonNode element) const {
    const std::string_view id = element.is_object() ? (element["uid"] ? element["uid"].text() : element["name"].text()) : element.text();
    const auto found = by_uid_.find(Key(id));
    if (found != by_uid_.end()) return &found->second;
    const auto named = uid_by_name_.find(Key(id));
    return named == uid_by_name_.end() ? nullptr : &by_uid_.at(named->second);
}

std::string CheckPointObjects::NameOf(JsonNode element) const {
    const Entry* entry = Find(element);
    if (entry != nullptr && !entry->name.empty()) return entry->name;
    return ReplaceInvalidUtf8(element.is_object() ? element["name"].text() : element.text());
}

std::vector<NameRef> CheckPointObjects::RefsOf(JsonNode value) const {
    std::vector<NameRef> refs;
    const auto add = [&](JsonNode element) {
        const Entry* entry = Find(element);
        const std::string name = NameOf(element);
        refs.push_back({entry != nullptr ? entry->uid : name, element.line(), name});
    };
    if (value.is_array()) {
        for (const JsonNode element : value.children()) add(element);
    } else if (value.has_value()) {
        add(value);
    }
    return refs;
}

std::vector<const CheckPointObjects::Entry*> CheckPointObjects::all() const {
    std::vector<const Entry*> entries;
    for (const std::string& uid : uids_) entries.push_back(&by_uid_.at(uid));
    return entries;
}

std::optional<AddressMatch> CheckPointObjects::AddressOtherwise(const NameRef& ref) {
    if (IsCheckPointAny(ref.name)) return AddressMatch::Any();
    return std::nullopt;
}

std::optional<ServiceMatch> CheckPointObjects::ServiceOtherwise(const NameRef& ref) {
    if (IsCheckPointAny(ref.name)) return ServiceMatch::Any();
    return std::nullopt;
}

AddressMatch CheckPointObjects::AddressOf(JsonNode object, std::string_view type) {
    const std::string name = ReplaceInvalidUtf8(object["name"].text());
    const auto* unknown = std::ranges::find(kUnknownAddresses, type, &UnknownType::type);
    if (unknown != kUnknownAddresses.end()) return AddressMatch::Unknown(unknown->what, fmt::format("{} {}", type, name), object.line());
    AddressSet set;
    if (IsIn(kHosts, type)) {
        set = HostOf(object, type);
    } else if (type == "network") {
        set = NetworkOf(object);
    } else if (type == "address-range" || type == "multicast-address-range") {
        set = RangeOf(object);
    } else if (type == "wildcard") {
        const auto address = ParseIpv4(object["ipv4-address"].text());
        const auto ignored = ParseIpv4(object["ipv4-mask-wildcard"].text());
        if (address && ignored) set = WildcardAddresses(*address, *ignored).value_or(AddressSet());
    }
    if (!set.v4.empty() || !set.v6.empty()) return AddressMatch::Of(std::move(set));
    return AddressMatch::Unknown("other", fmt::format("{} {}", type, name), object.line());
}

void CheckPointObjects::DefineAddress(const std::string& uid, JsonNode object, std::string_view type) {
    if (type == "CpmiAnyObject") {
        addresses_.Define(0, uid, AddressMatch::Any());
        services_.Define(0, uid, ServiceMatch::Any());
    } else if (type == "group") {
        addresses_.DefineGroup(0, uid, RefsOf(object["members"]));
    } else if (type == "group-with-exclusion") {
        addresses_.DefineGroup(0, uid, RefsOf(object["include"]), RefsOf(object["except"]));
    } else {
        const bool is_known = IsIn(kHosts, type) || type == "network" || type == "address-range" || type == "multicast-address-range" || type == "wildcard" ||
                              std::ranges::find(kUnknownAddresses, type, &UnknownType::type) != kUnknownAddresses.end();
        if (!is_known && !IsIn(kOtherTypes, type)) notes_.NotUnderstood(object.line(), fmt::format("object {} of type {}", object["name"].text(), type));
        addresses_.Define(0, uid, AddressOf(object, type));
    }
}

ServiceMatch CheckPointObjects::PortService(JsonNode object, std::uint8_t protocol) {
    const auto ports = PortsOf(object["port"].text());
    const auto source_ports = PortsOf(object["source-port"].text());
    if (!ports || !source_ports) {
        notes_.NotUnderstood(object.line(), fmt::format("service {}: port {}", object["name"].text(), object["port"].text()));
        return ServiceMatch::Unknown("other", ReplaceInvalidUtf8(object["name"].text()), object.line(), ServicesOf(protocol));
    }
    const NumberSet services = ServicesOf(protocol, *ports);
    if (object["match-by-protocol-signature"].is_true())
        return ServiceMatch::Unknown("application", ReplaceInvalidUtf8(object["name"].text()), object.line(), services);
    return ServiceMatch::Of(services, *source_ports);
}

ServiceMatch CheckPointObjects::ServiceOf(JsonNode object, std::string_view type) {
    if (type == "service-tcp") return PortService(object, kTcp);
    if (type == "service-udp") return PortService(object, kUdp);
    if (type == "service-sctp") return PortService(object, 132);
    const std::string name = ReplaceInvalidUtf8(object["name"].text());
    if (type == "service-icmp" || type == "service-icmp6") {
        const std::uint8_t protocol = type == "service-icmp" ? kIcmp : kIcmpv6;
        const auto number = NumberUpTo(object["icmp-type"].text(), 255);
        const auto code = NumberUpTo(object["icmp-code"].text(), 255);
        if (!number) return ServiceMatch::Of(ServicesOf(protocol));
        return ServiceMatch::Of(
            ServicesOf(protocol, IcmpKind{static_cast<std::uint8_t>(*number), code ? std::optional(static_cast<std::uint8_t>(*code)) : std::nullopt}));
    }
    if (type == "service-other") {
        const auto protocol = NumberUpTo(object["ip-protocol"].text(), 255);
        const NumberSet services = protocol ? ServicesOf(static_cast<std::uint8_t>(*protocol)) : AllServices();
        // `match` is an expression in INSPECT: it may ask for anything.
        const bool is_plain = protocol && object["match"].text().empty();
        return is_plain ? ServiceMatch::Of(services)
                        : ServiceMatch::Unknown("other", fmt::format("{} {}", name, Shorten(object["match"].text(), 100)), object.line(), services);
    }
    const NumberSet most = type == "service-compound-tcp" || type == "service-citrix-tcp" || type == "service-dce-rpc" ? ServicesOf(kTcp) : AllServices();
    return ServiceMatch::Unknown("application", fmt::format("{} {}", type, name), object.line(), most);
}

bool CheckPointObjects::DefineService(const std::string& uid, JsonNode object, std::string_view type) {
    static constexpr auto kServices = std::to_array<std::string_view>({
        "application-group",
        "application-site",
        "application-site-category",
        "application-site-group",
        "service-citrix-tcp",
        "service-compound-tcp",
        "service-dce-rpc",
        "service-gtp",
        "service-icmp",
        "service-icmp6",
        "service-other",
        "service-rpc",
        "service-sctp",
        "service-tcp",
        "service-udp",
        "url-category",
    });
    if (type == "service-group") {
        services_.DefineGroup(0, uid, RefsOf(object["members"]));
        return true;
    }
    if (!IsIn(kServices, type)) return false;
    services_.Define(0, uid, ServiceOf(object, type));
    return true;
}

}  // namespace opsteward::firewall
