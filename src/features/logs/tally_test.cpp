// Hits are counted by time and by value, exactly.
#include "features/logs/tally.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/civil_time.hpp"

namespace opsteward::logs {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

Instant At(std::string_view time) { return ParseRfc3339(time).value(); }

vault::RecordView Line(std::string_view message, std::string_view source = "fw") {
    return {At("2026-11-24T12:00:00Z"), vault::Transport::kImport, source, "firewall", "", message};
}

TEST(Histogram, CountsByTheClockOfTaipei) {
    Histogram days(TimeStep::kDay);
    Histogram hours(TimeStep::kHour);
    Histogram minutes(TimeStep::kMinute);
    for (const std::string_view time : {"2026-11-24T15:59:59.999Z", "2026-11-24T16:00:00Z", "2026-11-24T16:00:59Z"}) {
        for (Histogram* histogram : {&days, &hours, &minutes}) histogram->Add(At(time));
    }
    EXPECT_THAT(days.counts(), ElementsAre(Pair(At("2026-11-23T16:00:00Z"), 1), Pair(At("2026-11-24T16:00:00Z"), 2)));
    EXPECT_THAT(hours.counts(), ElementsAre(Pair(At("2026-11-24T15:00:00Z"), 1), Pair(At("2026-11-24T16:00:00Z"), 2)));
    EXPECT_THAT(minutes.counts(), ElementsAre(Pair(At("2026-11-24T15:59:00Z"), 1), Pair(At("2026-11-24T16:00:00Z"), 2)));
}

TEST(TopValues, CountsWhatAFieldSaysMostFrequentFirst) {
    TopValues values("Action");
    for (const char* action : {"deny", "accept", "deny", "close"}) values.Add(Line(std::string("action=") + action + " srcip=10.0.0.1"));
    values.Add(Line("no such field"));
    EXPECT_THAT(values.Top(2), ElementsAre(ValueCount{"deny", 2}, ValueCount{"accept", 1}));
    EXPECT_THAT(values.Top(9), ElementsAre(ValueCount{"deny", 2}, ValueCount{"accept", 1}, ValueCount{"close", 1}));
    EXPECT_EQ(values.without(), 1U);
    EXPECT_EQ(values.others(), 0U);
}

TEST(TopValues, CountsTheSourceAndTheKindOfTheRecordItself) {
    TopValues sources("source");
    TopValues kinds("kind");
    for (TopValues* values : {&sources, &kinds}) {
        values->Add(Line("source=inside kind=inside", "fw-2"));
        values->Add(Line("", "fw-1"));
    }
    EXPECT_THAT(sources.Top(9), ElementsAre(ValueCount{"fw-1", 1}, ValueCount{"fw-2", 1}));
    EXPECT_THAT(kinds.Top(9), ElementsAre(ValueCount{"firewall", 2}));
}

TEST(TopValues, SaysHowManyItCouldNotKeepApart) {
    TopValues values("user", 2);
    for (const char* user : {"a", "b", "c", "a", "d"}) values.Add(Line(std::string("action=login user=") + user));
    EXPECT_THAT(values.Top(9), ElementsAre(ValueCount{"a", 2}, ValueCount{"b", 1}));
    EXPECT_EQ(values.others(), 2U);
}

}  // namespace
}  // namespace opsteward::logs
