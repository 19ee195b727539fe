#include "features/firewall/formats/palo_alto/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace opsteward::firewall {
namespace {

/// Of a rule, and no part of what it matches.
bool IsRemark(std::string_view key) {
    static constexpr std::array<std::string_view, 8> kKeys{
        "disable-inspect", "disable-server-response-inspection", "group-tag", "log-setting", "option", "profile-setting", "qos", "tag"};
    return std::ranges::find(kKeys, key) != kKeys.end();
}

/// What narrows a rule and has no dimension, where it is something else than "any".
struct OtherCondition {
    std::string_view key;
    std::string_view what;
};
constexpr std::array<OtherCondition, 11> kOtherConditions{{{"source-user", "user"},
                                                           {"category", "other"},
                                                           {"application", "application"},
                                                           {"hip-profiles", "other"},
                                                           {"source-hip", "other"},
                                                           {"destination-hip", "other"},
                                                           {"saas-user-list", "user"},
                                                           {"saas-tenant-list", "user"},
                                                           {"source-imsi", "user"},
                                                           {"source-imei", "user"},
                                                           {"source-nw-slice", "other"}}};

bool IsAny(const std::vector<NameRef>& names) {
    return std::ranges::any_of(names, [](const NameRef& name) { return name.name == "any"; });
}

std::string Listed(std::string_view key, const std::vector<NameRef>& names) {
    static constexpr std::size_t kShown = 20;
    std::string text(key);
    for (std::size_t i = 0; i < std::min(names.size(), kShown); ++i) text += " " + names[i].name;
    if (names.size() > kShown) text += " …";
    return text;
}

/// Intrazone: within each zone of both lists. Interzone: all pairs but those.
std::vector<ZonePair> PairsOf(std::string_view type, const NumberSet& in, const NumberSet& out, RangeBudget& budget) {
    std::vector<ZonePair> pairs;
    if (type != "intrazone" && type != "interzone") return {{in, out}};
    const NumberSet both = in.Intersection(out);
    if (type == "interzone") {
        const NumberSet alone = in.Difference(both);
        if (!alone.empty()) pairs.push_back({alone, out});
    }
    for (const Range<std::uint32_t>& range : both.ranges()) {
        for (std::uint32_t zone = range.first; zone <= range.last; ++zone) {
            if (!budget.Spend(2 + out.ranges().size())) return pairs;
            pairs.push_back({NumberSet(zone), type == "intrazone" ? NumberSet(zone) : out.Difference(NumberSet(zone))});
        }
    }
    return pairs;
}

/// PAN-OS's default: the log is written at the end of a session.
bool IsLogged(std::string_view start, std::string_view end, bool is_end_default) {
    return start == "yes" || (end.empty() ? is_end_default : end == "yes");
}

std::optional<Action> ActionOf(std::string_view word, bool is_unreachable) {
    if (word == "allow") return Action::kAccept;
    if (word == "deny" || word == "drop") return is_unreachable ? Action::kReject : Action::kDeny;
    if (word == "reset-client" || word == "reset-server" || word == "reset-both") return Action::kReject;
    return std::nullopt;
}

/// Wherever in the rule they stand: commands may give several keys in one line.
void AddZones(WordNode rule, PaloAltoZones& zones) {
    for (const WordNode key : rule.children()) {
        const bool is_list = key.word() == "from" || key.word() == "to";
        for (const WordNode value : key.children()) {
            if (is_list) zones.Add(value.word());
            if (!value.is_leaf()) AddZones(value, zones);
        }
    }
}

}  // namespace

PaloAltoZones::PaloAltoZones(bool has_others) {
    if (!has_others) return;
    Add("*");
    Add("**");
}

void PaloAltoZones::Add(std::string_view name) {
    if (name == "any" || name == "multicast") return;
    if (numbers_.try_emplace(std::string(name), static_cast<std::uint32_t>(names_.size())).second) names_.emplace_back(name);
}

NumberSet PaloAltoZones::NumbersOf(const std::vector<NameRef>& names) const {
    if (IsAny(names)) return names_.empty() ? NumberSet() : NumberSet(0, static_cast<std::uint32_t>(names_.size() - 1));
    std::vector<Range<std::uint32_t>> ranges;
    for (const NameRef& name : names) {
        const auto found = numbers_.find(name.name);
        if (found != numbers_.end()) ranges.push_back({found->second, found->second});
    }
    return NumberSet(std::move(ranges));
}

/// A rule's settings, before they are worked out.
struct PaloAltoRules::Draft {
    std::vector<NameRef> from, to, source, destination, service;
    std::array<std::vector<NameRef>, kOtherConditions.size()> others;
    std::vector<UnknownPart> unknown;
    std::string_view action, description, schedule, type, disabled, negate_source, negate_destination, log_start, log_end, unreachable, uuid;
    std::size_t schedule_line = 0;
};

