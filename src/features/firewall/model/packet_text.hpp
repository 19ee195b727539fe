// A packet as people write it: "src=192.0.2.1 dst=198.51.100.7 proto=tcp sport=40000 dport=443 in=inside out=outside state=new".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "features/firewall/model/rule_base.hpp"

namespace opsteward::firewall {

/// src and dst are needed. proto: tcp, udp, icmp, icmpv6, sctp, esp, gre … or a number; without it tcp. dport is needed of protocols with ports; sport is
/// kUsualSourcePort if it is left out. type and code belong to ICMP, and are 0 if left out. in and out: RuleBase::ZoneOfInterface; one that is left out is "*"
/// where the rule base has it, the only zone where there is but one. Values with blanks: NamedValues. kInvalidInput names the part that is wrong.
Result<Packet> ParsePacket(std::string_view text, const RuleBase& rules);

/// Names and values of a packet, in the order above; what its protocol has not is left out.
std::vector<std::pair<std::string, std::string>> PacketFields(const Packet& packet, const RuleBase& rules);
/// ParsePacket of it gives the same packet.
std::string FormatPacket(const Packet& packet, const RuleBase& rules);

}  // namespace opsteward::firewall
