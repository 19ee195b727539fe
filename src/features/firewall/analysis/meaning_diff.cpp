#include "features/firewall/analysis/meaning_diff.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "base/log.hpp"
#include "features/firewall/analysis/alignment.hpp"
#include "features/firewall/analysis/conditions.hpp"
#include "features/firewall/analysis/evaluate.hpp"
#include "features/firewall/analysis/zone_map.hpp"
#include "features/firewall/model/traffic_sets.hpp"

namespace opsteward::firewall {

namespace {

/// The place of the fallback, behind all rules.
constexpr std::uint32_t kFallback = kNoRule;

/// One of the two rule bases, with the partner of each rule in the other.
struct Side {
    const RuleBase* base = nullptr;
    const CompiledRules* rules = nullptr;
    std::vector<std::size_t> partners;

    bool IsUncertain(std::uint32_t rule) const { return rule != kFallback && !base->rules[rule].unknown.empty(); }
    bool LetsPass(std::uint32_t rule) const { return LetsThrough(rule == kFallback ? base->fallback : base->rules[rule].action); }
    bool IsShared(std::uint32_t rule) const { return rule != kFallback && partners[rule] != kNoPartner; }
};

/// Traffic that `own` of one side and `other` of the other decide of differently.
struct Found {
    std::uint32_t own;
    std::uint32_t other;
    bool is_conditional;
    Family family;
    const Product& product;
};

/// Looks, for a rule of one side, at the parts of its traffic that it decides of there, and at what the other side does with them.
class Walker {
  public:
    Walker(const Side& own, const Side& other, Family family, Budget& budget)
        : own_(own), other_(other), family_(family), own_rules_(own.rules->Of(family)), other_rules_(other.rules->Of(family)), budget_(budget) {}

    /// `take` is given what is found and says whether there is room for more. With `is_other_shared` only what rules that both have, or the fallback, decide of
    /// on the other side. False when it was not all.
    template <typename Take>
    bool Walk(std::uint32_t rule, const Product& product, bool is_other_shared, const Take& take) {
        rule_ = rule;
        is_other_shared_ = is_other_shared;
        pending_.clear();
        numbers_.clear();
        store_.Release({});
        List(own_rules_, product, rule);
        Push({product, 0, numbers_.size(), {}, false, own_.IsUncertain(rule)});
        while (!pending_.empty()) {
            const Part part = pending_.back();
            pending_.pop_back();
            if (budget_.IsSpent()) return false;
            budget_.SpendNode();
            budget_.SpendSteps(part.end - part.begin);
            store_.Release(part.mark);
            numbers_.resize(part.end);
            if (!part.is_on_other_side) {
                StepOnOwnSide(part);
                continue;
            }
            if (const auto found = StepOnOtherSide(part)) {
                if (!take(*found)) return false;
            }
        }
        return true;
    }

  private:
    /// With the candidates that it may meet, in the order of the rules.
    struct Part {
        Product product;
        std::size_t begin = 0;
        std::size_t end = 0;
        IntervalStore::Mark mark;
        bool is_on_other_side = false;
        bool is_conditional = false;
    };

    void Push(const Part& part) {
        pending_.push_back(part);
        pending_.back().mark = store_.mark();
    }

    /// Puts the products of rules before `below` that meet the product behind numbers_, in the order of the rules.
    void List(const FamilyRules& rules, const Product& product, std::uint32_t below) {
        const auto begin = static_cast<std::ptrdiff_t>(numbers_.size());
        rules.index().ForEachMeeting(product.hull, rules.FirstProductOf(below), [this](std::uint32_t number) { numbers_.push_back(number); });
        std::sort(numbers_.begin() + begin, numbers_.end());
    }

    /// The first candidate that meets the part, and behind numbers_ those after it that may.
    std::optional<std::uint32_t> First(const Part& part, const FamilyRules& rules) {
        std::optional<std::uint32_t> first;
        for (std::size_t i = part.begin; i < part.end; ++i) {
            if (AreDisjoint(rules.products()[numbers_[i]], part.product)) continue;
            if (first) numbers_.push_back(numbers_[i]);
            else first = numbers_[i];
        }
        return first;
    }

