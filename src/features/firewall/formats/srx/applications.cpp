#include "features/firewall/formats/srx/applications.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/firewall/formats/net_names.hpp"

namespace opsteward::firewall {
namespace {

struct Predefined {
    std::string_view name;
    /// Blank-separated: "tcp/21", "udp/5060", "ip/47", "icmp/8", "icmp6/1.3" (type and code); a '?' at the end: part of it, by what it carries; "=name": as
    /// that one.
    std::string_view services;
};

constexpr auto kApplications = std::to_array<Predefined>({
    {"junos-aol", "tcp/5190-5193"},
    {"junos-bgp", "tcp/179"},
    {"junos-biff", "udp/512"},
    {"junos-bootpc", "udp/68"},
    {"junos-bootps", "udp/67"},
    {"junos-chargen", "udp/19"},
    {"junos-cifs", "=junos-netbios-session =junos-smb-session"},
    {"junos-cvspserver", "tcp/2401"},
    {"junos-dhcp-client", "udp/68"},
    {"junos-dhcp-relay", "udp/67"},
    {"junos-dhcp-server", "udp/67"},
    {"junos-discard", "udp/9"},
    {"junos-dns-tcp", "tcp/53"},
    {"junos-dns-udp", "udp/53"},
    {"junos-echo", "udp/7"},
    {"junos-finger", "tcp/79"},
    {"junos-ftp", "tcp/21"},
    {"junos-ftp-data", "tcp/20"},
    {"junos-gnutella", "udp/6346-6347"},
    {"junos-gopher", "tcp/70"},
    {"junos-gprs-gtp-c", "tcp/2123 udp/2123"},
    {"junos-gprs-gtp-c-tcp", "tcp/2123"},
    {"junos-gprs-gtp-c-udp", "udp/2123"},
    {"junos-gprs-gtp-u", "tcp/2152 udp/2152"},
    {"junos-gprs-gtp-u-tcp", "tcp/2152"},
    {"junos-gprs-gtp-u-udp", "udp/2152"},
    {"junos-gprs-gtp-v0", "tcp/3386 udp/3386"},
    {"junos-gprs-gtp-v0-tcp", "tcp/3386"},
    {"junos-gprs-gtp-v0-udp", "udp/3386"},
    {"junos-gprs-sctp", "ip/132"},
    {"junos-gre", "ip/47"},
    {"junos-gtp", "udp/2123"},
    {"junos-h323", "tcp/1720 udp/1719 tcp/1503 tcp/389 tcp/522 tcp/1731"},
    {"junos-http", "tcp/80"},
    {"junos-http-ext", "tcp/7001"},
    {"junos-https", "tcp/443"},
    {"junos-icmp-all", "ip/1"},
    {"junos-icmp-ping", "icmp/8"},
    {"junos-icmp6-all", "ip/58"},
    {"junos-icmp6-dst-unreach-addr", "icmp6/1.3"},
    {"junos-icmp6-dst-unreach-admin", "icmp6/1.1"},
    {"junos-icmp6-dst-unreach-beyond", "icmp6/1.2"},
    {"junos-icmp6-dst-unreach-port", "icmp6/1.4"},
    {"junos-icmp6-dst-unreach-route", "icmp6/1.0"},
    {"junos-icmp6-echo-reply", "icmp6/129"},
    {"junos-icmp6-echo-request", "icmp6/128"},
    {"junos-icmp6-packet-too-big", "icmp6/2.0"},
    {"junos-icmp6-param-prob-header", "icmp6/4.0"},
    {"junos-icmp6-param-prob-nexthdr", "icmp6/4.1"},
    {"junos-icmp6-param-prob-option", "icmp6/4.2"},
    {"junos-icmp6-time-exceed-reassembly", "icmp6/3.1"},
    {"junos-icmp6-time-exceed-transit", "icmp6/3.0"},
    {"junos-ident", "tcp/113"},
    {"junos-ike", "udp/500"},
    {"junos-ike-nat", "udp/4500"},
    {"junos-imap", "tcp/143"},
    {"junos-imaps", "tcp/993"},
    {"junos-internet-locator-service", "tcp/389"},
    {"junos-irc", "tcp/6660-6669"},
    {"junos-l2tp", "udp/1701"},
    {"junos-ldap", "tcp/389"},
    {"junos-ldp-tcp", "tcp/646"},
    {"junos-ldp-udp", "udp/646"},
    {"junos-lpr", "tcp/515"},
    {"junos-mail", "tcp/25"},
    {"junos-mgcp", "=junos-mgcp-ua =junos-mgcp-ca"},
    {"junos-mgcp-ca", "udp/2727"},
    {"junos-mgcp-ua", "udp/2427"},
    {"junos-ms-rpc", "=junos-ms-rpc-tcp =junos-ms-rpc-udp"},
    {"junos-ms-rpc-any", "ip/6? ip/17?"},
    {"junos-ms-rpc-epm", "ip/6?"},
    {"junos-ms-rpc-iis-com", "ip/6?"},
    {"junos-ms-rpc-iis-com-1", "ip/6?"},
    {"junos-ms-rpc-iis-com-adminbase", "ip/6?"},
    {"junos-ms-rpc-msexchange", "ip/6?"},
    {"junos-ms-rpc-msexchange-directory-nsp", "ip/6?"},
    {"junos-ms-rpc-msexchange-directory-rfr", "ip/6?"},
    {"junos-ms-rpc-msexchange-info-store", "ip/6?"},
    {"junos-ms-rpc-tcp", "tcp/135"},
    {"junos-ms-rpc-udp", "udp/135"},
    {"junos-ms-rpc-uuid-any-tcp", "ip/6?"},
    {"junos-ms-rpc-uuid-any-udp", "ip/17?"},
    {"junos-ms-rpc-wmic", "ip/6?"},
    {"junos-ms-rpc-wmic-admin", "ip/6?"},
    {"junos-ms-rpc-wmic-admin2", "ip/6?"},
    {"junos-ms-rpc-wmic-mgmt", "ip/6?"},
    {"junos-ms-rpc-wmic-webm-level1login", "ip/6?"},
    {"junos-ms-sql", "tcp/1433"},
    {"junos-msn", "tcp/1863"},
    {"junos-nbds", "udp/138"},
    {"junos-nbname", "udp/137"},
    {"junos-netbios-session", "tcp/139"},
    {"junos-nfs", "udp/111"},
    {"junos-nfsd-tcp", "tcp/2049"},
    {"junos-nfsd-udp", "udp/2049"},
    {"junos-nntp", "tcp/119"},
    {"junos-ns-global", "tcp/15397"},
    {"junos-ns-global-pro", "tcp/15397"},
    {"junos-nsm", "udp/69"},
    {"junos-ntalk", "udp/518 tcp/518"},
    {"junos-ntp", "udp/123"},
    {"junos-ospf", "ip/89"},
    {"junos-pc-anywhere", "udp/5632"},
    {"junos-persistent-nat", "ip/255"},
    {"junos-ping", "ip/1"},
    {"junos-pingv6", "ip/58"},
    {"junos-pop3", "tcp/110"},
    {"junos-pptp", "tcp/1723"},
    {"junos-printer", "tcp/515"},
    {"junos-r2cp", "udp/28672"},
    {"junos-radacct", "udp/1813"},
    {"junos-radius", "udp/1812"},
    {"junos-rdp", "tcp/3389"},
    {"junos-realaudio", "tcp/554"},
    {"junos-rip", "udp/520"},
    {"junos-routing-inbound", "=junos-bgp =junos-rip =junos-ldp-tcp =junos-ldp-udp"},
    {"junos-rsh", "tcp/514"},
    {"junos-rtsp", "tcp/554"},
    {"junos-sccp", "tcp/2000"},
    {"junos-sctp-any", "ip/132"},
    {"junos-sip", "udp/5060 tcp/5060"},
    {"junos-smb", "tcp/139 tcp/445"},
    {"junos-smb-session", "tcp/445"},
    {"junos-smtp", "tcp/25"},
    {"junos-smtps", "tcp/465"},
    {"junos-snmp-agentx", "tcp/705"},
    {"junos-snpp", "tcp/444"},
    {"junos-sql-monitor", "udp/1434"},
    {"junos-sqlnet-v1", "tcp/1525"},
    {"junos-sqlnet-v2", "tcp/1521"},
    {"junos-ssh", "tcp/22"},
    {"junos-stun", "udp/3478-3479 tcp/3478-3479"},
    {"junos-stun-tcp", "tcp/3478-3479"},
    {"junos-stun-udp", "udp/3478-3479"},
    {"junos-sun-rpc", "=junos-sun-rpc-tcp =junos-sun-rpc-udp"},
    {"junos-sun-rpc-tcp", "tcp/111"},
    {"junos-sun-rpc-udp", "udp/111"},
    {"junos-syslog", "udp/514"},
    {"junos-tacacs", "tcp/49"},
    {"junos-tacacs-ds", "tcp/65"},
    {"junos-talk", "udp/517 tcp/517"},
    {"junos-tcp-any", "ip/6"},
    {"junos-telnet", "tcp/23"},
    {"junos-tftp", "udp/69"},
    {"junos-udp-any", "ip/17"},
    {"junos-uucp", "udp/540"},
    {"junos-vdo-live", "udp/7000-7010"},
    {"junos-vnc", "tcp/5800"},
    {"junos-vxlan", "udp/4789"},
    {"junos-wais", "tcp/210"},
    {"junos-who", "udp/513"},
    {"junos-whois", "tcp/43"},
    {"junos-winframe", "tcp/1494"},
    {"junos-wxcontrol", "tcp/3578"},
    {"junos-x-windows", "tcp/6000-6063"},
    {"junos-xnm-clear-text", "tcp/3221"},
    {"junos-xnm-ssl", "tcp/3220"},
    {"junos-ymsg", "tcp/5000-5010 tcp/5050 udp/5000-5010 udp/5050"},
});
static_assert(std::ranges::is_sorted(kApplications, {}, &Predefined::name));

/// "8", "1.3": type, or type and code.
NumberSet IcmpOf(std::uint8_t protocol, std::string_view text) {
    const std::size_t dot = text.find('.');
    IcmpKind kind;
    kind.type = static_cast<std::uint8_t>(ParseInt(text.substr(0, dot)).value_or(0));
    if (dot != std::string_view::npos) kind.code = static_cast<std::uint8_t>(ParseInt(text.substr(dot + 1)).value_or(0));
    return ServicesOf(protocol, kind);
}

NumberSet ServicesIn(std::string_view word) {
    const std::size_t slash = word.find('/');
    const std::string_view kind = word.substr(0, slash);
    const std::string_view value = word.substr(slash + 1);
    if (kind == "ip") return ServicesOf(static_cast<std::uint8_t>(ParseInt(value).value_or(0)));
    if (kind == "icmp") return IcmpOf(kIcmp, value);
    if (kind == "icmp6") return IcmpOf(kIcmpv6, value);
    return ServicesOf(kind == "tcp" ? kTcp : kUdp, ParsePorts(value).value_or(NumberSet()));
}

void AddWords(const Predefined& application, const NameRef& ref, ServiceBuilder& builder) {
    for (std::string_view word : Split(application.services, ' ')) {
        if (word.starts_with('=')) {
            // Sets name applications alone, so that this ends.
            const auto* part = std::ranges::lower_bound(kApplications, word.substr(1), {}, &Predefined::name);
            if (part != kApplications.end() && part->name == word.substr(1)) AddWords(*part, ref, builder);
        } else if (word.ends_with('?')) {
            word.remove_suffix(1);
            builder.Add(ServiceMatch::Unknown("application", ref.name, ref.line, ServicesIn(word)));
        } else {
            builder.Add(ServiceMatch::Of(ServicesIn(word)));
        }
    }
}

struct Named {
    std::string_view name;
    std::uint16_t number;
};

/// Where Junos calls a port otherwise than others do ("destination-port", Junos OS Security Policies User Guide).
constexpr auto kPortNames = std::to_array<Named>({
    {"cvspserver", 2401}, {"dhcp", 67},         {"ekshell", 2106},       {"eklogin", 2105},    {"kerberos-sec", 88}, {"kpasswd", 464}, {"krb-prop", 754},
    {"krbupdate", 760},   {"ldp", 646},         {"mobileip-agent", 434}, {"mobilip-mn", 435},  {"msdp", 639},        {"nfsd", 2049},   {"ntalk", 518},
    {"printer", 515},     {"radacct", 1813},    {"radius", 1812},        {"rkinit", 2108},     {"snpp", 444},        {"socks", 1080},  {"tacacs-ds", 65},
    {"timed", 525},       {"zephyr-clt", 2103}, {"zephyr-hm", 2104},     {"zephyr-srv", 2102},
});
constexpr auto kIcmpTypes = std::to_array<Named>({
    {"echo-reply", 0},
    {"unreachable", 3},
    {"source-quench", 4},
    {"redirect", 5},
    {"echo-request", 8},
    {"router-advertisement", 9},
    {"router-solicit", 10},
    {"time-exceeded", 11},
    {"parameter-problem", 12},
    {"timestamp", 13},
    {"timestamp-reply", 14},
    {"info-request", 15},
    {"info-reply", 16},
    {"mask-request", 17},
    {"mask-reply", 18},
});
constexpr auto kIcmp6Types = std::to_array<Named>({
    {"destination-unreachable", 1},
    {"packet-too-big", 2},
    {"time-exceeded", 3},
    {"parameter-problem", 4},
    {"echo-request", 128},
    {"echo-reply", 129},
    {"membership-query", 130},
    {"membership-report", 131},
    {"membership-termination", 132},
    {"router-solicit", 133},
    {"router-advertisement", 134},
    {"neighbor-solicit", 135},
    {"neighbor-advertisement", 136},
    {"redirect", 137},
    {"node-information-request", 139},
    {"node-information-reply", 140},
});

template <std::size_t N>
std::optional<std::uint16_t> Find(const std::array<Named, N>& names, std::string_view name) {
    const auto* found = std::ranges::find(names, name, &Named::name);
    if (found == names.end()) return std::nullopt;
    return found->number;
}

std::optional<std::uint32_t> OnePort(std::string_view text) {
    if (const auto own = Find(kPortNames, text)) return *own;
    if (const auto number = NumberUpTo(text, kLastPort)) return *number;
    return PortNumber(text);
}

}  // namespace

std::optional<ServiceMatch> JunosApplication(const NameRef& ref) {
    if (ref.name == "any") return ServiceMatch::Any();
    if (ref.name.starts_with("junos-sun-rpc-") && ref.name != "junos-sun-rpc-tcp" && ref.name != "junos-sun-rpc-udp") {
        const NumberSet tcp = ref.name.ends_with("-udp") ? NumberSet() : ServicesOf(kTcp);
        const NumberSet udp = ref.name.ends_with("-tcp") ? NumberSet() : ServicesOf(kUdp);
        return ServiceMatch::Unknown("application", ref.name, ref.line, tcp.Union(udp));
    }
    const auto* found = std::ranges::lower_bound(kApplications, ref.name, {}, &Predefined::name);
    if (found == kApplications.end() || found->name != ref.name) return std::nullopt;
    ServiceBuilder builder;
    AddWords(*found, ref, builder);
    return builder.Finish();
}

std::optional<NumberSet> JunosPorts(std::string_view text) {
    if (const auto one = OnePort(text)) return NumberSet(*one);
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto first = OnePort(text.substr(0, dash));
    const auto last = OnePort(text.substr(dash + 1));
    if (!first || !last || *first > *last) return std::nullopt;
    return NumberSet(*first, *last);
}

std::optional<std::uint8_t> JunosIcmpType(std::string_view text, bool is_v6) {
    if (const auto number = NumberUpTo(text, 255)) return static_cast<std::uint8_t>(*number);
    const auto named = is_v6 ? Find(kIcmp6Types, text) : Find(kIcmpTypes, text);
    if (!named) return std::nullopt;
    return static_cast<std::uint8_t>(*named);
}

}  // namespace opsteward::firewall
