#include "platform/console/procedure/words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace opsteward::console::compliance {
namespace {

using ::testing::HasSubstr;

Instant Now() { return StartOfDay(Date(std::chrono::year(2025) / 8 / 5)) + std::chrono::hours(14); }

struct Moment {
    std::string_view text;
    std::string_view utc;
};
class AsOf : public ::testing::TestWithParam<Moment> {};

TEST_P(AsOf, ReadsTimesAsPeopleAndProgramsWriteThem) {
    const auto moment = ParseAsOf(GetParam().text, Now());
    ASSERT_TRUE(moment.ok()) << moment.error().operator_text;
    ASSERT_TRUE(moment->has_value());
    EXPECT_EQ(FormatRfc3339(**moment), GetParam().utc);
}

INSTANTIATE_TEST_SUITE_P(Forms, AsOf,
                         ::testing::Values(Moment{"114.8.4", "2025-08-04T15:59:59.999Z"}, Moment{"民國114年8月4日", "2025-08-04T15:59:59.999Z"},
                                           Moment{"114 年 8 月 4 日", "2025-08-04T15:59:59.999Z"}, Moment{"114.8.4 09:30", "2025-08-04T01:30:00.000Z"},
                                           Moment{" 2025-08-04 09:30:15 ", "2025-08-04T01:30:15.000Z"}, Moment{"2025-08-04", "2025-08-04T15:59:59.999Z"},
                                           Moment{"114.8.5 14:00", "2025-08-05T06:00:00.000Z"}, Moment{"2025-08-04T09:30:00+08:00", "2025-08-04T01:30:00.000Z"},
                                           Moment{"2025-08-04T09:30:00 08:00", "2025-08-04T01:30:00.000Z"}, Moment{"2025-08-04T01:30:00Z", "2025-08-04T01:30:00.000Z"}));

TEST(AsOfParameter, MeansNowWhenItIsEmptyOrToday) {
    for (const std::string_view text : {"", "  ", "114.8.5", "2025-08-05"}) {
        const auto moment = ParseAsOf(text, Now());
        ASSERT_TRUE(moment.ok()) << text;
        EXPECT_FALSE(moment->has_value()) << text;
    }
}

TEST(AsOfParameter, RefusesWhatIsNoTimeOrHasNotComeAndNamesItself) {
    for (const std::string_view text : {"yesterday", "114.2.31", "114.8.4 25:00", "114.8.4 9", "2025-08-05T23:00:00+08:00", "114.8.5 14:01", "115.1.1", "T",
                                        "2025-08-04T09:30:00"}) {
        const auto moment = ParseAsOf(text, Now());
        ASSERT_FALSE(moment.ok()) << text;
        EXPECT_EQ(moment.error().code, ErrorCode::kInvalidInput);
        EXPECT_THAT(moment.error().caller_text.en, HasSubstr("as_of")) << text;
        EXPECT_THAT(moment.error().caller_text.zh, HasSubstr("as_of")) << text;
    }
}

}  // namespace
}  // namespace opsteward::console::compliance
