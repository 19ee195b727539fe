// Numbers of every width come back from their planes and from themselves; planes that do not fit are refused.
#include "vault/columns/number_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "vault/columns/planes.hpp"
#include "vault/testing/read_columns.hpp"

namespace opsteward::vault {
namespace {

using ::testing::ElementsAreArray;

std::vector<std::uint64_t> ValuesOf(const NumberList& list) {
    std::vector<std::uint64_t> values;
    for (std::size_t i = 0; i < list.size(); ++i) values.push_back(list[i]);
    return values;
}

Result<NumberList> FromPlanes(const std::vector<std::string>& planes, std::size_t count, std::uint64_t base = 0) {
    return NumberList::FromPlanes(testing::AsPacked(planes), count, base);
}

TEST(NumberList, GivesNumbersOfEveryWidthBack) {
    std::mt19937_64 random(5);
    for (unsigned width = 0; width <= 8; ++width) {
        std::vector<std::uint64_t> numbers(100, 0);
        for (std::uint64_t& number : numbers) number = width == 0 ? 0 : random() >> (64 - 8 * width);
        PackWriter pack;
        WritePlanes(numbers, width, pack);
        const std::vector<std::string> planes = testing::ReadPack(pack.Finish(1), 1 << 20).value();
        EXPECT_THAT(ValuesOf(FromPlanes(planes, numbers.size()).value()), ElementsAreArray(numbers)) << width;
        for (std::uint64_t& number : numbers) number += UINT64_MAX - 7;
        EXPECT_THAT(ValuesOf(FromPlanes(planes, numbers.size(), UINT64_MAX - 7).value()), ElementsAreArray(numbers)) << width;
        EXPECT_THAT(ValuesOf(NumberList::From(numbers)), ElementsAreArray(numbers)) << width;
    }
}

TEST(NumberList, KeepsNumbersThatAreFarFromZeroButNearToOneAnother) {
    for (const std::uint64_t step : {0ULL, 1ULL, 256ULL, 1ULL << 20, 1ULL << 40}) {
        const std::vector<std::uint64_t> numbers{(1ULL << 62) + step, 1ULL << 62, (1ULL << 62) + step / 2};
        EXPECT_THAT(ValuesOf(NumberList::From(numbers)), ElementsAreArray(numbers));
    }
}

TEST(NumberList, APlaneOfAnotherLengthIsRefused) {
    for (const std::vector<std::string>& planes : {std::vector<std::string>{"ab", "c"}, {"ab", "cde"}, {"", "ab"}}) {
        EXPECT_EQ(FromPlanes(planes, 2).error().code, ErrorCode::kCorrupt);
    }
}

}  // namespace
}  // namespace opsteward::vault
