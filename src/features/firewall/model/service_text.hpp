// Services and states of connections as people write them: "tcp/443", "udp/5000-5010", "icmp/3/1", "esp", "ip/47"; "new".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "features/firewall/model/rule_base.hpp"

namespace opsteward::firewall {

/// A number from 0 to `last`, plain decimal.
std::optional<std::uint32_t> NumberUpTo(std::string_view text, std::uint32_t last);
/// "443" or "8000-8100".
std::string FormatNumbers(const Range<std::uint32_t>& numbers);

/// "tcp", "icmp" … or the number.
std::string ProtocolName(std::uint8_t protocol);
/// By those names ("ipv6-icmp" and "icmp6" too), in either case, or by number.
std::optional<std::uint8_t> ParseProtocol(std::string_view text);
/// Whether a service of the protocol has a destination port.
bool HasPorts(std::uint8_t protocol);
bool IsIcmp(std::uint8_t protocol);

/// "any"; a protocol; with ports a port or a range behind "/", with ICMP a type or "type/code"; "ip/47", "ip/50-51" by number.
std::optional<Range<std::uint32_t>> ParseService(std::string_view text);
/// Each range of services, at most `most` and then "…"; many protocols one after the other as "ip/7-16". ParseService reads each of them.
std::vector<std::string> FormatServices(const NumberSet& services, std::size_t most);

/// "new", "established", "related", "invalid", "untracked".
std::string_view StateName(std::uint32_t state);
/// In either case.
std::optional<std::uint32_t> ParseState(std::string_view text);

}  // namespace opsteward::firewall
