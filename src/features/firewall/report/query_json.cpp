#include "features/firewall/report/query_json.hpp"

#include <algorithm>

#include "features/firewall/report/parts_json.hpp"

namespace opsteward::firewall {

json::object ToJson(const RuleBase& base, const Packet& packet, const Decision& decision) {
    json::array may_decide;
    for (const std::size_t place : decision.may_decide) {
        json::object rule = RuleJson(base, place).as_object();
        rule["unknown_parts"] = UnknownPartsJson(base.rules[place].unknown);
        may_decide.push_back(std::move(rule));
    }
    return {{"rule_base", Utf8(base.name)},          {"packet", PacketJson(packet, base)},
            {"action", NameOf(decision.action)},     {"outcome", NameOf(OutcomeOf(base, decision))},
            {"rule", RuleJson(base, decision.rule)}, {"may_decide", std::move(may_decide)}};
}

json::object ToJson(const RuleBase& base, const TrafficAnswer& answer) {
    json::array deciding;
    for (const DecidingRule& one : answer.deciding) {
        deciding.push_back(json::object{{"rule", RuleJson(base, one.rule)}, {"outcome", NameOf(one.outcome)}, {"packet", PacketJson(one.example, base)}});
    }
    return {{"rule_base", Utf8(base.name)},
            {"extent", NameOf(answer.extent)},
            {"deciding", std::move(deciding)},
            {"has_more", answer.has_more},
            {"allowed", PacketJson(answer.allowed, base)},
            {"blocked", PacketJson(answer.blocked, base)},
            {"depends", PacketJson(answer.depends, base)}};
}

json::object ToJson(std::span<const Expectation> expectations, std::span<const RuleBase> bases, std::span<const ExpectationResult> results) {
    json::array array;
    for (const ExpectationResult& result : results) {
        const Expectation& expectation = expectations[result.expectation];
        const RuleBase& base = bases[result.rule_base];
        array.push_back(json::object{{"name", expectation.name},
                                     {"line", expectation.line},
                                     {"rule_base", Utf8(base.name)},
                                     {"state", NameOf(result.state)},
                                     {"is_about_rest", result.is_about_rest},
                                     {"packet", PacketJson(result.example, base)},
                                     {"rule", RuleJson(base, result.rule)}});
    }
    const auto not_proved = std::ranges::count_if(results, [](const ExpectationResult& result) { return result.state != ExpectationState::kProved; });
    return {{"results", std::move(array)}, {"not_proved", not_proved}};
}

}  // namespace opsteward::firewall
