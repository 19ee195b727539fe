// Numbers are written as planes, the highest first, and cost what they say.
#include "vault/columns/planes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>


#include "vault/testing/read_columns.hpp"

namespace opsteward::vault {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> PlanesOf(const std::vector<std::uint64_t>& numbers, unsigned width) {
    PackWriter pack;
    WritePlanes(numbers, width, pack);
    return testing::ReadPack(pack.Finish(1), 1 << 20).value();
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
