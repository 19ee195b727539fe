#include "features/firewall/report/difference_json.hpp"

#include "features/firewall/report/parts_json.hpp"

namespace opsteward::firewall {

namespace {

json::array DetailsJson(const std::vector<DetailChange>& details) {
    json::array array;
    for (const DetailChange& detail : details) {
        array.push_back(json::object{{"setting", Utf8(detail.setting)}, {"removed", StringsJson(detail.removed)}, {"added", StringsJson(detail.added)}});
    }
    return array;
}

json::object ItemJson(const ItemChange& item) {
    return {{"change", NameOf(item.change)},   {"kind", Utf8(item.kind)},       {"name", Utf8(item.name)},
            {"line_before", item.line_before}, {"line_after", item.line_after}, {"details", DetailsJson(item.details)}};
}

json::object RuleChangeJson(const RuleChange& rule) {
    const auto place = [](const std::optional<std::size_t>& value) { return value ? json::value(*value) : json::value(nullptr); };
    return {{"change", NameOf(rule.change)},
            {"rule_base", Utf8(rule.rule_base)},
            {"id", Utf8(rule.id)},
            {"uuid", Utf8(rule.uuid)},
            {"name", Utf8(rule.name)},
            {"line_before", rule.line_before},
            {"line_after", rule.line_after},
            {"place_before", place(rule.place_before)},
            {"place_after", place(rule.place_after)},
            {"has_moved", rule.has_moved},
            {"was_enabled", rule.was_enabled},
            {"was_disabled", rule.was_disabled},
            {"has_ended", rule.has_ended},
            {"matches_differently", rule.matches_differently},
            {"details", DetailsJson(rule.details)}};
}

}  // namespace

json::object ToJson(const ConfigurationDifference& difference) {
    json::array items;
    for (const ItemChange& item : difference.items) items.push_back(ItemJson(item));
    json::array rules;
    for (const RuleChange& rule : difference.rules) rules.push_back(RuleChangeJson(rule));
    return {{"items", std::move(items)},
            {"rules", std::move(rules)},
            {"rule_bases_added", StringsJson(difference.rule_bases_added)},
            {"rule_bases_removed", StringsJson(difference.rule_bases_removed)}};
}

json::object ToJson(const RuleBase& before, const RuleBase& after, const MeaningDifference& difference) {
    RuleBase zones;  // for the names of zones that both have together
    zones.zones = difference.zones;
    json::array changes;
    for (const MeaningChange& change : difference.changes) {
        json::array traffic;
        for (const Traffic& one : change.traffic) traffic.push_back(TrafficJson(one, difference.zones));
        changes.push_back(json::object{{"before", RuleJson(before, change.before)},
                                       {"after", RuleJson(after, change.after)},
                                       {"was_allowed", change.was_allowed},
                                       {"is_conditional", change.is_conditional},
                                       {"traffic", std::move(traffic)},
                                       {"packet", PacketJson(change.example, zones)}});
    }
    return {{"rule_base", Utf8(after.name)}, {"is_complete", difference.is_complete}, {"changes", std::move(changes)}};
}

}  // namespace opsteward::firewall
