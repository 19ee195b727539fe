// Names of protocols, ports and ICMP messages as configurations write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "features/firewall/model/rule_base.hpp"
#include "features/firewall/model/service_text.hpp"

namespace opsteward::firewall {

inline constexpr std::uint8_t kIcmp = 1;
inline constexpr std::uint8_t kTcp = 6;
inline constexpr std::uint8_t kUdp = 17;
inline constexpr std::uint8_t kIcmpv6 = 58;

/// By number or by name (IANA "Assigned Internet Protocol Numbers", and what iptables, nft, ASA and pf call them).
std::optional<std::uint8_t> ProtocolNumber(std::string_view text);
/// All services of the protocols that have ports.
NumberSet ServicesWithPorts();

/// By number or by name (IANA "Service Name and Transport Protocol Port Number Registry", and the port literals of the ASA command reference).
std::optional<std::uint16_t> PortNumber(std::string_view text);

/// A type, or a type with its code.
struct IcmpKind {
    std::uint8_t type = 0;
    std::optional<std::uint8_t> code;
};
/// "8", "3/4" or a name (iptables-extensions(8), nft(8), the ASA command reference, pf.conf(5)). `protocol`: kIcmp or kIcmpv6.
std::optional<IcmpKind> IcmpKindOf(std::uint8_t protocol, std::string_view text);
/// "port-unreachable", or a number: a code whose type is told elsewhere.
std::optional<std::uint8_t> IcmpCodeOf(std::uint8_t protocol, std::string_view text);

NumberSet ServicesOf(std::uint8_t protocol, const IcmpKind& kind);
/// The protocol with these destination ports.
NumberSet ServicesOf(std::uint8_t protocol, const NumberSet& ports);

}  // namespace opsteward::firewall
