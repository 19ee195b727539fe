#include "pairwise.hpp"

#include <algorithm>

using namespace opsteward::firewall;

namespace {

bool Covers(const Traffic& outer, const Traffic& inner) {
    return outer.family == inner.family && outer.in.Covers(inner.in) && outer.out.Covers(inner.out) && outer.source4.Covers(inner.source4) &&
           outer.destination4.Covers(inner.destination4) && outer.source6.Covers(inner.source6) && outer.destination6.Covers(inner.destination6) &&
           outer.services.Covers(inner.services) && outer.source_ports.Covers(inner.source_ports) && outer.states.Covers(inner.states);
}

bool Covers(const Rule& outer, const Rule& inner) {
    if (!outer.IsActive() || !outer.unknown.empty()) return false;
    return std::ranges::all_of(inner.traffic, [&outer](const Traffic& part) {
        return std::ranges::any_of(outer.traffic, [&part](const Traffic& whole) { return Covers(whole, part); });
    });
}

}  // namespace

std::vector<bool> DeadByOneRule(const RuleBase& base) {
    std::vector<bool> dead(base.rules.size());
    for (std::size_t rule = 0; rule < base.rules.size(); ++rule) {
        for (std::size_t other = 0; other < rule && !dead[rule]; ++other) dead[rule] = Covers(base.rules[other], base.rules[rule]);
    }
    return dead;
}
