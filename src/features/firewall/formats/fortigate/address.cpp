// FortiOS's addresses: firewall address and address6.
#include <chrono>
#include <cstdio>

#include "base/text.hpp"
#include "features/firewall/formats/fortigate/objects.hpp"
#include "features/firewall/formats/rule_parts.hpp"
#include "features/firewall/model/address.hpp"

namespace opsteward::firewall {

namespace {

std::string Joined(const std::vector<std::string>& values) { return Join(values, " "); }

/// "192.0.2.0 255.255.255.0", "192.0.2.0/24", "192.0.2.1".
std::optional<Ipv4Set> SubnetOf(const std::vector<std::string>& values) {
    if (values.size() == 1) {
        const auto range = ParseIpv4Range(values[0]);
        return range ? std::optional(Ipv4Set(range->first, range->last)) : std::nullopt;
    }
    if (values.size() != 2) return std::nullopt;
    const auto address = ParseIpv4(values[0]);
    const auto mask = ParseIpv4(values[1]);
    if (!address || !mask) return std::nullopt;
    const auto addresses = WildcardAddresses(*address, ~*mask);
    return addresses ? std::optional(addresses->v4) : std::nullopt;
}

std::optional<Ipv4Set> RangeOf4(std::string_view first, std::string_view last) {
    const auto begin = ParseIpv4(first);
    const auto end = ParseIpv4(last);
    if (!begin || !end || *begin > *end) return std::nullopt;
    return Ipv4Set(*begin, *end);
}

std::optional<Ipv6Set> RangeOf6(std::string_view first, std::string_view last) {
    const auto begin = ParseIpv6(first);
    const auto end = ParseIpv6(last);
    if (!begin || !end || *begin > *end) return std::nullopt;
    return Ipv6Set(*begin, *end);
}

std::string_view UnknownKindOf(std::string_view type) {
    if (type == "fqdn" || type == "wildcard-fqdn") return "fqdn";
    if (type == "geography") return "geography";
    if (type == "mac") return "mac";
    return "other";
}

/// The address of an interface, for addresses that follow it; none for one that learns its own (DHCP, PPPoE).
std::optional<Ipv4Set> SubnetOfInterface(const FortigateObjects& objects, const std::string& name) {
    const FortigateNodeId entry = objects.Entry("system interface", name);
    if (entry == kNoFortigateNode) return std::nullopt;
    const FortigateSettings settings = objects.tree().SettingsOf(entry);
    if (settings.First("mode", "static") != "static") return std::nullopt;
    return SubnetOf(settings.Of("ip").values);
}

}  // namespace

std::optional<std::int64_t> LatestMomentOf(std::string_view date, std::string_view time) {
    static constexpr std::int64_t kWestmost = 12 * 3600;  // UTC-12 is the last to see a day end
    int year = 0;
    int month = 0;
    int day = 0;
    int hour = 0;
    int minute = 0;
    const std::string written = std::string(date.substr(0, 10)) + " " + std::string(time.substr(0, 8));
    const char first_separator = date.size() > 4 ? date[4] : '\0';
    if (first_separator != '/' && first_separator != '-') return std::nullopt;
    const char* const form = first_separator == '/' ? "%4d/%2d/%2d %2d:%2d" : "%4d-%2d-%2d %2d:%2d";
    if (std::sscanf(written.c_str(), form, &year, &month, &day, &hour, &minute) != 5) return std::nullopt;
    const std::chrono::year_month_day calendar{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                               std::chrono::day{static_cast<unsigned>(day)}};
    if (!calendar.ok() || year < 1970 || hour < 0 || hour > 23 || minute < 0 || minute > 59) return std::nullopt;
    const std::int64_t days = std::chrono::sys_days(calendar).time_since_epoch().count();
    return days * 86'400 + hour * 3600 + minute * 60 + 59 + kWestmost;
}

void FortigateObjects::ReadAddressEntry(Family family, const std::string& name, FortigateNodeId node, FortigateAddress& address) {
    const FortigateSettings settings = tree_.SettingsOf(node);
    const std::string_view type = settings.First("type", family == Family::kIpv4 ? "ipmask" : "ipprefix");
    std::optional<Ipv4Set> v4;
    std::optional<Ipv6Set> v6;
    if (type == "iprange") {
        if (family == Family::kIpv4) {
            v4 = RangeOf4(settings.First("start-ip"), settings.First("end-ip"));
        } else {
            v6 = RangeOf6(settings.First("start-ip"), settings.First("end-ip"));
        }
    } else if (type == "ipmask" && family == Family::kIpv4) {
        const std::vector<std::string>& subnet = settings.Of("subnet").values;
        v4 = subnet.empty() ? Ipv4Set::All() : SubnetOf(subnet);
    } else if (type == "wildcard" && family == Family::kIpv4) {
        v4 = SubnetOf(settings.Of("wildcard").values);
    } else if (type == "interface-subnet" && family == Family::kIpv4) {
        v4 = SubnetOfInterface(*this, std::string(settings.First("interface")));
        if (!v4 && !settings.Of("subnet").values.empty()) v4 = SubnetOf(settings.Of("subnet").values);
    } else if (type == "ipprefix" && family == Family::kIpv6) {
        const std::string_view prefix = settings.First("ip6", "::/0");
        const auto range = ParseIpv6Range(prefix);
        if (range) v6 = Ipv6Set(range->first, range->last);
    }
    if (v4 || v6) {
        address.v4 = v4.value_or(Ipv4Set());
        address.v6 = v6.value_or(Ipv6Set());
        return;
    }
    (family == Family::kIpv4) ? void(address.v4 = Ipv4Set::All()) : void(address.v6 = Ipv6Set::All());
    std::string text = name + " (" + std::string(type);
    for (const char* const setting : {"fqdn", "wildcard-fqdn", "country", "wildcard", "subnet", "ip6", "interface", "macaddr", "start-mac", "sdn", "filter"}) {
        const std::vector<std::string>& values = settings.Of(setting).values;
        if (!values.empty()) text += " " + Joined(values);
    }
    AddUnknownPart(address.unknown,
                   {std::string(type == "interface-subnet" ? "interface" : UnknownKindOf(type)), Shorten(text, 200) + ")", tree_.node(node).line});
}

}  // namespace opsteward::firewall
