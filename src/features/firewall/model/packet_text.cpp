#include "features/firewall/model/packet_text.hpp"

#include <optional>

#include <fmt/format.h>

#include "base/text.hpp"
#include "features/firewall/model/address.hpp"
#include "features/firewall/model/named_values.hpp"
#include "features/firewall/model/service_text.hpp"

namespace opsteward::firewall {

namespace {

Error Wrong(const std::string& zh, const std::string& en) { return Error::Of(ErrorCode::kInvalidInput, "封包：" + zh, "Packet: " + en); }

class PacketReader {
  public:
    PacketReader(NamedValues values, const RuleBase& rules) : values_(std::move(values)), rules_(rules) {}

    Result<Packet> Read() {
        OPS_CHECK(ReadAddresses());
        OPS_CHECK(ReadService());
        OPS_TRY(packet_.in, Zone("in"));
        OPS_TRY(packet_.out, Zone("out"));
        OPS_CHECK(ReadState());
        if (const auto done = values_.ExpectNoOthers(); !done.ok()) return Wrong(done.error().caller_text.zh, done.error().caller_text.en);
        return packet_;
    }

  private:
    Result<void> ReadAddresses() {
        const auto source = values_.Take("src");
        const auto destination = values_.Take("dst");
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

    /// `otherwise`: where it is left out; none: it may not be.
    Result<std::uint32_t> Number(const std::string& name, std::uint32_t last, std::optional<std::uint32_t> otherwise) {
        const auto text = values_.Take(name);
        if (!text && otherwise) return *otherwise;
        if (!text) return Wrong("需要 " + name + "。", name + " is needed.");
        const auto number = NumberUpTo(*text, last);
        if (!number) return Wrong(fmt::format("{} 應為 0 至 {} 的數字。", name, last), fmt::format("{} should be a number from 0 to {}.", name, last));
        return *number;
    }

    Result<void> ReadService() {
        const std::string name = values_.Take("proto").value_or("tcp");
        const auto protocol = ParseProtocol(name);
        if (!protocol) return Wrong("不認得協定「" + name + "」。", "The protocol \"" + name + "\" is not known.");
        std::uint32_t low = 0;
        if (HasPorts(*protocol)) {
            OPS_TRY(low, Number("dport", kLastPort, std::nullopt));
            OPS_TRY(packet_.source_port, Number("sport", kLastPort, kUsualSourcePort));
        } else if (IsIcmp(*protocol)) {
            OPS_TRY(const std::uint32_t type, Number("type", 255, 0));
            OPS_TRY(const std::uint32_t code, Number("code", 255, 0));
            low = type << 8 | code;
        }
        packet_.service = ServiceKey(*protocol, static_cast<std::uint16_t>(low));
        return Ok();
    }

    Result<std::uint32_t> Zone(const std::string& name) {
        const auto zone = values_.Take(name);
        if (zone) {
            const auto number = rules_.ZoneOfInterface(*zone);
            if (!number) return Wrong("沒有介面或區域「" + *zone + "」。", "There is no interface or zone \"" + *zone + "\".");
            return *number;
        }
        if (const auto other = rules_.ZoneNumber("*")) return *other;
        if (rules_.zones.size() <= 1) return 0U;
        std::string known = Join(rules_.zones, ", ");
        return Wrong("需要 " + name + "（" + known + "）。", name + " is needed (" + known + ").");
    }

    Result<void> ReadState() {
        const auto state = values_.Take("state");
        if (!state) return Ok();
        const auto number = ParseState(*state);
        if (!number) return Wrong("不認得狀態「" + *state + "」。", "The state \"" + *state + "\" is not known.");
        packet_.state = *number;
        return Ok();
    }

    NamedValues values_;
    const RuleBase& rules_;
    Packet packet_;
};

}  // namespace

Result<Packet> ParsePacket(std::string_view text, const RuleBase& rules) {
    auto values = NamedValues::Parse(text);
    if (!values.ok()) return Wrong(values.error().caller_text.zh, values.error().caller_text.en);
    return PacketReader(std::move(*values), rules).Read();
}

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
    if (packet.state != 0) fields.emplace_back("state", StateName(packet.state));
    return fields;
}

std::string FormatPacket(const Packet& packet, const RuleBase& rules) {
    std::string text;
    for (const auto& [name, value] : PacketFields(packet, rules)) text += (text.empty() ? "" : " ") + name + "=" + QuotedValue(value);
    return text;
}

}  // namespace opsteward::firewall
