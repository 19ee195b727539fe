#include "features/firewall/analysis/evaluate.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace opsteward::firewall {

namespace {

constexpr std::size_t kRow = 32;  // entries that are compared at a time

/// So that comparing as signed numbers gives the same order.
std::int32_t Signed(std::uint32_t number) { return static_cast<std::int32_t>(number ^ 0x8000'0000U); }
std::int32_t Upper(std::uint32_t address) { return Signed(address); }
std::int32_t Upper(Uint128 address) { return Signed(static_cast<std::uint32_t>(address >> 96)); }

struct Key {
    std::int32_t source;
    std::int32_t destination;
    std::int32_t service;
};

Key KeyOf(const Packet& packet) {
    if (packet.family == Family::kIpv4) return {Upper(packet.source4), Upper(packet.destination4), Signed(packet.service)};
    return {Upper(packet.source6), Upper(packet.destination6), Signed(packet.service)};
}

/// Adds the rule to the decision; true when it is the one that decides.
bool Take(const RuleBase& base, std::size_t rule, Decision& decision) {
    if (!base.rules[rule].unknown.empty()) {
        decision.may_decide.push_back(rule);
        return false;
    }
    decision.rule = rule;
    decision.action = base.rules[rule].action;
    return true;
}

}  // namespace

std::string_view NameOf(Outcome outcome) {
    static constexpr std::array<std::string_view, 3> kNames{"allowed", "blocked", "depends"};
    return kNames[static_cast<std::size_t>(outcome)];
}

Decision Evaluate(const RuleBase& base, const Packet& packet) {
    Decision decision;
    decision.action = base.fallback;
    for (std::size_t i = 0; i < base.rules.size(); ++i) {
        if (Matches(base.rules[i], packet) && Take(base, i, decision)) break;
    }
    return decision;
}

Evaluator::Evaluator(const RuleBase& base) : base_(&base) {
    for (std::uint32_t rule = 0; rule < base.rules.size(); ++rule) {
        if (!base.rules[rule].IsActive()) continue;
        for (const Traffic& traffic : base.rules[rule].traffic) Add(traffic, rule);
    }
    for (Table* table : {&ipv4_, &ipv6_}) {
        const std::size_t rows = (table->rules.size() + kRow - 1) / kRow;
        for (std::size_t i = 0; i < kColumns; ++i) {
            table->columns[i].resize(rows * kRow, i % 2 == 0 ? std::numeric_limits<std::int32_t>::max() : std::numeric_limits<std::int32_t>::min());
        }
    }
}

void Evaluator::Add(const Traffic& traffic, std::uint32_t rule) {
    Table& table = traffic.family == Family::kIpv4 ? ipv4_ : ipv6_;
    const auto add = [&table](std::size_t column, std::int32_t first, std::int32_t last) {
        table.columns[column].push_back(first);
        table.columns[column + 1].push_back(last);
    };
    const auto add_addresses = [&add](std::size_t column, const auto& set) { add(column, Upper(set.ranges().front().first), Upper(set.ranges().back().last)); };
    const bool is_empty =
        traffic.family == Family::kIpv4 ? traffic.source4.empty() || traffic.destination4.empty() : traffic.source6.empty() || traffic.destination6.empty();
    if (is_empty || traffic.services.empty()) return;
    if (traffic.family == Family::kIpv4) {
        add_addresses(0, traffic.source4);
        add_addresses(2, traffic.destination4);
    } else {
        add_addresses(0, traffic.source6);
        add_addresses(2, traffic.destination6);
    }
    add(4, Signed(traffic.services.ranges().front().first), Signed(traffic.services.ranges().back().last));
    table.rules.push_back(rule);
}

Decision Evaluator::Evaluate(const Packet& packet) const {
    const Table& table = packet.family == Family::kIpv4 ? ipv4_ : ipv6_;
    const Key key = KeyOf(packet);
    Decision decision;
    decision.action = base_->fallback;
    std::uint32_t last_rule = 0xFFFF'FFFF;
    for (std::size_t row = 0; row < table.columns[0].size(); row += kRow) {
        const auto at = [&table, row](std::size_t column) { return table.columns[column].data() + row; };
        const std::int32_t *a = at(0), *b = at(1), *c = at(2), *d = at(3), *e = at(4), *f = at(5);
        const auto meets = [&](std::size_t i) {
            return static_cast<std::int32_t>(a[i] <= key.source) & static_cast<std::int32_t>(key.source <= b[i]) &
                   static_cast<std::int32_t>(c[i] <= key.destination) & static_cast<std::int32_t>(key.destination <= d[i]) &
                   static_cast<std::int32_t>(e[i] <= key.service) & static_cast<std::int32_t>(key.service <= f[i]);
        };
        // Memory is what costs: most rows are passed over by their sources and destinations.
        std::int32_t any = 0;
        for (std::size_t i = 0; i < kRow; ++i) any |= static_cast<std::int32_t>(a[i] <= key.source) & static_cast<std::int32_t>(key.source <= b[i]);
        if (any == 0) continue;
        any = 0;
        for (std::size_t i = 0; i < kRow; ++i) any |= static_cast<std::int32_t>(c[i] <= key.destination) & static_cast<std::int32_t>(key.destination <= d[i]);
        if (any == 0) continue;
        for (std::size_t i = row; i < std::min(row + kRow, table.rules.size()); ++i) {
            const std::uint32_t rule = table.rules[i];
            if (rule == last_rule || meets(i - row) == 0 || !Matches(base_->rules[rule], packet)) continue;
            last_rule = rule;
            if (Take(*base_, rule, decision)) return decision;
        }
    }
    return decision;
}

Outcome OutcomeOf(const RuleBase& base, const Decision& decision) {
    const bool is_open =
        std::ranges::any_of(decision.may_decide, [&](std::size_t rule) { return LetsThrough(base.rules[rule].action) != LetsThrough(decision.action); });
    if (is_open) return Outcome::kDepends;
    return LetsThrough(decision.action) ? Outcome::kAllowed : Outcome::kBlocked;
}

}  // namespace opsteward::firewall
