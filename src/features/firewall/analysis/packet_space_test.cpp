#include "features/firewall/analysis/packet_space.hpp"

#include <gtest/gtest.h>

#include <random>

#include "features/firewall/analysis/product_index.hpp"
#include "features/firewall/analysis/testing/rules.hpp"
#include "features/firewall/analysis/testing/small_bases.hpp"

namespace opsteward::firewall {
namespace {

std::vector<Interval> SomeIntervals(std::mt19937& random) {
    std::vector<Interval> intervals;
    std::int32_t next = std::uniform_int_distribution<std::int32_t>(0, 5)(random);
    for (int i = std::uniform_int_distribution<int>(1, 4)(random); i > 0; --i) {
        const std::int32_t last = next + std::uniform_int_distribution<std::int32_t>(0, 5)(random);
        intervals.push_back({next, last});
        next = last + std::uniform_int_distribution<std::int32_t>(2, 6)(random);
    }
    return intervals;
}

std::vector<bool> Plain(Intervals intervals) {
    std::vector<bool> plain(64);
    for (const Interval& interval : intervals) {
        for (std::int32_t i = interval.first; i <= interval.last; ++i) plain[static_cast<std::size_t>(i)] = true;
    }
    return plain;
}

TEST(IntervalSets, AreCutAsSetsOfNumbersAre) {
    std::mt19937 random(3);
    for (int round = 0; round < 2000; ++round) {
        const auto a = SomeIntervals(random);
        const auto b = SomeIntervals(random);
        std::vector<Interval> room(a.size() + b.size());
        const auto plain_a = Plain(a);
        const auto plain_b = Plain(b);
        std::vector<bool> both(64);
        std::vector<bool> alone(64);
        for (std::size_t i = 0; i < 64; ++i) {
            both[i] = plain_a[i] && plain_b[i];
            alone[i] = plain_a[i] && !plain_b[i];
        }
        EXPECT_EQ(Plain({room.data(), Intersect(a, b, room.data())}), both);
        EXPECT_EQ(Plain({room.data(), Subtract(a, b, room.data())}), alone);
    }
}

TEST(PacketSpace, GivesBackTheTrafficThatWasPutIn) {
    std::mt19937 random(4);
    for (int round = 0; round < 300; ++round) {
        const RuleBase base = testing::MakeBase(random);
        std::vector<const Traffic*> all;
        for (const Rule& rule : base.rules) {
            for (const Traffic& traffic : rule.traffic) all.push_back(&traffic);
        }
        for (const Family family : {Family::kIpv4, Family::kIpv6}) {
            const PacketSpace space(family, all);
            IntervalStore store;
            for (const Traffic* traffic : all) {
                const auto product = space.ProductOf(*traffic, store);
                if (!product) continue;
                EXPECT_EQ(space.TrafficOf(*product), *traffic);
                EXPECT_TRUE(Matches(*traffic, space.PacketIn(*product)));
                std::uint64_t chance = 1;
                for (int i = 0; i < 5; ++i) EXPECT_TRUE(Matches(*traffic, space.AnyPacketIn(*product, chance)));
                Product point;
                point.hull = space.PointOf(space.PacketIn(*product));
                EXPECT_TRUE(Covers(*product, point));
            }
        }
    }
}

TEST(PacketSpace, ReachesBothEndsOfTheAddresses) {
    const Traffic whole = testing::Ipv6Traffic(testing::kAny6, testing::kAny6);
    const Traffic last = testing::Ipv6Traffic("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::");
    const std::vector<const Traffic*> all{&whole, &last};
    const PacketSpace space(Family::kIpv6, all);
    IntervalStore store;
    const auto outer = space.ProductOf(whole, store).value();
    const auto inner = space.ProductOf(last, store).value();
    EXPECT_TRUE(Covers(outer, inner));
    EXPECT_FALSE(Covers(inner, outer));
    EXPECT_EQ(space.TrafficOf(inner), last);
    EXPECT_EQ(space.SizeOf(kSource, {inner.hull.first[kSource], inner.hull.last[kSource]}), 1);
}

TEST(ProductIndex, FindsWhatMeetsABox) {
    std::mt19937 random(5);
    std::uniform_int_distribution<std::int32_t> value(-1000, 1000);
    std::vector<Product> products(700);
    for (Product& product : products) {
        for (std::size_t i = 0; i < kDimensions; ++i) {
            const std::int32_t first = value(random);
            product.SetInterval(i, {std::min(first, 500), std::min(first, 500) + std::abs(value(random))});
        }
    }
    const ProductIndex index(products);
    for (std::uint32_t i = 0; i < products.size(); i += 3) {
        std::vector<std::uint32_t> found;
        index.ForEachMeeting(products[i].hull, i, [&found](std::uint32_t number) { found.push_back(number); });
        std::ranges::sort(found);
        std::vector<std::uint32_t> expected;
        for (std::uint32_t k = 0; k < i; ++k) {
            if (!AreDisjoint(products[k], products[i])) expected.push_back(k);
        }
        EXPECT_EQ(found, expected);
        EXPECT_TRUE(index.AnyCovering(products[i].hull, i + 1, [i](std::uint32_t number) { return number == i; }));
    }
}

}  // namespace
}  // namespace opsteward::firewall
