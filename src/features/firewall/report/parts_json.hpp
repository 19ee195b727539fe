// What several of the answers in JSON have in common (docs/formats/firewall-answers.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/language.hpp"
#include "features/firewall/model/configuration.hpp"

namespace opsteward::firewall {

/// What a configuration holds may be no UTF-8 where its reader keeps names byte for byte.
json::string Utf8(std::string_view text);
/// {"src", "dst", "proto", "sport", "dport" or "type", "code", "in", "out", "state"}: texts, but for ports, type and code; a state other than new.
json::object PacketJson(const Packet& packet, const RuleBase& rules);
json::value PacketJson(const std::optional<Packet>& packet, const RuleBase& rules);
/// The same names as PacketJson, with texts of several values; what is any is left out.
json::object TrafficJson(const Traffic& traffic, const std::vector<std::string>& zones);
/// {"id", "name", "uuid", "line", "action"}; null: the fallback.
json::value RuleJson(const RuleBase& base, std::optional<std::size_t> rule);
json::array UnknownPartsJson(const std::vector<UnknownPart>& parts);
json::array UnknownLinesJson(const std::vector<UnknownLine>& lines);
json::array StringsJson(const std::vector<std::string>& texts);
json::object TextJson(const Text& text);

}  // namespace opsteward::firewall