PaloAltoRules::PaloAltoRules(PaloAltoObjects& objects, RangeBudget& budget, ReaderNotes& notes, const ReadBounds& bounds)
    : objects_(objects), budget_(budget), member_budget_(bounds.member_ranges), notes_(notes) {}

bool PaloAltoRules::ReadValue(WordNode key, Draft& draft) {
    struct Setting {
        std::string_view key;
        std::string_view Draft::*value;
    };
    static constexpr std::array<Setting, 11> kSettings{{{"action", &Draft::action},
                                                        {"description", &Draft::description},
                                                        {"schedule", &Draft::schedule},
                                                        {"rule-type", &Draft::type},
                                                        {"disabled", &Draft::disabled},
                                                        {"negate-source", &Draft::negate_source},
                                                        {"negate-destination", &Draft::negate_destination},
                                                        {"log-start", &Draft::log_start},
                                                        {"log-end", &Draft::log_end},
                                                        {"icmp-unreachable", &Draft::unreachable},
                                                        {"uuid", &Draft::uuid}}};
    const auto* setting = std::ranges::find(kSettings, key.word(), &Setting::key);
    if (setting == kSettings.end()) return false;
    // Of several, the last was set last.
    for (const WordNode value : key.children()) {
        draft.*(setting->value) = value.word();
        ReadKeys(value, draft);
    }
    if (key.word() == "schedule") draft.schedule_line = key.line();
    return true;
}

/// What stands below a value is more of the rule's keys: commands may give several of them in one line.
void PaloAltoRules::ReadKeys(WordNode node, Draft& draft) {
    struct List {
        std::string_view key;
        std::vector<NameRef> Draft::*names;
    };
    static constexpr std::array<List, 5> kLists{
        {{"from", &Draft::from}, {"to", &Draft::to}, {"source", &Draft::source}, {"destination", &Draft::destination}, {"service", &Draft::service}}};
    const auto take = [&](WordNode key, std::vector<NameRef>& names) {
        for (const WordNode value : key.children()) {
            names.push_back({std::string(value.word()), value.line()});
            ReadKeys(value, draft);
        }
    };
    for (const WordNode key : node.children()) {
        const auto* list = std::ranges::find(kLists, key.word(), &List::key);
        const auto* other = std::ranges::find(kOtherConditions, key.word(), &OtherCondition::key);
        if (list != kLists.end()) {
            take(key, draft.*(list->names));
        } else if (other != kOtherConditions.end()) {
            take(key, draft.others[static_cast<std::size_t>(other - kOtherConditions.begin())]);
        } else if (key.word() == "target") {
            if (!key["devices"].is_leaf()) AddUnknown(draft.unknown, {"other", "target devices", key.line()});
        } else if (!ReadValue(key, draft) && !IsRemark(key.word())) {
            notes_.NotUnderstood(key);
            AddUnknown(draft.unknown, {"other", std::string(Shorten(key.word(), 100)), key.line()});
        }
    }
}

/// Everything but its traffic.
void PaloAltoRules::Judge(const Draft& draft, std::size_t scope, Rule& rule) {
    rule.uuid = draft.uuid;
    rule.comment = ReplaceInvalidUtf8(draft.description);
    rule.is_enabled = draft.disabled != "yes";
    rule.is_logged = IsLogged(draft.log_start, draft.log_end, true);
    if (const auto action = ActionOf(draft.action, draft.unreachable == "yes")) {
        rule.action = *action;
    } else {
        rule.action = Action::kDeny;
        AddUnknown(rule.unknown, {"other", fmt::format("action {}", draft.action), rule.line});
    }
    for (std::size_t i = 0; i < kOtherConditions.size(); ++i) {
        const auto& names = draft.others[i];
        if (!names.empty() && !IsAny(names))
            AddUnknown(rule.unknown, {std::string(kOtherConditions[i].what), Listed(kOtherConditions[i].key, names), names.front().line});
    }
    if (!draft.schedule.empty() && draft.schedule != "none") {
        const auto schedule = objects_.FindSchedule(scope, draft.schedule);
        rule.has_ended = schedule && schedule->has_ended;
        if (!rule.has_ended) AddUnknown(rule.unknown, {"schedule", std::string(draft.schedule), draft.schedule_line});
    }
    for (const UnknownPart& part : draft.unknown) AddUnknown(rule.unknown, part);
    const bool is_type_known = draft.type.empty() || draft.type == "universal" || draft.type == "intrazone" || draft.type == "interzone";
    if (!is_type_known) AddUnknown(rule.unknown, {"other", fmt::format("rule-type {}", draft.type), rule.line});
}

