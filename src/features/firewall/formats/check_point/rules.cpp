#include "features/firewall/formats/check_point/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/firewall/formats/net_names.hpp"
#include "features/firewall/model/traffic_sets.hpp"

namespace opsteward::firewall {
namespace {

/// Of a rule: what is read, and what does not narrow it.
constexpr auto kKnownKeys = std::to_array<std::string_view>({
    "action",
    "action-settings",
    "available-actions",
    "color",
    "comments",
    "content",
    "content-direction",
    "content-negate",
    "custom-fields",
    "destination",
    "destination-negate",
    "domain",
    "enabled",
    "hits",
    "icon",
    "inline-layer",
    "install-on",
    "layer",
    "meta-info",
    "name",
    "package",
    "position",
    "read-only",
    "rule-number",
    "service",
    "service-negate",
    "service-resource",
    "source",
    "source-negate",
    "tags",
    "time",
    "track",
    "type",
    "uid",
    "user-check",
    "vpn",
});

std::string Listed(std::string_view what, const std::vector<NameRef>& refs) {
    static constexpr std::size_t kShown = 20;
    std::string text(what);
    for (std::size_t i = 0; i < std::min(refs.size(), kShown); ++i) text += " " + refs[i].Shown();
    return refs.size() > kShown ? text + " …" : text;
}

bool IsAny(const std::vector<NameRef>& refs) {
    return refs.empty() || std::ranges::any_of(refs, [](const NameRef& ref) { return IsCheckPointAny(ref.Shown()); });
}

std::size_t CostOf(const std::vector<Traffic>& products) {
    std::size_t cost = 0;
    for (const Traffic& product : products) cost += RangesOf(product);
    return cost;
}

}  // namespace

/// The rule whose inline layer is being read.
struct CheckPointRules::Parent {
    const Rule& rule;
    const Parent* above;
    std::string layer;
    std::size_t depth;
};

std::set<std::string> CheckPointRules::InlineLayers(const std::unordered_map<std::string, CheckPointLayer>& layers) {
    std::set<std::string> uids;
    for (const auto& [uid, layer] : layers) {
        for (const JsonNode rule : layer.rules) {
            const JsonNode inner = rule["inline-layer"];
            if (inner.has_value()) uids.emplace(inner.is_object() ? inner["uid"].text() : inner.text());
        }
    }
    return uids;
}

RuleBase CheckPointRules::Read(const CheckPointLayer& layer) {
    RuleBase base;
    base.name = layer.name;
    base.zones = {"*"};
    base.fallback = layer.is_accepting ? Action::kAccept : Action::kDeny;
    ReadLayer(layer, nullptr, base);
    return base;
}

void CheckPointRules::ReadLayer(const CheckPointLayer& layer, const Parent* parent, RuleBase& base) {
    std::size_t count = 0;
    for (const JsonNode node : layer.rules) {
        ++count;
        if (budget_.is_spent() || notes_.is_spent() || !budget_.Spend(20)) return;
        const std::string_view told = node["rule-number"].text();
        const std::string number = told.empty() ? std::to_string(count) : std::string(told);
        ReadRule(node, parent == nullptr ? number : fmt::format("{}.{}", parent->rule.id, number), parent, base);
    }
}

void CheckPointRules::ReadRule(JsonNode node, std::string id, const Parent* parent, RuleBase& base) {
    Rule rule;
    rule.id = std::move(id);
    rule.uuid = ReplaceInvalidUtf8(node["uid"].text());
    rule.name = ReplaceInvalidUtf8(node["name"].text());
    rule.comment = ReplaceInvalidUtf8(node["comments"].text());
    rule.line = node.line();
    rule.text = TextOf(node);
    rule.is_enabled = !node["enabled"].has_value() || node["enabled"].is_true();
    const JsonNode track = node["track"];
    const std::string tracked = objects_.NameOf(track.is_object() && track["type"] ? track["type"] : track);
    rule.is_logged = !tracked.empty() && tracked != "None";
    ReadConditions(node, rule);
    ReadCounter(node, rule);
    FillParts(node, rule);
    if (parent != nullptr) Inherit(*parent, rule);
    const std::string action = objects_.NameOf(node["action"]);
    const JsonNode inner = node["inline-layer"];
    if (action == "Inner Layer" || inner.has_value()) {
        const auto layer = layers_.find(std::string(inner.is_object() ? inner["uid"].text() : inner.text()));
        bool is_open = false;
        for (const Parent* above = parent; above != nullptr; above = above->above)
            is_open = is_open || (layer != layers_.end() && above->layer == layer->first);
        const std::size_t depth = parent == nullptr ? 1 : parent->depth + 1;
        if (layer != layers_.end() && !is_open && depth <= kMaxInline) {
            const Parent self{rule, parent, layer->first, depth};
            ReadLayer(layer->second, &self, base);
            rule.action = layer->second.is_accepting ? Action::kAccept : Action::kDeny;
        } else {
            // What it decides is not told: it may let through.
            const std::string name = objects_.NameOf(inner);
            notes_.NotUnderstood(node.line(), fmt::format("rule {}: inline layer {} is not in the text", rule.id, name));
            AddUnknown(rule.unknown, {"other", fmt::format("inline layer {}", name), inner ? inner.line() : rule.line});
            rule.action = Action::kAccept;
        }
    } else if (action == "Accept" || action == "Drop" || action == "Reject") {
        rule.action = action == "Accept" ? Action::kAccept : action == "Drop" ? Action::kDeny : Action::kReject;
    } else {
        // Ask, Inform, user and client authentication: people decide.
        rule.action = Action::kAccept;
        AddUnknown(rule.unknown, {"user", fmt::format("action {}", action), node["action"] ? node["action"].line() : rule.line});
    }
    base.rules.push_back(std::move(rule));
}

/// All that the model has no dimension for.
void CheckPointRules::ReadConditions(JsonNode node, Rule& rule) {
    const auto other = [&](std::string_view key, std::string_view what) {
        const JsonNode value = node[key];
        const std::vector<NameRef> refs = objects_.RefsOf(value);
        if (!IsAny(refs)) AddUnknown(rule.unknown, {std::string(what), Listed(key, refs), value.line()});
    };
    other("vpn", "other");
    other("content", "other");
    const std::vector<NameRef> targets = objects_.RefsOf(node["install-on"]);
    const bool is_everywhere = IsAny(targets) || std::ranges::any_of(targets, [](const NameRef& ref) { return ref.Shown() == "Policy Targets"; });
    if (!is_everywhere) AddUnknown(rule.unknown, {"other", Listed("install-on", targets), node["install-on"].line()});
    if (node["service-resource"].has_value() && !objects_.NameOf(node["service-resource"]).empty()) {
        AddUnknown(rule.unknown, {"other", fmt::format("service-resource {}", objects_.NameOf(node["service-resource"])), node["service-resource"].line()});
    }
    ReadTime(node["time"], rule);
    for (const JsonNode member : node.children()) {
        if (std::ranges::find(kKnownKeys, member.key()) != kKnownKeys.end()) continue;
        notes_.NotUnderstood(member.line(), fmt::format("rule {}: {} {}", rule.id, member.key(), member.text()));
        AddUnknown(rule.unknown, {"other", std::string(Shorten(ReplaceInvalidUtf8(member.key()), 100)), member.line()});
    }
}

/// A time object whose end has passed; of several, all.
void CheckPointRules::ReadTime(JsonNode times, Rule& rule) {
    const std::vector<NameRef> refs = objects_.RefsOf(times);
    if (IsAny(refs)) return;
    bool has_ended = now_ != 0;
    const auto is_over = [&](JsonNode element) {
        const auto* time = objects_.Find(element);
        return time != nullptr && time->end && *time->end < now_;
    };
    if (times.is_array()) {
        for (const JsonNode element : times.children()) has_ended = has_ended && is_over(element);
    } else {
        has_ended = has_ended && is_over(times);
    }
    rule.has_ended = has_ended;
    if (!has_ended) AddUnknown(rule.unknown, {"schedule", Listed("time", refs), times.line()});
}

void CheckPointRules::ReadCounter(JsonNode node, Rule& rule) {
    const JsonNode hits = node["hits"];
    const auto value = ParseInt(hits["value"].text());
    if (!value || *value < 0) return;
    RuleCounter counter;
    counter.hits = static_cast<std::uint64_t>(*value);
    counter.first_hit = CheckPointTime(hits["first-date"]);
    counter.last_hit = CheckPointTime(hits["last-date"]);
    counter.created = CheckPointTime(node["meta-info"]["creation-time"]);
    rule.counter = counter;
}

void CheckPointRules::FillParts(JsonNode node, Rule& rule) {
    NamedLists lists;
    lists.source = objects_.RefsOf(node["source"]);
    lists.destination = objects_.RefsOf(node["destination"]);
    lists.services = objects_.RefsOf(node["service"]);
    const std::array<std::pair<std::string_view, std::vector<NameRef>*>, 3> needed{
        {{"source", &lists.source}, {"destination", &lists.destination}, {"service", &lists.services}}};
    for (const auto& [key, refs] : needed) {
        if (!refs->empty()) continue;
        AddUnknown(rule.unknown, {"other", fmt::format("{} is missing", key), rule.line});
        refs->push_back({"Any", rule.line});
    }
    RuleParts parts;
    parts.zones = {{NumberSet(0U), NumberSet(0U)}};
    parts.source = objects_.addresses().ResolveAll(0, lists.source);
    parts.destination = objects_.addresses().ResolveAll(0, lists.destination);
    parts.services = objects_.services().ResolveAll(0, lists.services);
    if (node["source-negate"].is_true()) {
        parts.source = parts.source.Complement();
        lists.source.clear();
    }
    if (node["destination-negate"].is_true()) {
        parts.destination = parts.destination.Complement();
        lists.destination.clear();
    }
    if (node["service-negate"].is_true()) {
        parts.services = parts.services.Complement(node["service-negate"].line());
        lists.services.clear();
    }
    FillTraffic(parts, budget_, rule);
    FillMembers(lists, parts, objects_.addresses(), objects_.services(), member_budget_, rule);
}

/// What reaches an inline layer is what matched the rule above.
void CheckPointRules::Inherit(const Parent& parent, Rule& rule) {
    const std::size_t own = CostOf(rule.traffic);
    const std::size_t above = CostOf(parent.rule.traffic);
    if (!budget_.Spend(parent.rule.traffic.size() * (own + 1) + rule.traffic.size() * (above + 1))) return;
    rule.traffic = Intersection(parent.rule.traffic, rule.traffic);
    for (const UnknownPart& part : parent.rule.unknown) AddUnknown(rule.unknown, part);
    rule.is_enabled = rule.is_enabled && parent.rule.is_enabled;
    rule.has_ended = rule.has_ended || parent.rule.has_ended;
    for (MemberList& list : rule.members) {
        for (Member& member : list.members) {
            if (!member_budget_.Spend((CostOf(member.traffic) + 1) * parent.rule.traffic.size() + above * member.traffic.size())) {
                rule.members.clear();
                return;
            }
            member.traffic = Intersection(parent.rule.traffic, member.traffic);
        }
    }
}

std::string CheckPointRules::TextOf(JsonNode node) const {
    std::string text;
    for (const std::string_view key : {"source", "destination", "vpn", "service", "content", "time", "install-on", "action", "inline-layer", "track"}) {
        JsonNode value = node[key];
        if (key == std::string_view("track") && value.is_object() && value["type"]) value = value["type"];
        if (!value.has_value()) continue;
        const std::vector<NameRef> refs = objects_.RefsOf(value);
        if (!text.empty()) text += "; ";
        text += key;
        if (node[fmt::format("{}-negate", key)].is_true()) text += " not";
        for (const NameRef& ref : refs) text += " " + QuotedWord(ref.Shown());
    }
    return text;
}

}  // namespace opsteward::firewall
