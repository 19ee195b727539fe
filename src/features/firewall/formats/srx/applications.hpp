// Applications of Junos's own, as `show configuration groups junos-defaults applications` prints them, and the names of ports and ICMP messages that
// applications use.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "features/firewall/formats/rule_parts.hpp"

namespace opsteward::firewall {

/// "junos-ssh", or a set such as "junos-cifs". One that is told apart by what it carries (a UUID, an RPC program) has an unknown part within its protocol.
std::optional<ServiceMatch> JunosApplication(const NameRef& ref);
/// "80", "80-90", "http".
std::optional<NumberSet> JunosPorts(std::string_view text);
/// A number, or a name such as "echo-request" ("icmp-type" of the configuration guide). `is_v6`: of ICMPv6.
std::optional<std::uint8_t> JunosIcmpType(std::string_view text, bool is_v6);

}  // namespace opsteward::firewall
