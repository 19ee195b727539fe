#include "features/firewall/analysis/solvers.hpp"

#include <algorithm>

namespace opsteward::firewall {

namespace {

constexpr Family kFamilies[] = {Family::kIpv4, Family::kIpv6};

std::vector<std::size_t> SortedOnce(std::vector<std::size_t> rules) {
    std::ranges::sort(rules);
    const auto rest = std::ranges::unique(rules);
    rules.erase(rest.begin(), rest.end());
    return rules;
}

}  // namespace

Solvers::Answer Solvers::Ask(Family family, const Product& product, const Blockers& blockers, Budget& budget) {
    Answer answer;
    answer.coverage = Of(family).Ask(product, blockers, budget);
    if (answer.coverage == Coverage::kUncovered) answer.witness = Of(family).witness();
    return answer;
}

Solvers::Answer Solvers::AskRule(std::size_t rule, const Blockers& blockers, Budget& budget) {
    Answer worst;
    std::vector<std::size_t> covering;
    for (const Family family : kFamilies) {
        for (const Product& product : rules_->Of(family).ProductsOf(static_cast<std::uint32_t>(rule))) {
            const Answer answer = Ask(family, product, blockers, budget);
            if (answer.coverage == Coverage::kUncovered) return answer;
            if (answer.coverage == Coverage::kUndecided) worst = answer;
            for (const std::uint32_t number : Of(family).Covering()) covering.push_back(rules_->Of(family).RuleOf(number));
        }
    }
    if (worst.coverage == Coverage::kCovered) worst.covering = SortedOnce(std::move(covering));
    return worst;
}

Solvers::Answer Solvers::AskOverlap(std::size_t rule, std::size_t other, const Blockers& blockers, Budget& budget) {
    Answer worst;
    for (const Family family : kFamilies) {
        const FamilyRules& rules = rules_->Of(family);
        for (const Product& a : rules.ProductsOf(static_cast<std::uint32_t>(rule))) {
            for (const Product& b : rules.ProductsOf(static_cast<std::uint32_t>(other))) {
                store_.Release({});
                const auto both = Intersection(a, b, store_);
                if (!both) continue;
                const Answer answer = Ask(family, *both, blockers, budget);
                if (answer.coverage == Coverage::kUncovered) return answer;
                if (answer.coverage == Coverage::kUndecided) worst = answer;
            }
        }
    }
    return worst;
}

std::vector<std::size_t> Solvers::Meeting(std::size_t rule, const Blockers& blockers) const {
    std::vector<std::size_t> meeting;
    for (const Family family : kFamilies) {
        const FamilyRules& rules = rules_->Of(family);
        if ((rules.classes() & blockers.classes) == 0) continue;
        const std::uint32_t end = rules.FirstProductOf(blockers.below);
        for (const Product& product : rules.ProductsOf(static_cast<std::uint32_t>(rule))) {
            rules.index().ForEachMeeting(product.hull, end, [&](std::uint32_t number) {
                if (rules.RuleOf(number) != rule && rules.Counts(number, blockers) && !AreDisjoint(rules.products()[number], product))
                    meeting.push_back(rules.RuleOf(number));
            });
        }
    }
    return SortedOnce(std::move(meeting));
}

double Solvers::OverlapOf(std::size_t rule, std::size_t other) const {
    double overlap = 0;
    for (const Family family : kFamilies) {
        const FamilyRules& rules = rules_->Of(family);
        for (const Product& a : rules.ProductsOf(static_cast<std::uint32_t>(rule))) {
            for (const Product& b : rules.ProductsOf(static_cast<std::uint32_t>(other))) overlap += rules.space().OverlapOf(a, b);
        }
    }
    return overlap;
}

}  // namespace opsteward::firewall
