#include "features/firewall/formats/srx/policies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace opsteward::firewall {
namespace {

bool IsAny(const std::vector<NameRef>& names) {
    return std::ranges::any_of(names, [](const NameRef& name) { return name.name == "any"; });
}

/// Of a policy or of `policies`: neither a condition nor an action.
bool IsRemark(std::string_view word) {
    static constexpr std::array<std::string_view, 10> kWords{"description",
                                                             "count",
                                                             "traceoptions",
                                                             "policy-rematch",
                                                             "policy-stats",
                                                             "report-skip",
                                                             "unified-policy-explicit-match",
                                                             "stateful-firewall-rules",
                                                             "pre-id-default-policy",
                                                             "lookup-intrazone-policies"};
    return std::ranges::find(kWords, word) != kWords.end();
}

/// Matched by more than the model has dimensions for.
std::string_view WhatOf(std::string_view key) {
    if (key == "source-identity" || key == "source-end-user-profile") return "user";
    return key == "dynamic-application" ? "application" : "other";
}

std::vector<NameRef> NamesOf(WordNode node) {
    std::vector<NameRef> names;
    for (const WordNode child : ActiveChildren(node)) names.push_back({std::string(child.word()), child.line()});
    return names;
}

}  // namespace

struct SrxPolicies::Draft {
    std::vector<NameRef> source, destination, applications, from, to;
    bool excludes_source = false;
    bool excludes_destination = false;
    std::vector<UnknownPart> unknown;
};

void SrxPolicies::AddZone(std::string_view name, RuleBase& base) {
    if (name == "any") return;
    if (zones_.try_emplace(std::string(name), static_cast<std::uint32_t>(base.zones.size())).second) base.zones.emplace_back(name);
}

void SrxPolicies::ReadZones(WordNode security, RuleBase& base) {
    for (const WordNode zone : ActiveChildren(ActiveChild(ActiveChild(security, "zones"), "security-zone"))) AddZone(zone.word(), base);
    const WordNode policies = ActiveChild(security, "policies");
    for (const WordNode from : ActiveChildren(ActiveChild(policies, "from-zone"))) {
        AddZone(from.word(), base);
        for (const WordNode to : ActiveChildren(ActiveChild(from, "to-zone"))) AddZone(to.word(), base);
    }
    for (const WordNode policy : ActiveChild(ActiveChild(policies, "global"), "policy").children()) {
        for (const std::string_view key : {std::string_view("from-zone"), std::string_view("to-zone")}) {
            for (const NameRef& name : NamesOf(ActiveChild(ActiveChild(policy, "match"), key))) AddZone(name.name, base);
        }
    }
    if (base.zones.empty()) AddZone("*", base);
}

NumberSet SrxPolicies::ZonesOf(const std::vector<NameRef>& names, const RuleBase& base) const {
    if (names.empty() || IsAny(names)) return base.AllZones();
    std::vector<Range<std::uint32_t>> ranges;
    for (const NameRef& name : names) {
        const auto found = zones_.find(name.name);
        if (found != zones_.end()) ranges.push_back({found->second, found->second});
    }
    return NumberSet(std::move(ranges));
}

RuleBase SrxPolicies::Read(std::string name, WordNode system) {
    RuleBase base;
    base.name = std::move(name);
    zones_.clear();
    const WordNode security = ActiveChild(system, "security");
    ReadZones(security, base);
    const WordNode policies = ActiveChild(security, "policies");
    const auto read_all = [&](WordNode context, const Place& place) {
        for (const WordNode part : ActiveChildren(context)) {
            if (part.word() != "policy" && !IsRemark(part.word())) notes_.NotUnderstood(part);
        }
        for (const WordNode policy : ActiveChild(context, "policy").children()) {
            if (budget_.is_spent() || notes_.is_spent()) return;
            base.rules.push_back(ReadPolicy(policy, place, base));
        }
    };
    for (const WordNode from : ActiveChildren(ActiveChild(policies, "from-zone"))) {
        for (const WordNode part : ActiveChildren(from)) {
            if (part.word() != "to-zone") notes_.NotUnderstood(part);
        }
        for (const WordNode to : ActiveChildren(ActiveChild(from, "to-zone"))) read_all(to, {from.word(), to.word()});
    }
    read_all(ActiveChild(policies, "global"), {});
    for (const WordNode part : ActiveChildren(policies)) {
        if (part.word() == "default-policy") {
            const std::string_view value = part.value();
            base.fallback_line = part.line();
            base.fallback = value == "permit-all" ? Action::kAccept : value == "reject-all" ? Action::kReject : Action::kDeny;
            if (value != "permit-all" && value != "deny-all" && value != "reject-all") notes_.NotUnderstood(part);
        } else if (part.word() != "from-zone" && part.word() != "global" && !IsRemark(part.word())) {
            notes_.NotUnderstood(part);
        }
    }
    return base;
}

