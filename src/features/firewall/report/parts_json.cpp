#include "features/firewall/report/parts_json.hpp"

#include <set>

#include "base/text.hpp"
#include "features/firewall/model/packet_text.hpp"
#include "features/firewall/model/traffic_text.hpp"

namespace opsteward::firewall {

namespace {

/// Of one set of a product; who needs all of a longer one has the configuration.
constexpr std::size_t kMostValues = 50;

}  // namespace

json::string Utf8(std::string_view text) { return json::string(ReplaceInvalidUtf8(text)); }

json::object PacketJson(const Packet& packet, const RuleBase& rules) {
    static const std::set<std::string, std::less<>> kNumbers{"sport", "dport", "type", "code"};
    json::object object;
    for (const auto& [name, value] : PacketFields(packet, rules)) {
        object[name] = kNumbers.contains(name) ? json::value(ParseInt(value).value_or(0)) : json::value(Utf8(value));
    }
    return object;
}

json::value PacketJson(const std::optional<Packet>& packet, const RuleBase& rules) {
    if (!packet) return nullptr;
    return PacketJson(*packet, rules);
}

json::object TrafficJson(const Traffic& traffic, const std::vector<std::string>& zones) {
    json::object object;
    for (const auto& [name, value] : TrafficFields(traffic, zones, kMostValues)) object[name] = Utf8(value);
    return object;
}

json::value RuleJson(const RuleBase& base, std::optional<std::size_t> rule) {
    if (!rule) return nullptr;
    const Rule& one = base.rules[*rule];
    return json::object{{"id", Utf8(one.id)}, {"name", Utf8(one.name)}, {"uuid", Utf8(one.uuid)}, {"line", one.line}, {"action", NameOf(one.action)}};
}

json::array UnknownPartsJson(const std::vector<UnknownPart>& parts) {
    json::array array;
    for (const UnknownPart& part : parts) array.push_back(json::object{{"what", part.what}, {"text", Utf8(part.text)}, {"line", part.line}});
    return array;
}

json::array UnknownLinesJson(const std::vector<UnknownLine>& lines) {
    json::array array;
    array.reserve(lines.size());
    for (const UnknownLine& line : lines) array.push_back(json::object{{"line", line.line}, {"text", Utf8(line.text)}});
    return array;
}

json::array StringsJson(const std::vector<std::string>& texts) {
    json::array array;
    for (const std::string& text : texts) array.emplace_back(Utf8(text));
    return array;
}

json::object TextJson(const Text& text) { return {{"zh", Utf8(text.zh)}, {"en", Utf8(text.en)}}; }

}  // namespace opsteward::firewall
