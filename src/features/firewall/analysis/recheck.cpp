#include "features/firewall/analysis/recheck.hpp"

#include <algorithm>
#include <optional>

#include "features/firewall/analysis/alignment.hpp"

namespace opsteward::firewall {

namespace {

/// Active rules of either side that the other does not have, or not in that order.
class Changes {
  public:
    Changes(const RuleBase& before, const RuleBase& after, const std::vector<std::size_t>& partners)
        : base_(Collect(before, after, partners, places_)), rules_(base_, TrafficOf(after)) {}

    /// Whether one of them stands before the rule, on its side, and has packets in common with it.
    bool Touch(const Rule& rule, std::size_t place_before, std::size_t place_after) const {
        return std::ranges::any_of(rule.traffic, [&](const Traffic& traffic) {
            const FamilyRules& changed = rules_.Of(traffic.family);
            IntervalStore store;
            const auto product = changed.space().ProductOf(traffic, store);
            bool is_touched = false;
            if (!product) return false;
            changed.index().ForEachMeeting(product->hull, kNoRule, [&](std::uint32_t number) {
                const auto [is_of_after, place] = places_[changed.RuleOf(number)];
                is_touched = is_touched || (place < (is_of_after ? place_after : place_before) && !AreDisjoint(changed.products()[number], *product));
            });
            return is_touched;
        });
    }

  private:
    struct Place {
        bool is_of_after;
        std::size_t place;
    };

    static RuleBase Collect(const RuleBase& before, const RuleBase& after, const std::vector<std::size_t>& partners, std::vector<Place>& places) {
        RuleBase changed;
        const auto add = [&](const Rule& rule, bool is_of_after, std::size_t place) {
            if (!rule.IsActive()) return;
            Rule& copy = changed.rules.emplace_back();
            copy.traffic = rule.traffic;
            places.push_back({is_of_after, place});
        };
        std::vector<bool> has_partner(before.rules.size());
        for (std::size_t i = 0; i < after.rules.size(); ++i) {
            if (partners[i] == kNoPartner) add(after.rules[i], true, i);
            else has_partner[partners[i]] = true;
        }
        for (std::size_t i = 0; i < before.rules.size(); ++i) {
            if (!has_partner[i]) add(before.rules[i], false, i);
        }
        return changed;
    }

    static std::vector<const Traffic*> TrafficOf(const RuleBase& base) {
        std::vector<const Traffic*> all;
        for (const Rule& rule : base.rules) {
            for (const Traffic& traffic : rule.traffic) all.push_back(&traffic);
        }
        return all;
    }

    std::vector<Place> places_;
    RuleBase base_;
    CompiledRules rules_;
};

/// The same verdict, with the places of rules as they are after the change; nothing when a rule that it names is gone.
std::optional<RuleVerdict> Moved(const RuleVerdict& verdict, const std::vector<std::size_t>& new_places) {
    RuleVerdict moved = verdict;
    for (std::size_t& place : moved.covered_by) {
        place = new_places[place];
        if (place == kNoPartner) return std::nullopt;
    }
    if (moved.opposed) moved.opposed = new_places[*moved.opposed];
    if (moved.opposed == kNoPartner) return std::nullopt;
    return moved;
}

}  // namespace

Recheck RecheckRules(const RuleBase& before, const std::vector<RuleVerdict>& verdicts, const CompiledRules& after, const JudgeOptions& options) {
    const RuleBase& now = after.base();
    if (before.zones != now.zones || verdicts.size() != before.rules.size()) return {JudgeRules(after, options), now.rules.size()};
    const std::vector<std::size_t> partners = AlignRules(before.rules, now.rules);
    std::vector<std::size_t> new_places(before.rules.size(), kNoPartner);
    for (std::size_t i = 0; i < partners.size(); ++i) {
        if (partners[i] != kNoPartner) new_places[partners[i]] = i;
    }
    const Changes changes(before, now, partners);
    Recheck recheck;
    recheck.verdicts.resize(now.rules.size());
    std::vector<std::size_t> again;
    for (std::size_t i = 0; i < now.rules.size(); ++i) {
        const std::size_t partner = partners[i];
        const bool is_known = partner != kNoPartner && verdicts[partner].kind != VerdictKind::kUndecided && !changes.Touch(now.rules[i], partner, i);
        const auto moved = is_known ? Moved(verdicts[partner], new_places) : std::nullopt;
        if (moved) recheck.verdicts[i] = *moved;
        else again.push_back(i);
    }
    JudgeSomeRules(after, again, options, recheck.verdicts);
    recheck.judged = again.size();
    return recheck;
}

}  // namespace opsteward::firewall
