// Numbers come back from their planes, and planes that do not fit are refused.
#include "vault/columns/planes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace opsteward::vault {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

std::vector<std::string> PlanesOf(const std::vector<std::uint64_t>& numbers, unsigned width) {
    PackWriter pack;
    WritePlanes(numbers, width, pack);
    return ReadPack(pack.Finish(1), 1 << 20).value();
}

TEST(Planes, ANumberNeedsAsManyBytesAsItHas) {
    EXPECT_EQ(WidthOf(0), 0U);
    EXPECT_EQ(WidthOf(1), 1U);
    EXPECT_EQ(WidthOf(255), 1U);
    EXPECT_EQ(WidthOf(256), 2U);
    EXPECT_EQ(WidthOf((std::uint64_t{1} << 56) - 1), 7U);
    EXPECT_EQ(WidthOf(UINT64_MAX), 8U);
}

TEST(Planes, StandHighestFirst) {
    EXPECT_THAT(PlanesOf({0x010203, 0x0A0B0C}, 3), ElementsAre("\x01\x0A", "\x02\x0B", "\x03\x0C"));
    EXPECT_TRUE(PlanesOf({0, 0}, 0).empty());
}

TEST(Planes, GiveNumbersOfEveryWidthBackAndTakeNoMoreThanTheirOwn) {
    std::mt19937_64 random(5);
    for (unsigned width = 0; width <= 8; ++width) {
        std::vector<std::uint64_t> numbers(100, 0);
        for (std::uint64_t& number : numbers) number = width == 0 ? 0 : random() >> (64 - 8 * width);
        std::vector<std::string> planes = PlanesOf(numbers, width);
        planes.emplace_back("another column's");
        std::span<std::string> rest = planes;
        EXPECT_THAT(ReadPlanes(rest, width, numbers.size()).value(), ElementsAreArray(numbers));
        EXPECT_THAT(rest, ElementsAre("another column's"));
    }
}

TEST(Planes, AMissingOneAndOneOfAnotherLengthAreRefused) {
    for (std::vector<std::string> planes : {std::vector<std::string>{"ab"}, {"ab", "c"}, {"ab", "cde"}, {"", "ab"}}) {
        std::span<std::string> rest = planes;
        EXPECT_EQ(ReadPlanes(rest, 2, 2).error().code, ErrorCode::kCorrupt);
    }
}

TEST(Planes, CostWhatTheirEntropySays) {
    std::vector<std::uint64_t> each_byte(256);
    for (std::size_t i = 0; i < each_byte.size(); ++i) each_byte[i] = 0x0700 + i;
    EXPECT_DOUBLE_EQ(PlaneCost(each_byte, 2), 256) << "the higher plane is all the same";
    EXPECT_DOUBLE_EQ(PlaneCost(each_byte, 0), 0);
    EXPECT_DOUBLE_EQ(PlaneCost(std::vector<std::uint64_t>{1, 2, 1, 2, 1, 2, 1, 2}, 1), 1);
    EXPECT_DOUBLE_EQ(PlaneCost({}, 8), 0);
}

}  // namespace
}  // namespace opsteward::vault
