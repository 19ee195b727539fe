#include "features/firewall/report/check_json.hpp"

#include "features/firewall/report/parts_json.hpp"

namespace opsteward::firewall {

namespace {

json::value OrNull(std::string_view text) { return text.empty() ? json::value(nullptr) : json::value(text); }

json::array IdsOf(const RuleBase& base, const std::vector<std::size_t>& places) {
    json::array ids;
    for (const std::size_t place : places) ids.emplace_back(Utf8(base.rules[place].id));
    return ids;
}

json::value CounterJson(const std::optional<RuleCounter>& counter) {
    if (!counter) return nullptr;
    const auto of = [](const auto& value) { return value ? json::value(*value) : json::value(nullptr); };
    return json::object{{"hits", of(counter->hits)},
                        {"bytes", of(counter->bytes)},
                        {"first_hit", of(counter->first_hit)},
                        {"last_hit", of(counter->last_hit)},
                        {"last_reset", of(counter->last_reset)},
                        {"created", of(counter->created)},
                        {"active_sessions", of(counter->active_sessions)}};
}

json::object RuleOf(const RuleBase& base, const RuleBaseCheck& check, std::size_t place) {
    const Rule& rule = base.rules[place];
    const RuleVerdict& verdict = check.verdicts[place];
    const Removal& removal = check.removals[place];
    const Breadth& breadth = check.breadths[place];
    json::object object = RuleJson(base, place).as_object();
    object["rule_base"] = Utf8(base.name);
    object["enabled"] = rule.is_enabled;
    object["logged"] = rule.is_logged;
    object["verdict"] = VerdictWord(verdict.kind);
    object["kind"] = OrNull(KindOf(rule, verdict, removal));
    object["covered_by"] = IdsOf(base, verdict.covered_by);
    object["opposed_by"] = verdict.opposed ? json::value(Utf8(base.rules[*verdict.opposed].id)) : json::value(nullptr);
    object["witness"] = PacketJson(verdict.witness, base);
    object["removal"] = NameOf(removal.effect);
    object["unknown_parts"] = UnknownPartsJson(rule.unknown);
    object["breadth"] = {{"log2_packets", breadth.log2_packets},
                         {"any_source", breadth.has_any_source},
                         {"any_destination", breadth.has_any_destination},
                         {"any_service", breadth.has_any_service}};
    object["counter"] = CounterJson(rule.counter);
    return object;
}

json::object DeadMemberJson(const RuleBase& base, const DeadMember& dead) {
    const Rule& rule = base.rules[dead.rule];
    const MemberList& list = rule.members[dead.list];
    const Member& member = list.members[dead.member];
    return {{"rule_base", Utf8(base.name)},
            {"rule", Utf8(rule.id)},
            {"where", Utf8(list.where)},
            {"member", Utf8(member.name)},
            {"line", member.line},
            {"reason", NameOf(dead.reason)},
            {"other", dead.other ? json::value(Utf8(list.members[*dead.other].name)) : json::value(nullptr)}};
}

json::array HygieneJson(const std::vector<HygieneFinding>& findings) {
    json::array array;
    for (const HygieneFinding& finding : findings) {
        array.push_back(json::object{{"check", finding.check},
                                     {"level", NameOf(finding.level)},
                                     {"subject", Utf8(finding.subject)},
                                     {"what", TextJson(finding.what)},
                                     {"line", finding.line}});
    }
    return array;
}

json::object TotalsJson(const CheckTotals& totals) {
    json::object kinds;
    for (const auto& [kind, count] : totals.kinds) kinds[kind] = count;
    json::object hygiene;
    for (const auto& [level, count] : totals.hygiene) hygiene[NameOf(level)] = count;
    return {{"rules", totals.rules},
            {"live", totals.Of(VerdictKind::kLive)},
            {"dead", totals.Of(VerdictKind::kDead) + totals.Of(VerdictKind::kInactive)},
            {"live_unless", totals.Of(VerdictKind::kLiveUnless)},
            {"undecided", totals.Of(VerdictKind::kUndecided)},
            {"kinds", std::move(kinds)},
            {"dead_members", totals.dead_members},
            {"reversed", totals.reversed},
            {"hygiene", std::move(hygiene)}};
}

}  // namespace

std::string_view VerdictWord(VerdictKind kind) { return NameOf(kind == VerdictKind::kInactive ? VerdictKind::kDead : kind); }

std::string CheckJson(const ConfigurationCheck& check, json::object more) {
    const Configuration& configuration = *check.configuration;
    std::string rules;
    json::array bases;
    json::array members;
    json::array reversed;
    for (std::size_t i = 0; i < check.rule_bases.size(); ++i) {
        const RuleBase& base = configuration.rule_bases[i];
        const RuleBaseCheck& one = check.rule_bases[i];
        bases.push_back(json::object{{"name", Utf8(base.name)},
                                     {"way", NameOf(base.way)},
                                     {"zones", StringsJson(base.zones)},
                                     {"rules", base.rules.size()},
                                     {"fallback", NameOf(base.fallback)},
                                     {"fallback_line", base.fallback_line}});
        for (std::size_t place = 0; place < base.rules.size(); ++place) rules += (rules.empty() ? "" : ",") + json::serialize(RuleOf(base, one, place));
        for (const DeadMember& dead : one.dead_members) members.push_back(DeadMemberJson(base, dead));
        for (const std::size_t place : one.reversed)
            reversed.push_back(json::object{{"rule_base", Utf8(base.name)}, {"rule", Utf8(base.rules[place].id)}, {"line", base.rules[place].line}});
    }
    more["format"] = NameOf(configuration.format);
    more["vendor_version"] = Utf8(configuration.vendor_version);
    more["host_name"] = Utf8(configuration.host_name);
    more["totals"] = TotalsJson(TotalsOf(check));
    more["rule_bases"] = std::move(bases);
    more["dead_members"] = std::move(members);
    more["reversed"] = std::move(reversed);
    more["hygiene"] = HygieneJson(check.hygiene);
    more["unknown"] = UnknownLinesJson(configuration.unknown);
    std::string text = json::serialize(more);
    text.pop_back();
    return text.append(",\"rules\":[").append(rules).append("]}");
}

}  // namespace opsteward::firewall
