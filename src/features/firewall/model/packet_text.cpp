#include "features/firewall/model/packet_text.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "base/text.hpp"
#include "features/firewall/model/address.hpp"

namespace opsteward::firewall {

namespace {

struct Protocol {
    std::string_view name;
    std::uint8_t number;
};
/// IANA's protocol numbers, as far as rules name them.
constexpr std::array<Protocol, 14> kProtocols{{{"icmp", 1}, {"igmp", 2}, {"tcp", 6}, {"egp", 8}, {"udp", 17}, {"dccp", 33}, {"gre", 47}, {"esp", 50}, {"ah", 51},
                                               {"icmpv6", 58}, {"ospf", 89}, {"vrrp", 112}, {"sctp", 132}, {"udplite", 136}}};
constexpr std::array<std::string_view, 5> kStates{"new", "established", "related", "invalid", "untracked"};

Error Wrong(const std::string& zh, const std::string& en) { return Error::Of(ErrorCode::kInvalidInput, "封包：" + zh, "Packet: " + en); }

std::optional<std::uint32_t> NumberUpTo(std::string_view text, std::uint32_t last) {
    const auto number = ParseInt(text);
    if (!number || *number < 0 || *number > last) return std::nullopt;
    return static_cast<std::uint32_t>(*number);
}

class PacketReader {
  public:
    PacketReader(std::string_view text, const RuleBase& rules) : text_(text), rules_(rules) {}

    Result<Packet> Read() {
        OPS_CHECK(Cut());
        OPS_CHECK(ReadAddresses());
        OPS_CHECK(ReadService());
        OPS_TRY(packet_.in, Zone("in"));
        OPS_TRY(packet_.out, Zone("out"));
        OPS_CHECK(ReadState());
        if (!parts_.empty()) return Wrong("不認得或用不上「" + parts_.begin()->first + "」。", "\"" + parts_.begin()->first + "\" is not known, or has no meaning here.");
        return packet_;
    }

  private:
    Result<void> Cut() {
        for (const std::string_view part : Split(text_, ' ')) {
            if (Trim(part).empty()) continue;
            const std::size_t equals = part.find('=');
            if (equals == std::string_view::npos || equals + 1 == part.size()) {
                return Wrong("「" + std::string(part) + "」不是 名稱=值。", "\"" + std::string(part) + "\" is not name=value.");
            }
            if (!parts_.emplace(std::string(part.substr(0, equals)), std::string(part.substr(equals + 1))).second) {
                return Wrong("「" + std::string(part.substr(0, equals)) + "」出現兩次。", "\"" + std::string(part.substr(0, equals)) + "\" is there twice.");
            }
        }
        return Ok();
    }

    std::optional<std::string> Take(const std::string& name) {
        auto node = parts_.extract(name);
        if (node.empty()) return std::nullopt;
        return std::move(node.mapped());
    }

    Result<void> ReadAddresses() {
        const auto source = Take("src");
        const auto destination = Take("dst");
        if (!source || !destination) return Wrong("需要 src 與 dst。", "src and dst are needed.");
        const auto source4 = ParseIpv4(*source);
        const auto destination4 = ParseIpv4(*destination);
        if (source4 && destination4) {
            packet_.source4 = *source4;
            packet_.destination4 = *destination4;
            return Ok();
        }
        const auto source6 = ParseIpv6(*source);
        const auto destination6 = ParseIpv6(*destination);
        if (!source6 || !destination6) return Wrong("src 與 dst 應同為 IPv4 或同為 IPv6 位址。", "src and dst should be addresses of one family.");
        packet_.family = Family::kIpv6;
        packet_.source6 = *source6;
        packet_.destination6 = *destination6;
        return Ok();
    }

    Result<std::uint32_t> Number(const std::string& name, std::uint32_t last) {
        const auto text = Take(name);
        if (!text) return 0U;
        const auto number = NumberUpTo(*text, last);
        if (!number) return Wrong(fmt::format("{} 應為 0 至 {} 的數字。", name, last), fmt::format("{} should be a number from 0 to {}.", name, last));
        return *number;
    }

    Result<void> ReadService() {
        const std::string name = Take("proto").value_or("tcp");
        std::string wanted = ToLowerAscii(name);
        if (wanted == "ipv6-icmp" || wanted == "icmp6") wanted = "icmpv6";
        const auto known = std::ranges::find(kProtocols, wanted, &Protocol::name);
        const auto protocol = known != kProtocols.end() ? std::optional<std::uint32_t>(known->number) : NumberUpTo(name, 255);
        if (!protocol) return Wrong("不認得協定「" + name + "」。", "The protocol \"" + name + "\" is not known.");
        const auto number = static_cast<std::uint8_t>(*protocol);
        std::uint32_t low = 0;
        if (HasPorts(number)) {
            OPS_TRY(low, Number("dport", kLastPort));
            OPS_TRY(packet_.source_port, Number("sport", kLastPort));
        } else if (IsIcmp(number)) {
            OPS_TRY(const std::uint32_t type, Number("type", 255));
            OPS_TRY(const std::uint32_t code, Number("code", 255));
            low = type << 8 | code;
        }
        packet_.service = ServiceKey(number, static_cast<std::uint16_t>(low));
        return Ok();
    }

