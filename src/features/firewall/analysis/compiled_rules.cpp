#include "features/firewall/analysis/compiled_rules.hpp"

namespace opsteward::firewall {

namespace {

/// Of rules that are not active too: they may be asked about.
std::vector<const Traffic*> AllTraffic(const RuleBase& base, std::span<const Traffic* const> also) {
    std::vector<const Traffic*> all(also.begin(), also.end());
    for (const Rule& rule : base.rules) {
        for (const Traffic& traffic : rule.traffic) all.push_back(&traffic);
        for (const MemberList& list : rule.members) {
            for (const Member& member : list.members) {
                for (const Traffic& traffic : member.traffic) all.push_back(&traffic);
            }
        }
    }
    return all;
}

}  // namespace

RuleClass ClassOf(const Rule& rule) {
    if (rule.unknown.empty()) return LetsThrough(rule.action) ? kCertainAccept : kCertainDeny;
    return LetsThrough(rule.action) ? kUncertainAccept : kUncertainDeny;
}

FamilyRules::FamilyRules(Family family, const RuleBase& base, std::span<const Traffic* const> also) : space_(family, AllTraffic(base, also)) {
    for (std::uint32_t rule = 0; rule < base.rules.size(); ++rule) {
        first_products_.push_back(static_cast<std::uint32_t>(products_.size()));
        if (!base.rules[rule].IsActive()) continue;
        for (const Traffic& traffic : base.rules[rule].traffic) {
            const auto product = space_.ProductOf(traffic, store_);
            if (!product) continue;
            products_.push_back(*product);
            rules_.push_back(rule);
            classes_.push_back(firewall::ClassOf(base.rules[rule]));
            all_classes_ |= classes_.back();
        }
    }
    first_products_.push_back(static_cast<std::uint32_t>(products_.size()));
    index_ = ProductIndex(products_);
}

}  // namespace opsteward::firewall
