#include "diagram.hpp"

#include <bdd.h>

using namespace opsteward::firewall;

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kFirstNodes = 4'000'000;
constexpr int kCache = 400'000;
constexpr int kMostIncrease = 4'000'000;

/// Bits of a number are variables `first` … `first` + bits - 1, the most significant first.
struct Field {
    int first;
    int bits;
};
constexpr Field kSource{0, 32};
constexpr Field kDestination{32, 32};
constexpr Field kService{64, 24};
constexpr Field kSourcePort{88, 16};
constexpr int kVariables = 104;

bdd AtLeast(const Field& field, std::uint32_t bound) {
    bdd diagram = bddtrue;
    for (int bit = field.bits - 1; bit >= 0; --bit) {
        const bdd variable = bdd_ithvar(field.first + bit);
        diagram = (bound >> (field.bits - 1 - bit) & 1U) != 0 ? variable & diagram : variable | diagram;
    }
    return diagram;
}

bdd AtMost(const Field& field, std::uint32_t bound) {
    bdd diagram = bddtrue;
    for (int bit = field.bits - 1; bit >= 0; --bit) {
        const bdd variable = bdd_nithvar(field.first + bit);
        diagram = (bound >> (field.bits - 1 - bit) & 1U) != 0 ? variable | diagram : variable & diagram;
    }
    return diagram;
}

template <typename Set>
bdd Within(const Field& field, const Set& set) {
    bdd diagram = bddfalse;
    for (const auto& range : set.ranges()) diagram |= AtLeast(field, range.first) & AtMost(field, range.last);
    return diagram;
}

bdd DiagramOf(const Rule& rule) {
    bdd diagram = bddfalse;
    for (const Traffic& traffic : rule.traffic) {
        diagram |= Within(kSource, traffic.source4) & Within(kDestination, traffic.destination4) & Within(kService, traffic.services) &
                   Within(kSourcePort, traffic.source_ports);
    }
    return diagram;
}

}  // namespace

DiagramResult DeadByDiagram(const RuleBase& base, std::chrono::seconds limit) {
    const auto began = SteadyClock::now();
    bdd_init(kFirstNodes, kCache);
    bdd_setmaxincrease(kMostIncrease);
    bdd_setvarnum(kVariables);
    bdd_gbc_hook(nullptr);
    DiagramResult result;
    bdd before = bddfalse;
    for (const Rule& rule : base.rules) {
        if (SteadyClock::now() - began > limit) break;
        const bdd own = DiagramOf(rule);
        result.dead.push_back((own - before) == bddfalse);
        before |= own;
    }
    result.milliseconds = std::chrono::duration<double, std::milli>(SteadyClock::now() - began).count();
    result.nodes = bdd_nodecount(before);
    return result;
}
