// Addresses of IPv4 and IPv6 as texts and as ranges.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "features/firewall/model/range_set.hpp"

namespace opsteward::firewall {

/// Dotted decimal, four numbers without leading zeros.
std::optional<std::uint32_t> ParseIpv4(std::string_view text);
/// RFC 4291 section 2.2; a zone ("%eth0") is refused.
std::optional<Uint128> ParseIpv6(std::string_view text);
std::string FormatIpv4(std::uint32_t address);
/// RFC 5952.
std::string FormatIpv6(Uint128 address);

/// The network of `prefix` bits that the address is in. Precondition: prefix <= 32, or <= 128.
Range<std::uint32_t> Ipv4Network(std::uint32_t address, unsigned prefix);
Range<Uint128> Ipv6Network(Uint128 address, unsigned prefix);
/// Of a mask such as 255.255.255.0; nothing for one with gaps.
std::optional<unsigned> PrefixOfMask(std::uint32_t mask);

/// "192.0.2.1", "192.0.2.0/24", "192.0.2.1-192.0.2.9".
std::optional<Range<std::uint32_t>> ParseIpv4Range(std::string_view text);
std::optional<Range<Uint128>> ParseIpv6Range(std::string_view text);

/// The shortest of these ways to write it.
std::string FormatIpv4Range(const Range<std::uint32_t>& range);
std::string FormatIpv6Range(const Range<Uint128>& range);

}  // namespace opsteward::firewall
