#include "features/firewall/formats/hit_counts.hpp"

#include <gtest/gtest.h>

namespace opsteward::firewall {
namespace {

/// A count of one rule, whatever rule base it stands in.
HitCount CountOf(std::string rule, std::uint64_t hits, std::string base = {}) {
    HitCount count{std::move(base), std::move(rule), 1, {}};
    count.counter.hits = hits;
    return count;
}

struct Case {
    Format format;
    std::string_view rule;
    std::vector<HitCount> counts;
    std::optional<std::uint64_t> hits;
};

TEST(HitCounts, AreThoseOfTheWholeIdElseOfTheRuleThatAWayEndsIn) {
    const Case cases[] = {
        {Format::kAsa, "in1:2", {CountOf("in1:2", 7)}, 7},
        {Format::kAsa, "in1:2/out1:1", {CountOf("in1:2", 7), CountOf("out1:1", 8)}, 8},
        {Format::kAsa, "in1:2/out1:1", {CountOf("out1:1", 8), CountOf("in1:2/out1:1", 9)}, 9},
        {Format::kAsa, "implicit:inside/out1:1", {CountOf("out1:1", 8)}, 8},
        {Format::kAsa, "in1:2/out1:implicit", {CountOf("in1:2", 7), CountOf("out1:1", 8)}, {}},
        {Format::kAsa, "a/b:1", {CountOf("b:1", 8)}, {}},  // the list's own name
        {Format::kOpnsense, "lan:3/floating:1", {CountOf("floating:1", 5)}, 5},
        {Format::kOpnsense, "lan:3/floating:1", {CountOf("floating:1", 5, "filter"), CountOf("floating:1", 6)}, 5},
        {Format::kSrx, "trust/untrust/web", {CountOf("web", 4)}, {}},
        {Format::kSrx, "trust/untrust/web", {CountOf("trust/untrust/web", 3)}, 3},
        {Format::kPaloAlto, "allow:web/out:1", {CountOf("out:1", 4)}, {}},
        {Format::kIptables, "FORWARD:3/web:2", {CountOf("web:2", 4)}, {}},
    };
    for (const Case& one : cases) {
        Configuration configuration;
        configuration.format = one.format;
        RuleBase& base = configuration.rule_bases.emplace_back();
        base.name = "filter";
        base.rules.emplace_back().id = std::string(one.rule);
        AddHitCounts({one.counts, {}}, configuration);
        const std::optional<RuleCounter>& counter = base.rules[0].counter;
        EXPECT_EQ(counter ? counter->hits : std::nullopt, one.hits) << NameOf(one.format) << " " << one.rule;
    }
}

TEST(HitCounts, OneThatSeveralWaysEndInMeetsThemAllAndIsCountedOnce) {
    Configuration configuration;
    configuration.format = Format::kAsa;
    RuleBase& base = configuration.rule_bases.emplace_back();
    for (const char* const id : {"in1:1/out1:1", "in1:2/out1:1", "in1:2"}) base.rules.emplace_back().id = id;
    base.rules[1].counter.emplace().created = 3;
    EXPECT_EQ(AddHitCounts({{CountOf("out1:1", 8), CountOf("out1:2", 1)}, {}}, configuration), 1U);
    EXPECT_EQ(base.rules[0].counter->hits, 8U);
    EXPECT_EQ(base.rules[1].counter->hits, 8U);
    EXPECT_EQ(base.rules[1].counter->created, 3) << "what the count does not tell stays";
    EXPECT_FALSE(base.rules[2].counter.has_value());
}

}  // namespace
}  // namespace opsteward::firewall
