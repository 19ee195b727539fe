// The periods of duties, and which of them are planned.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/procedure/duty_periods.hpp"
#include "platform/procedure/duty_planning.hpp"
#include "platform/procedure/testing/test_support.hpp"

namespace opsteward::procedure {
namespace {

using testing::DateOf;

struct PeriodCase {
    Cycle cycle;
    Date date;
    Date start;
    Date last_day;
};

TEST(DutyPeriods, AreTaipeiCalendarPeriods) {
    const PeriodCase cases[] = {
        // 2026-03-09 is a Monday.
        {Cycle::kWeekly, DateOf(2026, 3, 9), DateOf(2026, 3, 9), DateOf(2026, 3, 15)},
        {Cycle::kWeekly, DateOf(2026, 3, 15), DateOf(2026, 3, 9), DateOf(2026, 3, 15)},
        {Cycle::kWeekly, DateOf(2026, 1, 1), DateOf(2025, 12, 29), DateOf(2026, 1, 4)},
        {Cycle::kMonthly, DateOf(2026, 3, 1), DateOf(2026, 3, 1), DateOf(2026, 3, 31)},
        {Cycle::kMonthly, DateOf(2026, 3, 31), DateOf(2026, 3, 1), DateOf(2026, 3, 31)},
        {Cycle::kMonthly, DateOf(2024, 2, 29), DateOf(2024, 2, 1), DateOf(2024, 2, 29)},
        {Cycle::kMonthly, DateOf(2026, 2, 10), DateOf(2026, 2, 1), DateOf(2026, 2, 28)},
        {Cycle::kMonthly, DateOf(2026, 12, 31), DateOf(2026, 12, 1), DateOf(2026, 12, 31)},
        {Cycle::kQuarterly, DateOf(2026, 3, 31), DateOf(2026, 1, 1), DateOf(2026, 3, 31)},
        {Cycle::kQuarterly, DateOf(2026, 4, 1), DateOf(2026, 4, 1), DateOf(2026, 6, 30)},
        {Cycle::kQuarterly, DateOf(2026, 11, 15), DateOf(2026, 10, 1), DateOf(2026, 12, 31)},
        {Cycle::kHalfYearly, DateOf(2026, 6, 30), DateOf(2026, 1, 1), DateOf(2026, 6, 30)},
        {Cycle::kHalfYearly, DateOf(2026, 7, 1), DateOf(2026, 7, 1), DateOf(2026, 12, 31)},
        {Cycle::kYearly, DateOf(2026, 1, 1), DateOf(2026, 1, 1), DateOf(2026, 12, 31)},
        {Cycle::kYearly, DateOf(2026, 12, 31), DateOf(2026, 1, 1), DateOf(2026, 12, 31)},
        {Cycle::kOnce, DateOf(2026, 5, 5), DateOf(2026, 1, 1), DateOf(2026, 12, 31)},
    };
    for (const auto& one : cases) {
        SCOPED_TRACE(fmt::format("{} {}", CycleKey(one.cycle), FormatIsoDate(one.date)));
        const Period period = PeriodOf(one.cycle, one.date);
        EXPECT_EQ(FormatIsoDate(period.start), FormatIsoDate(one.start));
        EXPECT_EQ(period.due, FromTaipei({one.last_day, 23, 59, 59}));
    }
}

TEST(DutyPeriods, FollowEachOtherWithoutAGap) {
    for (const Cycle cycle : {Cycle::kWeekly, Cycle::kMonthly, Cycle::kQuarterly, Cycle::kHalfYearly, Cycle::kYearly}) {
        Period period = PeriodOf(cycle, DateOf(2023, 12, 30));
        for (int i = 0; i < 60; ++i) {
            const Period next = PeriodAfter(cycle, period);
            EXPECT_EQ(StartOfDay(next.start) - period.due, std::chrono::seconds(1))
                << CycleKey(cycle) << ' ' << FormatIsoDate(next.start);
            period = next;
        }
    }
}

std::vector<std::string> Starts(const std::vector<Period>& periods) {
    std::vector<std::string> starts;
    for (const auto& period : periods) starts.push_back(FormatIsoDate(period.start));
    return starts;
}

TEST(DutyPlanning, BeginsWithTheCurrentPeriodAndTheNext) {
    const Instant now = FromTaipei({DateOf(2026, 3, 10), 10, 0, 0});
    EXPECT_THAT(Starts(PeriodsToPlan(Cycle::kMonthly, std::nullopt, now)), ::testing::ElementsAre("2026-03-01", "2026-04-01"));
}

TEST(DutyPlanning, MakesUpForPeriodsInWhichNobodyPlanned) {
    const Instant now = FromTaipei({DateOf(2026, 3, 10), 10, 0, 0});
    const Instant january = PeriodOf(Cycle::kMonthly, DateOf(2026, 1, 5)).due;
    EXPECT_THAT(Starts(PeriodsToPlan(Cycle::kMonthly, january, now)),
                ::testing::ElementsAre("2026-02-01", "2026-03-01", "2026-04-01"));
    EXPECT_THAT(Starts(PeriodsToPlan(Cycle::kMonthly, now, now)), ::testing::ElementsAre("2026-03-01", "2026-04-01"));
}

TEST(DutyPlanning, PlansOnceWhatIsDoneOnce) {
    const Instant now = FromTaipei({DateOf(2026, 3, 10), 10, 0, 0});
    const auto first = PeriodsToPlan(Cycle::kOnce, std::nullopt, now);
    ASSERT_EQ(first.size(), 1U);
    EXPECT_EQ(first[0].due, FromTaipei({DateOf(2026, 12, 31), 23, 59, 59}));
    EXPECT_TRUE(PeriodsToPlan(Cycle::kOnce, first[0].due, now + std::chrono::days(400)).empty());
}

TEST(DutyPlanning, TakesMidnightInTaipeiForTheBeginningOfAPeriod) {
    const Instant last_second = FromTaipei({DateOf(2026, 3, 31), 23, 59, 59});
    EXPECT_EQ(Starts(PeriodsToPlan(Cycle::kMonthly, std::nullopt, last_second))[0], "2026-03-01");
    EXPECT_EQ(Starts(PeriodsToPlan(Cycle::kMonthly, std::nullopt, last_second + std::chrono::seconds(1)))[0], "2026-04-01");
}

}  // namespace
}  // namespace opsteward::procedure
