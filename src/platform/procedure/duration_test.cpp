#include "platform/procedure/duration.hpp"

#include <gtest/gtest.h>

namespace opsteward::procedure {
namespace {

TEST(Duration, ReadsCountsOfSecondsMinutesHoursAndDays) {
    const std::pair<std::string_view, std::int64_t> cases[] = {
        {"0d", 0},           {"1s", 1'000},       {"90s", 90'000},       {"15m", 900'000},
        {"12h", 43'200'000}, {"7d", 604'800'000}, {"007d", 604'800'000}, {"999999999d", 86'399'999'913'600'000},
    };
    for (const auto& [text, millis] : cases) {
        const auto duration = ParseDuration(text);
        ASSERT_TRUE(duration.has_value()) << text;
        EXPECT_EQ(duration->count(), millis) << text;
    }
}

TEST(Duration, RefusesAnythingElse) {
    for (const std::string_view text :
         {"", "d", "7", "7 d", " 7d", "7d ", "-7d", "+7d", "7w", "7D", "1.5h", "1h30m", "9999999999d", "７d"}) {
        EXPECT_FALSE(ParseDuration(text).has_value()) << text;
    }
}

TEST(Duration, IsWrittenInTheLargestUnitThatIsWhole) {
    for (const std::string_view text : {"0s", "59s", "61s", "1m", "90m", "1h", "25h", "1d", "184d"}) {
        EXPECT_EQ(FormatDuration(*ParseDuration(text)), text);
    }
    EXPECT_EQ(FormatDuration(*ParseDuration("24h")), "1d");
    EXPECT_EQ(FormatDuration(std::chrono::milliseconds(1'999)), "1s");
}

}  // namespace
}  // namespace opsteward::procedure