    Product PushOutside(const Part& part, const Product& pivot, std::size_t begin) {
        const std::size_t end = numbers_.size();
        const Division division = Divide(part.product, pivot, store_, [&](const Product& outside) {
            Push({outside, begin, end, {}, part.is_on_other_side, part.is_conditional});
        });
        budget_.SpendSteps(division.steps);
        return division.inside;
    }

    /// What rules before it surely match is not its own; where one with unknown parts matches, it is its own when that one does not.
    void StepOnOwnSide(const Part& part) {
        const std::size_t begin = numbers_.size();
        const auto first = First(part, own_rules_);
        if (!first) {
            List(other_rules_, part.product, kNoRule);
            Push({part.product, begin, numbers_.size(), {}, true, part.is_conditional});
            return;
        }
        const Product inside = PushOutside(part, own_rules_.products()[*first], begin);
        if (own_.IsUncertain(own_rules_.RuleOf(*first))) Push({inside, begin, numbers_.size(), {}, false, true});
    }

    /// Asks the first rule there that may match. `numbers_` from the part's end on is what comes after it.
    std::optional<Found> StepOnOtherSide(const Part& part) {
        const std::size_t begin = numbers_.size();
        const auto first = First(part, other_rules_);
        if (!MayDiffer(begin, first)) return std::nullopt;
        if (!first) return FoundBy(kFallback, part.product, part.is_conditional);
        const std::uint32_t rule = other_rules_.RuleOf(*first);
        const Product inside = PushOutside(part, other_rules_.products()[*first], begin);
        const bool is_uncertain = other_.IsUncertain(rule);
        const std::size_t partner = other_.partners[rule];
        // It stands before the deciding rule on its own side too, where it did not match.
        const bool is_known_not_to_match = is_uncertain && partner != kNoPartner && partner < rule_;
        if (is_uncertain) Push({inside, begin, numbers_.size(), {}, true, part.is_conditional || !is_known_not_to_match});
        if (is_known_not_to_match) return std::nullopt;
        return FoundBy(rule, inside, part.is_conditional || is_uncertain);
    }

    bool MayDiffer(std::size_t begin, const std::optional<std::uint32_t>& first) const {
        const bool lets_pass = own_.LetsPass(rule_);
        if (other_.LetsPass(kFallback) != lets_pass) return true;
        const auto differs = [&](std::uint32_t number) { return other_.LetsPass(other_rules_.RuleOf(number)) != lets_pass; };
        return (first && differs(*first)) || std::any_of(numbers_.begin() + static_cast<std::ptrdiff_t>(begin), numbers_.end(), differs);
    }

    std::optional<Found> FoundBy(std::uint32_t other, const Product& product, bool is_conditional) {
        if (other_.LetsPass(other) == own_.LetsPass(rule_)) return std::nullopt;
        if (is_other_shared_ && other != kFallback && !other_.IsShared(other)) return std::nullopt;
        found_ = product;
        return Found{rule_, other, is_conditional, family_, found_};
    }

    const Side& own_;
    const Side& other_;
    Family family_;
    const FamilyRules& own_rules_;
    const FamilyRules& other_rules_;
    Budget& budget_;
    IntervalStore store_;
    std::vector<Part> pending_;
    std::vector<std::uint32_t> numbers_;
    std::uint32_t rule_ = kFallback;
    bool is_other_shared_ = false;
    Product found_;
};

std::vector<const Traffic*> TrafficOf(const RuleBase& base) {
    std::vector<const Traffic*> all;
    for (const Rule& rule : base.rules) {
        for (const Traffic& traffic : rule.traffic) all.push_back(&traffic);
    }
    return all;
}

class Comparison {
  public:
    Comparison(const RuleBase& before, const RuleBase& after, const DifferenceOptions& options)
        : options_(options),
          budget_(options.budget),
          zones_(ZonesOfBoth(before, after)),
          split_(Split(before, after, zones_)),
          before_base_(split_.before.base),
          after_base_(split_.after.base),
          before_rules_(before_base_, TrafficOf(after_base_)),
          after_rules_(after_base_, TrafficOf(before_base_)),
          before_{&before_base_, &before_rules_, {}},
          after_{&after_base_, &after_rules_, {}} {
        after_.partners = AlignRules(before_base_.rules, after_base_.rules);
        before_.partners.resize(before_base_.rules.size(), kNoPartner);
        for (std::size_t i = 0; i < after_.partners.size(); ++i) {
            if (after_.partners[i] != kNoPartner) before_.partners[after_.partners[i]] = i;
        }
    }