    Result<std::uint32_t> Zone(const std::string& name) {
        const auto zone = Take(name);
        if (zone) {
            const auto number = rules_.ZoneNumber(*zone);
            const auto other = rules_.ZoneNumber("*");
            if (!number && !other) return Wrong("沒有介面或區域「" + *zone + "」。", "There is no interface or zone \"" + *zone + "\".");
            return number ? *number : *other;
        }
        if (const auto other = rules_.ZoneNumber("*")) return *other;
        if (rules_.zones.size() <= 1) return 0U;
        std::string known = Join(rules_.zones, ", ");
        return Wrong("需要 " + name + "（" + known + "）。", name + " is needed (" + known + ").");
    }

    Result<void> ReadState() {
        const auto state = Take("state");
        if (!state) return Ok();
        const auto known = std::ranges::find(kStates, ToLowerAscii(*state));
        if (known == kStates.end()) return Wrong("不認得狀態「" + *state + "」。", "The state \"" + *state + "\" is not known.");
        packet_.state = static_cast<std::uint32_t>(known - kStates.begin());
        return Ok();
    }

    std::string_view text_;
    const RuleBase& rules_;
    std::map<std::string, std::string> parts_;
    Packet packet_;
};

}  // namespace

bool HasPorts(std::uint8_t protocol) { return protocol == 6 || protocol == 17 || protocol == 33 || protocol == 132 || protocol == 136; }
bool IsIcmp(std::uint8_t protocol) { return protocol == 1 || protocol == 58; }

std::string ProtocolName(std::uint8_t protocol) {
    const auto known = std::ranges::find(kProtocols, protocol, &Protocol::number);
    return known != kProtocols.end() ? std::string(known->name) : std::to_string(protocol);
}

Result<Packet> ParsePacket(std::string_view text, const RuleBase& rules) { return PacketReader(text, rules).Read(); }

std::vector<std::pair<std::string, std::string>> PacketFields(const Packet& packet, const RuleBase& rules) {
    std::vector<std::pair<std::string, std::string>> fields;
    const bool is_v4 = packet.family == Family::kIpv4;
    fields.emplace_back("src", is_v4 ? FormatIpv4(packet.source4) : FormatIpv6(packet.source6));
    fields.emplace_back("dst", is_v4 ? FormatIpv4(packet.destination4) : FormatIpv6(packet.destination6));
    const auto protocol = static_cast<std::uint8_t>(packet.service >> 16);
    fields.emplace_back("proto", ProtocolName(protocol));
    if (HasPorts(protocol)) {
        fields.emplace_back("sport", std::to_string(packet.source_port));
        fields.emplace_back("dport", std::to_string(packet.service & 0xFFFF));
    } else if (IsIcmp(protocol)) {
        fields.emplace_back("type", std::to_string(packet.service >> 8 & 0xFF));
        fields.emplace_back("code", std::to_string(packet.service & 0xFF));
    }
    const auto zone = [&rules](std::uint32_t number) { return number < rules.zones.size() ? rules.zones[number] : std::string("*"); };
    fields.emplace_back("in", zone(packet.in));
    fields.emplace_back("out", zone(packet.out));
    if (packet.state != 0) fields.emplace_back("state", kStates[std::min<std::size_t>(packet.state, kStates.size() - 1)]);
    return fields;
}

std::string FormatPacket(const Packet& packet, const RuleBase& rules) {
    std::string text;
    for (const auto& [name, value] : PacketFields(packet, rules)) text += (text.empty() ? "" : " ") + name + "=" + value;
    return text;
}

std::vector<std::string> FormatServices(const NumberSet& services, std::size_t most) {
    std::vector<std::string> texts;
    if (services.Covers(AllServices())) return {"any"};
    for (const auto& range : services.ranges()) {
        for (std::uint32_t protocol = range.first >> 16; protocol <= range.last >> 16; ++protocol) {
            if (texts.size() == most) {
                texts.emplace_back("…");
                return texts;
            }
            const std::uint32_t first = std::max(range.first, protocol << 16) & 0xFFFF;
            const std::uint32_t last = std::min(range.last, protocol << 16 | 0xFFFF) & 0xFFFF;
            std::string text = ProtocolName(static_cast<std::uint8_t>(protocol));
            if (first != 0 || last != 0xFFFF) {
                const bool is_type = IsIcmp(static_cast<std::uint8_t>(protocol));
                const bool is_whole_type = is_type && (first & 0xFF) == 0 && (last & 0xFF) == 0xFF;
                const std::uint32_t shown_first = is_whole_type ? first >> 8 : first;
                const std::uint32_t shown_last = is_whole_type ? last >> 8 : last;
                if (is_type && !is_whole_type && first == last) {
                    text += fmt::format("/{}.{}", first >> 8, first & 0xFF);
                } else {
                    text += shown_first == shown_last ? fmt::format("/{}", shown_first) : fmt::format("/{}-{}", shown_first, shown_last);
                }
            }
            texts.push_back(std::move(text));
        }
    }
    return texts;
}

}  // namespace opsteward::firewall