Rule PaloAltoRules::ReadRule(WordNode node, std::size_t scope, const PaloAltoZones& zones) {
    Draft draft;
    ReadKeys(node, draft);
    Rule rule;
    rule.id = ReplaceInvalidUtf8(node.word());
    rule.name = rule.id;
    rule.line = node.line();
    rule.text = Join(notes_.LinesBelow(node), "; ");
    Judge(draft, scope, rule);
    // An intrazone rule names its zones once.
    if (draft.type == "intrazone" && draft.to.empty()) draft.to = draft.from;
    const std::array<std::pair<std::string_view, std::vector<NameRef>*>, 5> needed{
        {{"from", &draft.from}, {"to", &draft.to}, {"source", &draft.source}, {"destination", &draft.destination}, {"service", &draft.service}}};
    for (const auto& [key, names] : needed) {
        if (!names->empty()) continue;
        AddUnknown(rule.unknown, {"other", fmt::format("{} is missing", key), rule.line});
        names->push_back({"any", rule.line});
    }
    for (const auto* names : {&draft.from, &draft.to}) {
        for (const NameRef& name : *names) {
            if (name.name == "multicast") AddUnknown(rule.unknown, {"interface", "zone multicast", name.line});
        }
    }
    RuleParts parts;
    parts.zones = PairsOf(draft.type, zones.NumbersOf(draft.from), zones.NumbersOf(draft.to), budget_);
    parts.source = objects_.addresses().ResolveAll(scope, draft.source);
    parts.destination = objects_.addresses().ResolveAll(scope, draft.destination);
    parts.services = objects_.services().ResolveAll(scope, draft.service);
    NamedLists lists{scope, scope, scope, draft.source, draft.destination, draft.service};
    if (draft.negate_source == "yes") {
        parts.source = parts.source.Complement();
        lists.source.clear();
    }
    if (draft.negate_destination == "yes") {
        parts.destination = parts.destination.Complement();
        lists.destination.clear();
    }
    FillTraffic(parts, budget_, rule);
    FillMembers(lists, parts, objects_.addresses(), objects_.services(), member_budget_, rule);
    return rule;
}

Rule PaloAltoRules::ReadDefault(std::string_view name, const std::vector<PaloAltoRulebase>& rulebases, const PaloAltoZones& zones) {
    const bool is_intrazone = name == "intrazone-default";
    Rule rule;
    rule.id = name;
    rule.name = name;
    rule.action = is_intrazone ? Action::kAccept : Action::kDeny;
    rule.text = fmt::format("rule-type {}; action {}", is_intrazone ? "intrazone" : "interzone", is_intrazone ? "allow" : "deny");
    // The local rulebase is the most specific; of Panorama's, which has them in its post-rulebases, the nearer comes first.
    for (const PaloAltoRulebase& rulebase : rulebases) {
        if (rulebase.node.word() == "pre-rulebase") continue;
        const WordNode node = rulebase.node["default-security-rules"]["rules"][name];
        if (!node) continue;
        rule.line = node.line();
        rule.uuid = node["uuid"].value();
        rule.text += "; " + Join(notes_.LinesBelow(node), "; ");
        if (const WordNode action = node["action"]) {
            const auto known = ActionOf(action.value(), node["icmp-unreachable"].value() == "yes");
            if (known) rule.action = *known;
            if (!known) AddUnknown(rule.unknown, {"other", fmt::format("action {}", action.value()), action.line()});
        }
        rule.is_logged = IsLogged(node["log-start"].value(), node["log-end"].value(), false);
        break;
    }
    const NumberSet all = zones.NumbersOf({{"any", 0}});
    RuleParts parts{PairsOf(is_intrazone ? "intrazone" : "interzone", all, all, budget_), AddressMatch::Any(), AddressMatch::Any(), ServiceMatch::Any()};
    FillTraffic(parts, budget_, rule);
    return rule;
}

RuleBase PaloAltoRules::Read(std::string name, const std::vector<std::string>& zones, const std::vector<PaloAltoRulebase>& rulebases) {
    PaloAltoZones numbers(zones.empty());
    for (const std::string& zone : zones) numbers.Add(zone);
    const auto each_rule = [&](auto&& visit) {
        for (const PaloAltoRulebase& rulebase : rulebases) {
            for (const WordNode rule : rulebase.node["security"]["rules"].children()) visit(rule, rulebase.scope);
        }
    };
    each_rule([&](WordNode rule, std::size_t) { AddZones(rule, numbers); });
    RuleBase base;
    base.name = std::move(name);
    each_rule([&](WordNode rule, std::size_t scope) {
        if (!budget_.is_spent() && !notes_.is_spent()) base.rules.push_back(ReadRule(rule, scope, numbers));
    });
    for (const std::string_view last : {std::string_view("intrazone-default"), std::string_view("interzone-default")})
        base.rules.push_back(ReadDefault(last, rulebases, numbers));
    base.zones = numbers.names();
    return base;
}

}  // namespace opsteward::firewall
