#include "features/firewall/analysis/cover.hpp"

#include <algorithm>

namespace opsteward::firewall {

namespace {

/// Rules by how much of the rule's traffic they have, most first; of equals the first.
std::vector<std::size_t> ByOverlap(const Solvers& solvers, std::size_t rule, const std::vector<std::size_t>& from) {
    std::vector<std::pair<double, std::size_t>> ordered;
    for (const std::size_t other : from) ordered.emplace_back(-solvers.OverlapOf(rule, other), other);
    std::ranges::sort(ordered);
    std::vector<std::size_t> rules;
    for (const auto& [overlap, other] : ordered) rules.push_back(other);
    return rules;
}

Solvers::Answer AskThese(Solvers& solvers, std::size_t rule, const std::vector<std::size_t>& others, Budget& budget) {
    for (const Family family : {Family::kIpv4, Family::kIpv6}) {
        const FamilyRules& rules = solvers.rules().Of(family);
        std::vector<std::uint32_t> numbers;
        for (const std::size_t other : others) {
            const auto [first, last] = rules.NumbersOf(static_cast<std::uint32_t>(other));
            for (std::uint32_t number = first; number < last; ++number) numbers.push_back(number);
        }
        for (const Product& product : rules.ProductsOf(static_cast<std::uint32_t>(rule))) {
            CoverageSolver& solver = solvers.Of(family);
            const Coverage coverage = solver.AskThese(product, numbers, budget);
            if (coverage != Coverage::kCovered) return {coverage, solver.witness(), {}};
        }
    }
    return {};
}

}  // namespace

std::vector<std::size_t> SmallCover(Solvers& solvers, std::size_t rule, const std::vector<std::size_t>& from, std::optional<std::size_t> always,
                                    Budget& budget) {
    const std::vector<std::size_t> ordered = ByOverlap(solvers, rule, from);
    std::vector<std::size_t> chosen;
    if (always) chosen.push_back(*always);
    while (true) {
        const Solvers::Answer answer = AskThese(solvers, rule, chosen, budget);
        if (answer.coverage == Coverage::kCovered) break;
        if (answer.coverage == Coverage::kUndecided) return from;
        const auto next = std::ranges::find_if(ordered, [&](std::size_t other) { return Matches(solvers.base().rules[other], answer.witness); });
        if (next == ordered.end()) return from;
        chosen.push_back(*next);
    }
    for (std::size_t i = chosen.size(); i-- > 0 && chosen.size() > 1;) {
        if (chosen[i] == always) continue;
        std::vector<std::size_t> others = chosen;
        others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
        if (AskThese(solvers, rule, others, budget).coverage == Coverage::kCovered) chosen = std::move(others);
    }
    std::ranges::sort(chosen);
    return chosen;
}

}  // namespace opsteward::firewall