/// A value's own children are more conditions: commands may give several in one line.
void SrxPolicies::ReadMatch(WordNode node, Draft& draft) {
    const auto take = [&](WordNode key, std::vector<NameRef>& names) {
        for (const WordNode value : ActiveChildren(key)) {
            names.push_back({std::string(value.word()), value.line()});
            ReadMatch(value, draft);
        }
    };
    for (const WordNode key : ActiveChildren(node)) {
        const std::string_view word = key.word();
        if (word == "source-address") {
            take(key, draft.source);
        } else if (word == "destination-address") {
            take(key, draft.destination);
        } else if (word == "application") {
            take(key, draft.applications);
        } else if (word == "from-zone") {
            take(key, draft.from);
        } else if (word == "to-zone") {
            take(key, draft.to);
        } else if (word == "source-address-excluded") {
            draft.excludes_source = true;
        } else if (word == "destination-address-excluded") {
            draft.excludes_destination = true;
        } else {
            std::vector<NameRef> names;
            take(key, names);
            const bool is_known = word == "source-identity" || word == "source-end-user-profile" || word == "dynamic-application" || word == "url-category" ||
                                  word.ends_with("-l3vpn-vrf-group");
            if (!is_known) notes_.NotUnderstood(key);
            if (is_known && (IsAny(names) || (names.size() == 1 && names[0].name == "none"))) continue;
            std::string text(word);
            for (std::size_t i = 0; i < std::min<std::size_t>(names.size(), 20); ++i) text += " " + names[i].name;
            AddUnknown(draft.unknown, {std::string(WhatOf(word)), std::string(Shorten(text, 200)), key.line()});
        }
    }
}

void SrxPolicies::ReadThen(WordNode node, Draft& draft, Rule& rule) {
    bool has_action = false;
    for (const WordNode part : ActiveChildren(node)) {
        const std::string_view word = part.word();
        if (word == "permit") {
            rule.action = Action::kAccept;
            has_action = true;
            for (const WordNode setting : ActiveChildren(part)) {
                if (setting.word() == "firewall-authentication") AddUnknown(draft.unknown, {"user", "firewall-authentication", setting.line()});
                if (setting.word() == "destination-address")
                    AddUnknown(draft.unknown, {"nat", fmt::format("destination-address {}", setting.value()), setting.line()});
            }
        } else if (word == "deny" || word == "reject") {
            rule.action = word == "deny" ? Action::kDeny : Action::kReject;
            has_action = true;
        } else if (word == "log") {
            rule.is_logged = true;
        } else if (!IsRemark(word)) {
            notes_.NotUnderstood(part);
        }
    }
    if (!has_action) AddUnknown(draft.unknown, {"other", "action is missing", rule.line});
}

void SrxPolicies::ReadSchedule(WordNode policy, Rule& rule) {
    const WordNode scheduler = ActiveChild(policy, "scheduler-name");
    if (!scheduler) return;
    rule.has_ended = objects_.HasEnded(scheduler.value()).value_or(false);
    if (!rule.has_ended) AddUnknown(rule.unknown, {"schedule", std::string(scheduler.value()), scheduler.line()});
}

Rule SrxPolicies::ReadPolicy(WordNode policy, const Place& place, const RuleBase& base) {
    Rule rule;
    rule.name = ReplaceInvalidUtf8(policy.word());
    rule.id = place.from.empty() ? fmt::format("global/{}", rule.name)
                                 : fmt::format("{}/{}/{}", ReplaceInvalidUtf8(place.from), ReplaceInvalidUtf8(place.to), rule.name);
    rule.line = policy.line();
    rule.is_enabled = !policy.is_inactive();
    rule.comment = ReplaceInvalidUtf8(ActiveChild(policy, "description").value());
    rule.text = Join(notes_.LinesBelow(policy), "; ");
    Draft draft;
    for (const WordNode part : ActiveChildren(policy)) {
        if (part.word() == "match") {
            ReadMatch(part, draft);
        } else if (part.word() != "then" && part.word() != "scheduler-name" && !IsRemark(part.word())) {
            notes_.NotUnderstood(part);
            AddUnknown(draft.unknown, {"other", std::string(Shorten(part.word(), 100)), part.line()});
        }
    }
    ReadThen(ActiveChild(policy, "then"), draft, rule);
    ReadSchedule(policy, rule);
    FillParts(draft, place, base, rule);
    return rule;
}

void SrxPolicies::FillParts(const Draft& draft, const Place& place, const RuleBase& base, Rule& rule) {
    for (const UnknownPart& part : draft.unknown) AddUnknown(rule.unknown, part);
    NamedLists lists{
        objects_.ScopeOfZone(place.from), objects_.ScopeOfZone(place.to), objects_.application_scope(), draft.source, draft.destination, draft.applications};
    const std::array<std::pair<std::string_view, std::vector<NameRef>*>, 3> needed{
        {{"source-address", &lists.source}, {"destination-address", &lists.destination}, {"application", &lists.services}}};
    for (const auto& [key, names] : needed) {
        if (!names->empty()) continue;
        names->push_back({"any", rule.line});
        // A policy by dynamic applications alone needs no application.
        const bool is_told = key == "application" && std::ranges::any_of(draft.unknown, [](const UnknownPart& part) { return part.what == "application"; });
        if (!is_told) AddUnknown(rule.unknown, {"other", fmt::format("{} is missing", key), rule.line});
    }
    const bool is_global = place.from.empty();
    RuleParts parts;
    const std::vector<NameRef> from{{std::string(place.from), 0}};
    const std::vector<NameRef> to{{std::string(place.to), 0}};
    parts.zones = {{ZonesOf(is_global ? draft.from : from, base), ZonesOf(is_global ? draft.to : to, base)}};
    parts.source = objects_.addresses().ResolveAll(lists.source_scope, lists.source);
    parts.destination = objects_.addresses().ResolveAll(lists.destination_scope, lists.destination);
    parts.services = objects_.applications().ResolveAll(lists.service_scope, lists.services);
    if (draft.excludes_source) {
        parts.source = parts.source.Complement();
        lists.source.clear();
    }
    if (draft.excludes_destination) {
        parts.destination = parts.destination.Complement();
        lists.destination.clear();
    }
    FillTraffic(parts, budget_, rule);
    FillMembers(lists, parts, objects_.addresses(), objects_.applications(), member_budget_, rule);
}

}  // namespace opsteward::firewall