    MeaningDifference Run() {
        for (const Family family : {Family::kIpv4, Family::kIpv6}) {
            WalkChangedRules(before_, after_, family, false);
            WalkChangedRules(after_, before_, family, true);
            if (LetsThrough(before_base_.fallback) != LetsThrough(after_base_.fallback)) WalkFallback(family);
        }
        difference_.zones = zones_;
        return std::move(difference_);
    }

  private:
    struct Both {
        SplitRules before;
        SplitRules after;
    };
    static Both Split(const RuleBase& before, const RuleBase& after, const std::vector<std::string>& zones) {
        Both both{WholeRules(WithZones(before, zones)), WholeRules(WithZones(after, zones))};
        SplitChangedRules(both.before, both.after);
        return both;
    }

    void WalkChangedRules(const Side& own, const Side& other, Family family, bool is_turned) {
        Walker walker(own, other, family, budget_);
        for (std::uint32_t rule = 0; rule < own.base->rules.size(); ++rule) {
            if (own.IsShared(rule)) continue;
            for (const Product& product : own.rules->Of(family).ProductsOf(rule)) {
                difference_.is_complete &= walker.Walk(rule, product, is_turned, [&](const Found& found) { return Take(found, is_turned); });
            }
        }
    }

    /// What no rule decides of on either side. What a rule of one side alone decides of was found with that rule.
    void WalkFallback(Family family) {
        Walker walker(before_, after_, family, budget_);
        IntervalStore store;
        const auto all = before_rules_.Of(family).space().ProductOf(AnyTraffic(family, before_base_.AllZones()), store);
        difference_.is_complete &= walker.Walk(kFallback, *all, true, [&](const Found& found) { return found.other != kFallback || Take(found, false); });
    }

    bool Take(const Found& found, bool is_turned) {
        if (products_ == options_.most_products) return false;
        const std::uint32_t before = is_turned ? found.other : found.own;
        const std::uint32_t after = is_turned ? found.own : found.other;
        const PacketSpace& space = before_rules_.Of(found.family).space();
        const Packet example = space.PacketIn(found.product);
        if (!Decides(before_base_, before, example) || !Decides(after_base_, after, example)) {
            log::error("firewall analysis: an example for what changed is not decided by the rules named when it is replayed; it is left out");
            return false;
        }
        ++products_;
        const auto origin = [](const SplitRules& rules, std::uint32_t part) { return part == kFallback ? std::nullopt : std::optional(rules.origins[part]); };
        const std::optional<std::size_t> old_rule = origin(split_.before, before);
        const std::optional<std::size_t> new_rule = origin(split_.after, after);
        const auto [place, is_new] = places_.try_emplace({old_rule, new_rule, found.is_conditional}, difference_.changes.size());
        if (is_new) {
            MeaningChange& change = difference_.changes.emplace_back();
            change.before = old_rule;
            change.after = new_rule;
            change.was_allowed = before_.LetsPass(before);
            change.is_conditional = found.is_conditional;
            change.example = example;
        }
        difference_.changes[place->second].traffic.push_back(space.TrafficOf(found.product));
        return true;
    }

    static bool Decides(const RuleBase& base, std::uint32_t rule, const Packet& packet) {
        const Decision decision = Evaluate(base, packet);
        if (rule == kFallback) return !decision.rule;
        return decision.rule == rule || std::ranges::find(decision.may_decide, rule) != decision.may_decide.end();
    }

    const DifferenceOptions& options_;
    Budget budget_;
    std::vector<std::string> zones_;
    Both split_;
    const RuleBase& before_base_;
    const RuleBase& after_base_;
    CompiledRules before_rules_;
    CompiledRules after_rules_;
    Side before_;
    Side after_;
    MeaningDifference difference_;
    std::map<std::tuple<std::optional<std::size_t>, std::optional<std::size_t>, bool>, std::size_t> places_;
    std::size_t products_ = 0;
};

}  // namespace

MeaningDifference CompareMeaning(const RuleBase& before, const RuleBase& after, const DifferenceOptions& options) {
    return Comparison(before, after, options).Run();
}

}  // namespace opsteward::firewall
