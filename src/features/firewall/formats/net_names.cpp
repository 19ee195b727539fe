#include "features/firewall/formats/net_names.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.hpp"

namespace opsteward::firewall {
namespace {

struct Name {
    std::string_view text;
    std::uint16_t number;
};

constexpr auto kProtocols = std::to_array<Name>({
    {"ah", 51},       {"carp", 112},    {"dccp", 33},       {"egp", 8},        {"eigrp", 88},   {"encap", 98},     {"esp", 50},       {"etherip", 97},
    {"ggp", 3},       {"gre", 47},      {"hip", 139},       {"hopopt", 0},     {"icmp", 1},     {"icmp6", 58},     {"icmpv6", 58},    {"igmp", 2},
    {"igp", 9},       {"igrp", 9},      {"ipcomp", 108},    {"ipencap", 4},    {"ipinip", 4},   {"ipip", 94},      {"ipsec", 50},     {"ipv4", 4},
    {"ipv6", 41},     {"ipv6-frag", 44}, {"ipv6-icmp", 58}, {"ipv6-nonxt", 59}, {"ipv6-opts", 60}, {"ipv6-route", 43}, {"isis", 124}, {"l2tp", 115},
    {"mobility-header", 135}, {"mpls-in-ip", 137}, {"nos", 94}, {"ospf", 89}, {"ospfigp", 89}, {"pcp", 108}, {"pfsync", 240}, {"pim", 103},
    {"pptp", 47},     {"rdp", 27},      {"rsvp", 46},       {"sctp", 132},     {"skip", 57},    {"snp", 109},      {"tcp", 6},        {"udp", 17},
    {"udplite", 136}, {"vrrp", 112},    {"xtp", 36},
});

constexpr auto kPorts = std::to_array<Name>({
    {"aol", 5190},       {"bgp", 179},         {"biff", 512},          {"bootpc", 68},      {"bootps", 67},       {"chargen", 19},    {"cifs", 3020},
    {"citrix-ica", 1494}, {"cmd", 514},        {"ctiqbe", 2748},       {"daytime", 13},     {"discard", 9},       {"dnsix", 195},     {"domain", 53},
    {"echo", 7},         {"exec", 512},        {"finger", 79},         {"ftp", 21},         {"ftp-data", 20},     {"gopher", 70},     {"h323", 1720},
    {"hostname", 101},   {"http", 80},         {"https", 443},         {"ident", 113},      {"imap", 143},        {"imap4", 143},     {"imaps", 993},
    {"ipsec-msft", 4500}, {"irc", 194},        {"isakmp", 500},        {"kerberos", 88},    {"klogin", 543},      {"kshell", 544},    {"ldap", 389},
    {"ldaps", 636},      {"login", 513},       {"lotusnotes", 1352},   {"lpd", 515},        {"microsoft-ds", 445}, {"mobile-ip", 434}, {"ms-sql-s", 1433},
    {"nameserver", 42},  {"netbios-dgm", 138}, {"netbios-ns", 137},    {"netbios-ssn", 139}, {"nfs", 2049},       {"nntp", 119},      {"ntp", 123},
    {"pcanywhere-data", 5631}, {"pcanywhere-status", 5632}, {"pim-auto-rp", 496}, {"pop2", 109}, {"pop3", 110},   {"pop3s", 995},     {"pptp", 1723},
    {"radius", 1645},    {"radius-acct", 1646}, {"rip", 520},          {"rsh", 514},        {"rtsp", 554},        {"secureid-udp", 5510}, {"sip", 5060},
    {"smtp", 25},        {"smtps", 465},       {"snmp", 161},          {"snmptrap", 162},   {"sqlnet", 1521},     {"ssh", 22},        {"submission", 587},
    {"sunrpc", 111},     {"syslog", 514},      {"tacacs", 49},         {"talk", 517},       {"telnet", 23},       {"tftp", 69},       {"time", 37},
    {"uucp", 540},       {"vxlan", 4789},      {"who", 513},           {"whois", 43},       {"www", 80},          {"xdmcp", 177},
});

/// type << 8 | code, or the type alone.
struct IcmpName {
    std::string_view text;
    std::uint8_t type;
    std::int16_t code = -1;
};

constexpr auto kIcmpNames = std::to_array<IcmpName>({
    {"TOS-host-redirect", 5, 3},
    {"TOS-host-unreachable", 3, 12},
    {"TOS-network-redirect", 5, 2},
    {"TOS-network-unreachable", 3, 11},
    {"address-mask-reply", 18},
    {"address-mask-request", 17},
    {"alternate-address", 6},
    {"althost", 6},
    {"communication-prohibited", 3, 13},
    {"conversion-error", 31},
    {"dataconv", 31},
    {"destination-unreachable", 3},
    {"echo", 8},
    {"echo-reply", 0},
    {"echo-request", 8},
    {"echorep", 0},
    {"echoreq", 8},
    {"fragmentation-needed", 3, 4},
    {"host-precedence-violation", 3, 14},
    {"host-prohibited", 3, 10},
    {"host-redirect", 5, 1},
    {"host-unknown", 3, 7},
    {"host-unreachable", 3, 1},
    {"info-reply", 16},
    {"info-request", 15},
    {"inforep", 16},
    {"inforeq", 15},
    {"information-reply", 16},
    {"information-request", 15},
    {"ip-header-bad", 12, 0},
    {"ipv6-here", 34},
    {"ipv6-where", 33},
    {"mask-reply", 18},
    {"mask-request", 17},
    {"maskrep", 18},
    {"maskreq", 17},
    {"mobile-redirect", 32},
    {"mobredir", 32},
    {"network-prohibited", 3, 9},
    {"network-redirect", 5, 0},
    {"network-unknown", 3, 6},
    {"network-unreachable", 3, 0},
    {"parameter-problem", 12},
    {"paramprob", 12},
    {"photuris", 40},
    {"ping", 8},
    {"pong", 0},
    {"port-unreachable", 3, 3},
    {"precedence-cutoff", 3, 15},
    {"protocol-unreachable", 3, 2},
    {"redir", 5},
    {"redirect", 5},
    {"required-option-missing", 12, 1},
    {"router-advertisement", 9},
    {"router-solicitation", 10},
    {"routeradv", 9},
    {"routersol", 10},
    {"skip", 39},
    {"source-quench", 4},
    {"source-route-failed", 3, 5},
    {"squench", 4},
    {"time-exceeded", 11},
    {"timerep", 14},
    {"timereq", 13},
    {"timestamp-reply", 14},
    {"timestamp-request", 13},
    {"timex", 11},
    {"trace", 30},
    {"traceroute", 30},
    {"ttl-exceeded", 11},
    {"ttl-zero-during-reassembly", 11, 1},
    {"ttl-zero-during-transit", 11, 0},
    {"unreach", 3},
    {"unreachable", 3},
});

constexpr auto kIcmpv6Names = std::to_array<IcmpName>({
    {"address-unreachable", 1, 3}, {"bad-header", 4, 0}, {"beyond-scope", 1, 2}, {"communication-prohibited", 1, 1}, {"destination-unreachable", 1},
    {"echo", 128}, {"echo-reply", 129}, {"echo-request", 128}, {"echorep", 129}, {"echoreq", 128}, {"failed-policy", 1, 5}, {"groupqry", 130},
    {"grouprep", 131}, {"groupterm", 132}, {"ind-neighbor-advert", 142}, {"ind-neighbor-solicit", 141}, {"listendone", 132}, {"listenrep", 131},
    {"listqry", 130}, {"membership-query", 130}, {"membership-reduction", 132}, {"membership-report", 131}, {"mld-listener-done", 132},
    {"mld-listener-query", 130}, {"mld-listener-reduction", 132}, {"mld-listener-report", 131}, {"mld2-listener-report", 143},
    {"nd-neighbor-advert", 136}, {"nd-neighbor-solicit", 135}, {"nd-redirect", 137}, {"nd-router-advert", 134}, {"nd-router-solicit", 133},
    {"neighbor-advertisement", 136}, {"neighbor-redirect", 137}, {"neighbor-solicitation", 135}, {"neighbour-advertisement", 136},
    {"neighbour-solicitation", 135}, {"neighbradv", 136}, {"neighbrsol", 135}, {"no-route", 1, 0}, {"packet-too-big", 2}, {"parameter-problem", 4},
    {"paramprob", 4}, {"ping", 128}, {"pong", 129}, {"port-unreachable", 1, 4}, {"redir", 137}, {"redirect", 137}, {"reject-route", 1, 6},
    {"router-advertisement", 134}, {"router-renumbering", 138}, {"router-solicitation", 133}, {"routeradv", 134}, {"routersol", 133},
    {"routrrenum", 138}, {"time-exceeded", 3}, {"timex", 3}, {"toobig", 2}, {"ttl-exceeded", 3}, {"ttl-zero-during-reassembly", 3, 1},
    {"ttl-zero-during-transit", 3, 0}, {"unknown-header-type", 4, 1}, {"unknown-option", 4, 2}, {"unreach", 1}, {"unreachable", 1},
});

/// nft(8), ICMP CODE TYPE and ICMPV6 CODE TYPE.
constexpr auto kIcmpCodes = std::to_array<Name>({
    {"admin-prohibited", 13}, {"frag-needed", 4}, {"host-prohibited", 10}, {"host-unreachable", 1}, {"net-prohibited", 9}, {"net-unreachable", 0},
    {"port-unreachable", 3}, {"prot-unreachable", 2},
});
constexpr auto kIcmpv6Codes = std::to_array<Name>({
    {"addr-unreachable", 3}, {"admin-prohibited", 1}, {"no-route", 0}, {"policy-fail", 5}, {"port-unreachable", 4}, {"reject-route", 6},
});

static_assert(std::ranges::is_sorted(kProtocols, {}, &Name::text));
static_assert(std::ranges::is_sorted(kPorts, {}, &Name::text));
static_assert(std::ranges::is_sorted(kIcmpNames, {}, &IcmpName::text));
static_assert(std::ranges::is_sorted(kIcmpv6Names, {}, &IcmpName::text));
static_assert(std::ranges::is_sorted(kIcmpCodes, {}, &Name::text) && std::ranges::is_sorted(kIcmpv6Codes, {}, &Name::text));

template <typename Entry>
const Entry* Find(std::span<const Entry> names, std::string_view text) {
    const auto found = std::ranges::lower_bound(names, text, {}, &Entry::text);
    return found != names.end() && found->text == text ? &*found : nullptr;
}

std::optional<std::uint32_t> NumberOrName(std::span<const Name> names, std::string_view text, std::uint32_t last) {
    if (const auto number = NumberUpTo(text, last)) return number;
    const Name* const name = Find(names, text);
    if (name == nullptr) return std::nullopt;
    return name->number;
}

}  // namespace

std::optional<std::uint8_t> ProtocolNumber(std::string_view text) {
    const auto number = NumberOrName(kProtocols, text, 255);
    if (!number) return std::nullopt;
    return static_cast<std::uint8_t>(*number);
}

NumberSet ServicesWithPorts() {
    NumberSet services;
    for (const std::uint8_t protocol : {kTcp, kUdp, std::uint8_t{33}, std::uint8_t{132}, std::uint8_t{136}}) services = services.Union(ServicesOf(protocol));
    return services;
}

std::optional<std::uint16_t> PortNumber(std::string_view text) {
    const auto number = NumberOrName(kPorts, text, kLastPort);
    if (!number) return std::nullopt;
    return static_cast<std::uint16_t>(*number);
}

std::optional<IcmpKind> IcmpKindOf(std::uint8_t protocol, std::string_view text) {
    const std::size_t slash = text.find('/');
    if (const auto type = NumberUpTo(text.substr(0, slash), 255)) {
        IcmpKind kind{static_cast<std::uint8_t>(*type), std::nullopt};
        if (slash == std::string_view::npos) return kind;
        const auto code = NumberUpTo(text.substr(slash + 1), 255);
        if (!code) return std::nullopt;
        kind.code = static_cast<std::uint8_t>(*code);
        return kind;
    }
    const IcmpName* const name = Find(protocol == kIcmp ? std::span<const IcmpName>(kIcmpNames) : std::span<const IcmpName>(kIcmpv6Names), text);
    if (name == nullptr) return std::nullopt;
    IcmpKind kind{name->type, std::nullopt};
    if (name->code >= 0) kind.code = static_cast<std::uint8_t>(name->code);
    return kind;
}

std::optional<std::uint8_t> IcmpCodeOf(std::uint8_t protocol, std::string_view text) {
    const auto code = NumberOrName(protocol == kIcmp ? std::span<const Name>(kIcmpCodes) : std::span<const Name>(kIcmpv6Codes), text, 255);
    if (!code) return std::nullopt;
    return static_cast<std::uint8_t>(*code);
}

NumberSet ServicesOf(std::uint8_t protocol, const IcmpKind& kind) {
    const auto first = static_cast<std::uint16_t>(kind.type << 8);
    if (kind.code) return NumberSet(ServiceKey(protocol, static_cast<std::uint16_t>(first | *kind.code)));
    return NumberSet(ServiceKey(protocol, first), ServiceKey(protocol, static_cast<std::uint16_t>(first | 0xFF)));
}

NumberSet ServicesOf(std::uint8_t protocol, const NumberSet& ports) {
    std::vector<Range<std::uint32_t>> ranges;
    ranges.reserve(ports.ranges().size());
    for (const auto& range : ports.ranges()) ranges.push_back({ServiceKey(protocol, 0) + range.first, ServiceKey(protocol, 0) + range.last});
    return NumberSet(std::move(ranges));
}

}  // namespace opsteward::firewall
