#include "features/firewall/analysis/conditions.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "features/firewall/model/traffic_sets.hpp"

namespace opsteward::firewall {

namespace {

/// A rule that would come apart into more products stays whole.
constexpr std::size_t kMostProducts = 200;

struct Parts {
    std::vector<Traffic> common;
    std::vector<Traffic> before_rest;
    std::vector<Traffic> after_rest;
};

std::optional<Parts> PartsOf(const Rule& before, const Rule& after) {
    if (before.traffic.size() * after.traffic.size() > kMostProducts) return std::nullopt;
    Parts parts{Intersection(before.traffic, after.traffic), before.traffic, after.traffic};
    if (parts.common.empty()) return std::nullopt;
    for (const Traffic& common : parts.common) {
        if (!Subtract(parts.before_rest, common, kMostProducts) || !Subtract(parts.after_rest, common, kMostProducts)) return std::nullopt;
    }
    return parts;
}

using PartsOfRules = std::map<std::size_t, std::pair<std::vector<Traffic>, std::vector<Traffic>>>;

/// `parts`, by the place of the rule: what both have, and the rest.
void Split(SplitRules& rules, const PartsOfRules& parts) {
    SplitRules split;
    split.base = std::move(rules.base);
    std::vector<Rule> whole = std::exchange(split.base.rules, {});
    const auto add = [&split](Rule rule, std::size_t origin) {
        split.base.rules.push_back(std::move(rule));
        split.origins.push_back(origin);
    };
    for (std::size_t i = 0; i < whole.size(); ++i) {
        const auto found = parts.find(i);
        if (found != parts.end()) {
            Rule common = whole[i];
            common.traffic = found->second.first;
            add(std::move(common), rules.origins[i]);
            whole[i].traffic = found->second.second;
        }
        if (!whole[i].traffic.empty() || found == parts.end()) add(std::move(whole[i]), rules.origins[i]);
    }
    rules = std::move(split);
}

}  // namespace

bool HoldForWholeRule(const std::vector<UnknownPart>& parts) {
    static constexpr std::array<std::string_view, 3> kOfWholeRule{"schedule", "rate", "state"};
    return std::ranges::all_of(parts, [](const UnknownPart& part) { return std::ranges::find(kOfWholeRule, part.what) != kOfWholeRule.end(); });
}

bool HaveSameConditions(const Rule& a, const Rule& b) {
    const bool are_written_the_same = std::ranges::equal(
        a.unknown, b.unknown, [](const UnknownPart& one, const UnknownPart& other) { return one.what == other.what && one.text == other.text; });
    if (!are_written_the_same || HoldForWholeRule(a.unknown)) return are_written_the_same;
    const auto are_one = [](const Member& one, const Member& other) { return one.name == other.name && one.traffic == other.traffic; };
    return a.text == b.text && std::ranges::equal(a.members, b.members, [&](const MemberList& one, const MemberList& other) {
               return one.where == other.where && std::ranges::equal(one.members, other.members, are_one);
           });
}

SplitRules WholeRules(RuleBase base) {
    SplitRules whole{std::move(base), {}};
    for (std::size_t i = 0; i < whole.base.rules.size(); ++i) whole.origins.push_back(i);
    return whole;
}

void SplitChangedRules(SplitRules& before, SplitRules& after) {
    std::map<std::pair<std::string_view, std::string_view>, std::size_t> earlier;
    for (std::size_t i = 0; i < before.base.rules.size(); ++i) {
        const Rule& rule = before.base.rules[i];
        if (!rule.id.empty() && !rule.unknown.empty()) earlier.try_emplace({rule.id, rule.uuid}, i);
    }
    PartsOfRules of_before;
    PartsOfRules of_after;
    for (std::size_t i = 0; i < after.base.rules.size(); ++i) {
        const Rule& rule = after.base.rules[i];
        const auto found = earlier.find({rule.id, rule.uuid});
        if (found == earlier.end() || of_before.contains(found->second)) continue;
        const Rule& old = before.base.rules[found->second];
        if (old.action != rule.action || !old.IsActive() || !rule.IsActive() || old.traffic == rule.traffic) continue;
        if (!HoldForWholeRule(rule.unknown) || !HaveSameConditions(old, rule)) continue;
        if (auto parts = PartsOf(old, rule)) {
            of_before[found->second] = {parts->common, std::move(parts->before_rest)};
            of_after[i] = {std::move(parts->common), std::move(parts->after_rest)};
        }
    }
    if (of_before.empty()) return;
    Split(before, of_before);
    Split(after, of_after);
}

}  // namespace opsteward::firewall
