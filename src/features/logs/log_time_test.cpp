#include "features/logs/log_time.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/civil_time.hpp"

namespace opsteward::logs {
namespace {

std::string Resolved(std::string_view text, std::string_view received) {
    const auto time = TakeTime(text);
    if (!time) return "unread";
    const auto instant = Resolve(*time, ParseRfc3339(received).value());
    return instant ? FormatRfc3339(*instant) : "no such day";
}

TEST(LogTime, ReadsEveryForm) {
    struct Row {
        std::string_view text;
        std::string_view instant;
        std::string_view rest;
    };
    for (const Row& row : {
             Row{"Nov  4 10:00:00 host", "2026-11-04T02:00:00.000Z", " host"},
             Row{"Nov 4 10:00:00.25 x", "2026-11-04T02:00:00.250Z", " x"},
             Row{"Nov 04 10:00:00,987654", "2026-11-04T02:00:00.987Z", ""},
             Row{"Nov 4 2025 10:00:00: %ASA", "2025-11-04T02:00:00.000Z", ": %ASA"},
             Row{"2025 Nov  4 10:00:00 host", "2025-11-04T02:00:00.000Z", " host"},
             Row{"Nov 4 10:00:00 2025", "2025-11-04T02:00:00.000Z", ""},
             Row{"Wed Nov 04 10:00:00.123456 2026] [x", "2026-11-04T02:00:00.123Z", "] [x"},
             Row{"2026-11-04T10:00:00Z", "2026-11-04T10:00:00.000Z", ""},
             Row{"2026-11-04T10:00:00.5-03:30 x", "2026-11-04T13:30:00.500Z", " x"},
             Row{"2026-11-04 10:00:00,123 ERROR", "2026-11-04T02:00:00.123Z", " ERROR"},
             Row{"2026/11/04 10:00:00 [error]", "2026-11-04T02:00:00.000Z", " [error]"},
             Row{"04/Nov/2026:10:00:00 +0900] x", "2026-11-04T01:00:00.000Z", "] x"},
             Row{"04Nov2026 10:00:00|x", "2026-11-04T02:00:00.000Z", "|x"},
             Row{"Dec 31 23:59:60 x", "2026-12-31T16:00:00.000Z", " x"},
         }) {
        std::string_view rest = row.text;
        ASSERT_TRUE(TakeTime(rest)) << row.text;
        EXPECT_EQ(rest, row.rest) << row.text;
        EXPECT_EQ(Resolved(row.text, "2026-11-24T02:00:00Z"), row.instant) << row.text;
    }
}

TEST(LogTime, LeavesWhatIsNoTime) {
    for (const std::string_view text :
         {"", "Nov", "Nov 4 10:00", "Nov 32 10:00:00", "Nov 4 24:00:00", "Nov 4 10:60:00", "Foo 4 10:00:00 aaaa",
          "2026-13-04T10:00:00", "2026-11-04X10:00:00", "0000-11-04T10:00:00", "04/Nov/20 10:00:00", "99999999999999",
          "Mon Nov", "1,2026/11/04 10:00:00"}) {
        std::string_view rest = text;
        EXPECT_FALSE(TakeTime(rest)) << text;
        EXPECT_EQ(rest, text);
    }
}

TEST(LogTime, AMissingYearIsTheOneNearestToTheReceiveTime) {
    EXPECT_EQ(Resolved("Dec 31 23:59:59 x", "2026-12-31T16:00:01Z"), "2026-12-31T15:59:59.000Z");
    // Received at half past midnight of New Year, Taipei, while UTC still writes the old year.
    EXPECT_EQ(Resolved("Jan  1 00:30:00 x", "2026-12-31T16:30:01Z"), "2026-12-31T16:30:00.000Z");
    EXPECT_EQ(Resolved("Dec 31 23:59:59 x", "2027-01-01T02:00:00Z"), "2026-12-31T15:59:59.000Z");
    // A device whose clock is ahead.
    EXPECT_EQ(Resolved("Jan  1 00:00:05 x", "2026-12-31T15:59:00Z"), "2026-12-31T16:00:05.000Z");
    EXPECT_EQ(Resolved("Jun 15 12:00:00 x", "2026-12-01T00:00:00Z"), "2026-06-15T04:00:00.000Z");
    EXPECT_EQ(Resolved("May 15 12:00:00 x", "2026-12-01T00:00:00Z"), "2027-05-15T04:00:00.000Z");
}

TEST(LogTime, TheLeapDayBelongsToALeapYearNearby) {
    EXPECT_EQ(Resolved("Feb 29 12:00:00 x", "2028-03-01T00:00:00Z"), "2028-02-29T04:00:00.000Z");
    EXPECT_EQ(Resolved("Feb 29 12:00:00 x", "2029-01-15T00:00:00Z"), "2028-02-29T04:00:00.000Z");
    EXPECT_EQ(Resolved("Feb 29 12:00:00 x", "2027-12-31T00:00:00Z"), "2028-02-29T04:00:00.000Z");
    EXPECT_EQ(Resolved("Feb 29 12:00:00 x", "2026-03-01T00:00:00Z"), "no such day");
    EXPECT_EQ(Resolved("Feb 29 2026 12:00:00 x", "2026-03-01T00:00:00Z"), "no such day");
}

TEST(LogTime, ReadsZonesThatAreKnown) {
    struct Row {
        std::string_view text;
        std::optional<int> minutes;
    };
    for (const Row& row : {
             Row{"UTC", 0}, Row{"UTC: x", 0}, Row{"CST x", 480}, Row{"TST: %", 480}, Row{"JST", 540}, Row{"UTC+8 x", 480},
             Row{"GMT-05:30", -330}, Row{"+0800 x", 480}, Row{"+08:00:", 480}, Row{"-7", -420}, Row{"Taipei:", std::nullopt},
             Row{"UTCX", std::nullopt}, Row{"+99:00", std::nullopt}, Row{"", std::nullopt}, Row{"CSThost", std::nullopt},
         }) {
        std::string_view rest = row.text;
        EXPECT_EQ(TakeZone(rest), row.minutes) << row.text;
    }
}

TEST(LogTime, TellsEpochUnitsApartByTheirDigits) {
    const auto read = [](std::string_view text) {
        const auto instant = ReadEpoch(text);
        return instant ? FormatRfc3339(*instant) : std::string("none");
    };
    EXPECT_EQ(read("1795485600"), "2026-11-24T02:00:00.000Z");
    EXPECT_EQ(read("1795485600.25"), "2026-11-24T02:00:00.250Z");
    EXPECT_EQ(read("1795485600123"), "2026-11-24T02:00:00.123Z");
    EXPECT_EQ(read("1795485600123456"), "2026-11-24T02:00:00.123Z");
    EXPECT_EQ(read("1795485600123456789"), "2026-11-24T02:00:00.123Z");
    EXPECT_EQ(read("17954856"), "none");
    EXPECT_EQ(read("1795485600x"), "none");
    EXPECT_EQ(read(""), "none");
}

TEST(LogTime, ATimeWithYearAndZoneReplacesOneThatWasGuessed) {
    const Instant received = ParseRfc3339("2026-11-24T02:00:00Z").value();
    ParsedLine line;
    OfferTime("Nov 24 10:00:00", received, line);
    EXPECT_TRUE(line.year_inferred && line.zone_inferred);
    OfferTime("2026-11-24 09:59:59", received, line);
    EXPECT_TRUE(!line.year_inferred && line.zone_inferred);
    OfferTime("Nov 24 10:00:00", received, line);
    EXPECT_EQ(FormatRfc3339(*line.event_time), "2026-11-24T01:59:59.000Z");
    OfferTime("1795485600", received, line);
    EXPECT_FALSE(line.year_inferred || line.zone_inferred);
    EXPECT_EQ(line.event_time, received);
}

}  // namespace
}  // namespace opsteward::logs
