#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/civil_time.hpp"
#include "platform/jobs/scheduler.hpp"

namespace opsteward::jobs {
namespace {

Instant At(std::string_view text) {
    const auto instant = ParseRfc3339(text);
    EXPECT_TRUE(instant.ok()) << text;
    return instant.value_or(Instant());
}

struct NextCase {
    std::string_view schedule;
    std::string_view after;  ///< Taipei
    std::string_view next;   ///< Taipei
};

constexpr NextCase kCases[] = {
    {"* * * * *", "2025-08-05T14:03:00+08:00", "2025-08-05T14:04:00+08:00"},
    {"* * * * *", "2025-08-05T14:03:59.999+08:00", "2025-08-05T14:04:00+08:00"},
    {"15 2 * * *", "2025-08-05T02:14:59+08:00", "2025-08-05T02:15:00+08:00"},
    {"15 2 * * *", "2025-08-05T02:15:00+08:00", "2025-08-06T02:15:00+08:00"},
    {"15 2 * * *", "2025-08-05T23:59:59+08:00", "2025-08-06T02:15:00+08:00"},
    // Midnight in Taipei is 16:00 of the day before in UTC.
    {"0 0 * * *", "2025-08-05T15:59:59Z", "2025-08-05T16:00:00Z"},
    {"0 0 * * *", "2025-08-05T16:00:00Z", "2025-08-06T16:00:00Z"},
    {"0 0 1 1 *", "2025-12-31T23:59:59+08:00", "2026-01-01T00:00:00+08:00"},
    {"59 23 31 12 *", "2025-12-31T23:59:00+08:00", "2026-12-31T23:59:00+08:00"},
    {"*/15 * * * *", "2025-08-05T14:46:00+08:00", "2025-08-05T15:00:00+08:00"},
    {"5-20/5 * * * *", "2025-08-05T14:11:00+08:00", "2025-08-05T14:15:00+08:00"},
    {"5-20/5 * * * *", "2025-08-05T14:20:00+08:00", "2025-08-05T15:05:00+08:00"},
    {"0,30 8-9,17 * * *", "2025-08-05T09:30:00+08:00", "2025-08-05T17:00:00+08:00"},
    {"0 9 * * 1-5", "2025-08-08T09:00:00+08:00", "2025-08-11T09:00:00+08:00"},   // Friday to Monday
    {"0 9 * * 0", "2025-08-05T00:00:00+08:00", "2025-08-10T09:00:00+08:00"},
    {"0 9 * * 7", "2025-08-05T00:00:00+08:00", "2025-08-10T09:00:00+08:00"},
    {"0 0 31 * *", "2025-08-31T00:00:00+08:00", "2025-10-31T00:00:00+08:00"},
    {"0 0 29 2 *", "2025-01-01T00:00:00+08:00", "2028-02-29T00:00:00+08:00"},
    {"0 0 29 2 *", "2096-03-01T00:00:00+08:00", "2104-02-29T00:00:00+08:00"},
    // Both day fields restricted: either is enough.
    {"0 0 13 * 5", "2025-08-05T00:00:00+08:00", "2025-08-08T00:00:00+08:00"},
    {"0 0 13 * 5", "2025-08-08T00:00:00+08:00", "2025-08-13T00:00:00+08:00"},
    {"0 0 */10 2 3", "2025-02-01T00:00:00+08:00", "2025-02-05T00:00:00+08:00"},
    {"  15   2 * * *  ", "2025-08-05T00:00:00+08:00", "2025-08-05T02:15:00+08:00"},
    {"every 60s", "2025-08-05T14:03:07.250+08:00", "2025-08-05T14:04:07.250+08:00"},
    {"every 5m", "2025-08-05T23:58:00+08:00", "2025-08-06T00:03:00+08:00"},
    {"every 36h", "2025-08-05T00:00:00+08:00", "2025-08-06T12:00:00+08:00"},
};

TEST(Schedule, NextRunIsTheFirstMatchAfterTheGivenTime) {
    for (const auto& [schedule, after, next] : kCases) {
        const auto found = NextRun(schedule, At(after));
        ASSERT_TRUE(found.ok()) << schedule;
        EXPECT_EQ(FormatRfc3339(*found), FormatRfc3339(At(next))) << schedule << " after " << after;
    }
}

TEST(Schedule, RefusesWhatIsNoSchedule) {
    for (const std::string_view schedule :
         {"", "daily", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 0 *", "* * * 13 *",
          "* * * * 8", "5-1 * * * *", "1- * * * *", "-1 * * * *", "*/0 * * * *", "5/10 * * * *", "1,,2 * * * *", "1, * * * *",
          "a * * * *", "* * * JAN *", "+1 * * * *", "001 * * * *", "every", "every 0s", "every -5s", "every 5", "every 5d", "every s",
          "every 99999999h", "every 1.5h", "0 0 30 2 *", "0 0 31 2,4,6,9,11 *"}) {
        EXPECT_FALSE(NextRun(schedule, At("2025-08-05T14:03:00+08:00")).ok()) << schedule;
    }
}

TEST(Schedule, SaysWhichFieldIsWrong) {
    const auto refused = NextRun("0 25 * * *", At("2025-08-05T14:03:00+08:00"));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidInput);
    EXPECT_THAT(refused.error().caller_text.en, testing::HasSubstr("hour (field 2) \"25\""));
    EXPECT_THAT(refused.error().caller_text.zh, testing::HasSubstr("時（第 2 欄）"));
}

}  // namespace
}  // namespace opsteward::jobs
