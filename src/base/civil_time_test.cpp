#include "base/civil_time.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace opsteward {
namespace {

using ::testing::HasSubstr;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

Date Day(int year, unsigned month, unsigned day) {
    return Date(std::chrono::year(year), std::chrono::month(month), std::chrono::day(day));
}

const Instant kNow = FromTaipei({Day(2025, 8, 5), 14, 3, 7}) + milliseconds(250);

TEST(ParseDate, ReadsWhatPeopleHereWrite) {
    const struct {
        std::string_view text;
        Date date;
    } kTable[] = {
        {"114.8.5", Day(2025, 8, 5)},
        {"114.08.05", Day(2025, 8, 5)},
        {"114/8/5", Day(2025, 8, 5)},
        {"114-8-5", Day(2025, 8, 5)},
        {"民國114年8月5日", Day(2025, 8, 5)},
        {"民國 114 年 8 月 5 日", Day(2025, 8, 5)},
        {"109 年 7 月 1 日", Day(2020, 7, 1)},
        {"114年8月5", Day(2025, 8, 5)},
        {"1140805", Day(2025, 8, 5)},
        {"民國1140805", Day(2025, 8, 5)},
        {"990805", Day(2010, 8, 5)},
        {"2025/8/5", Day(2025, 8, 5)},
        {"2025-08-05", Day(2025, 8, 5)},
        {"2025.8.5", Day(2025, 8, 5)},
        {"2025年8月5日", Day(2025, 8, 5)},
        {"１１４．８．５", Day(2025, 8, 5)},
        {"民國１１４年８月５日", Day(2025, 8, 5)},
        {"１１４／０８／０５", Day(2025, 8, 5)},
        {"２０２５－０８－０５", Day(2025, 8, 5)},
        {"１１４０８０５", Day(2025, 8, 5)},
        {"　114.8.5\t", Day(2025, 8, 5)},
        {"113.2.29", Day(2024, 2, 29)},
        {"2024-02-29", Day(2024, 2, 29)},
        {"1.1.1", Day(1912, 1, 1)},
        {"民國1年1月1日", Day(1912, 1, 1)},
        {"1912-01-01", Day(1912, 1, 1)},
        {"999.12.31", Day(2910, 12, 31)},
        {"2910-12-31", Day(2910, 12, 31)},
    };
    for (const auto& row : kTable) {
        const auto date = ParseDate(row.text);
        ASSERT_TRUE(date.ok()) << row.text << ": " << date.error().operator_text;
        EXPECT_EQ(*date, row.date) << row.text;
    }
}

TEST(ParseDate, RefusesWhatIsNoDayOfTheCalendarNamingIt) {
    const struct {
        std::string_view text;
        std::string_view zh;
        std::string_view en;
    } kTable[] = {
        {"114.2.31", "民國114年沒有 2 月 31 日", "2025-02-31"},
        {"114.2.29", "民國114年沒有 2 月 29 日", "2025-02-29"},
        {"民國114年13月1日", "沒有 13 月 1 日", "2025-13-01"},
        {"114.4.31", "沒有 4 月 31 日", "2025-04-31"},
        {"114.0.5", "沒有 0 月 5 日", "2025-00-05"},
        {"114.8.0", "沒有 8 月 0 日", "2025-08-00"},
        {"114.264.5", "沒有 264 月 5 日", "2025-264-05"},
        {"114.8.261", "沒有 8 月 261 日", "2025-08-261"},
        {"1141332", "沒有 13 月 32 日", "2025-13-32"},
        {"2025-02-30", "民國114年沒有 2 月 30 日", "2025-02-30"},
    };
    for (const auto& row : kTable) {
        const auto date = ParseDate(row.text);
        ASSERT_FALSE(date.ok()) << row.text;
        EXPECT_EQ(date.error().code, ErrorCode::kInvalidInput);
        EXPECT_THAT(date.error().caller_text.zh, HasSubstr(std::string(row.zh)));
        EXPECT_THAT(date.error().caller_text.en, HasSubstr(std::string(row.en)));
    }
}

TEST(ParseDate, RefusesYearsOutsideMinguo1To999SayingSo) {
    for (const std::string_view text : {"0.1.1", "民國0年1月1日", "民國1000年1月1日", "民國2025年8月5日", "1000.1.1", "1911-12-31",
                                        "2911-01-01", "9999-12-31", "0000101"}) {
        const auto date = ParseDate(text);
        ASSERT_FALSE(date.ok()) << text;
        EXPECT_THAT(date.error().caller_text.zh, HasSubstr("民國 1 年至 999 年")) << text;
    }
}

TEST(ParseDate, RefusesWhatIsNoDateShowingHowToWriteOne) {
    for (const std::string_view text : {"", " ", "民國", "114", "114.8", "114.8.", "114..5", "114.8/5", "114/8-5", "114.8.5.1", "114.8.5日日",
                                        "-1.1.1", "114.-8.5", "+114.8.5", "11480", "11408051", "20250805", "12345.1.1", "114.12345.1",
                                        "114.8.12345678901234567890", "8月5日", "五年八月五日", "114.8.5x", "x114.8.5", "昨天",
                                        "114.8.5\n", "2025-W32-2", "\xEF\xBC", "114.8.\xEF\xBC"}) {
        const auto date = ParseDate(text);
        ASSERT_FALSE(date.ok()) << text;
        EXPECT_THAT(date.error().caller_text.zh, HasSubstr("114.8.5")) << text;
    }
}

TEST(FormatDate, WritesMinguoAndEnglish) {
    EXPECT_EQ(FormatDate(Day(2025, 8, 5), Language::kZhHant), "民國114年8月5日");
    EXPECT_EQ(FormatDate(Day(1912, 1, 1), Language::kZhHant), "民國1年1月1日");
    EXPECT_EQ(FormatDate(Day(2025, 12, 31), Language::kEnglish), "31 Dec 2025");
    EXPECT_EQ(FormatDateShort(Day(2025, 8, 5), Language::kZhHant), "114.8.5");
    EXPECT_EQ(FormatDateShort(Day(2025, 8, 5), Language::kEnglish), "2025-08-05");
    EXPECT_EQ(FormatIsoDate(Day(2025, 8, 5)), "2025-08-05");
}

TEST(FormatDate, IsReadBackAsTheSameDay) {
    for (std::chrono::sys_days day = Day(1912, 1, 1); day <= std::chrono::sys_days(Day(2910, 12, 31)); day += std::chrono::days(37)) {
        const Date date(day);
        EXPECT_EQ(ParseDate(FormatDate(date, Language::kZhHant)).value_or(Date()), date);
        EXPECT_EQ(ParseDate(FormatDateShort(date, Language::kZhHant)).value_or(Date()), date);
        EXPECT_EQ(ParseDate(FormatIsoDate(date)).value_or(Date()), date);
    }
}

TEST(FormatTime, ShowsTheTaipeiClock) {
    EXPECT_EQ(FormatTime(kNow, Language::kZhHant), "114.8.5 14:03");
    EXPECT_EQ(FormatTime(kNow, Language::kEnglish), "2025-08-05 14:03");
    EXPECT_EQ(FormatTimeWithSeconds(kNow, Language::kZhHant), "114.8.5 14:03:07");
    EXPECT_EQ(FormatTimeWithSeconds(kNow, Language::kEnglish), "2025-08-05 14:03:07");
}

TEST(Taipei, IsEightHoursAheadAndChangesTheDayAtItsOwnMidnight) {
    const Instant midnight = StartOfDay(Day(2025, 8, 5));
    EXPECT_EQ(FormatRfc3339(midnight), "2025-08-04T16:00:00.000Z");
    EXPECT_EQ(TaipeiDate(midnight), Day(2025, 8, 5));
    EXPECT_EQ(TaipeiDate(midnight - milliseconds(1)), Day(2025, 8, 4));
    const LocalTime last = ToTaipei(midnight - milliseconds(1));
    EXPECT_EQ(last.hour, 23);
    EXPECT_EQ(last.minute, 59);
    EXPECT_EQ(last.second, 59);
}

TEST(Taipei, GivesBackTheInstantOfALocalTimeAlsoBefore1970) {
    for (const Instant instant : {FromMillis(0), FromMillis(-1000), FromMillis(-1'830'384'000'000), FromMillis(1'754'373'787'000)}) {
        EXPECT_EQ(FromTaipei(ToTaipei(instant)), instant);
    }
}

TEST(Rfc3339, IsWrittenInUtcWithMilliseconds) {
    EXPECT_EQ(FormatRfc3339(kNow), "2025-08-05T06:03:07.250Z");
    EXPECT_EQ(FormatRfc3339(FromMillis(-1)), "1969-12-31T23:59:59.999Z");
}

TEST(Rfc3339, IsReadWithAnyOffsetAndFraction) {
    const struct {
        std::string_view text;
        Instant instant;
    } kTable[] = {
        {"2025-08-05T06:03:07.250Z", kNow},
        {"2025-08-05t06:03:07.250z", kNow},
        {"2025-08-05 06:03:07.250Z", kNow},
        {"2025-08-05T14:03:07.250+08:00", kNow},
        {"2025-08-05T14:03:07.2509999999999999999999+08:00", kNow},
        {"2025-08-04T20:33:07.25-09:30", kNow},
        {"2025-08-05T06:03:07Z", kNow - milliseconds(250)},
        {"2025-08-05T06:03:07-00:00", kNow - milliseconds(250)},
        {"2016-12-31T23:59:60Z", FromMillis(1'483'228'800'000)},
        {"2025-08-05", StartOfDay(Day(2025, 8, 5))},
    };
    for (const auto& row : kTable) {
        const auto instant = ParseRfc3339(row.text);
        ASSERT_TRUE(instant.ok()) << row.text;
        EXPECT_EQ(*instant, row.instant) << row.text;
    }
}

TEST(Rfc3339, TakesABareDateAsTheEndOfTheDayWhenAskedTo) {
    EXPECT_EQ(ParseRfc3339("2025-08-05", true).value(), StartOfDay(Day(2025, 8, 6)) - milliseconds(1));
    EXPECT_EQ(ParseRfc3339("2025-08-05T00:00:00Z", true).value(), ParseRfc3339("2025-08-05T00:00:00Z").value());
    EXPECT_EQ(ParseRfc3339("2025-12-31", true).value(), StartOfDay(Day(2026, 1, 1)) - milliseconds(1));
}

TEST(Rfc3339, RefusesEverythingElse) {
    for (const std::string_view text :
         {"", "2025", "2025-8-5", "2025-02-30", "2025-13-01", "2025-00-01", "20250805", "25-08-05", "2025-08-05T", "2025-08-05T06:03",
          "2025-08-05T06:03:07", "2025-08-05T24:00:00Z", "2025-08-05T06:60:00Z", "2025-08-05T06:03:61Z", "2025-08-05T06:03:07.Z",
          "2025-08-05T06:03:07+0800", "2025-08-05T06:03:07+08", "2025-08-05T06:03:07+24:00", "2025-08-05T06:03:07+08:60",
          "2025-08-05T06:03:07Zx", "2025-08-05x", " 2025-08-05", "-025-08-05", "+2025-08-05", "114-08-05", "2025-08-05T6:03:07Z"}) {
        const auto instant = ParseRfc3339(text);
        ASSERT_FALSE(instant.ok()) << text;
        EXPECT_EQ(instant.error().code, ErrorCode::kInvalidInput);
    }
}

TEST(Rfc3339, RefusesInstantsThatCouldNotBeWrittenAgain) {
    EXPECT_FALSE(ParseRfc3339("0000-01-01T00:00:00+00:01").ok());
    EXPECT_FALSE(ParseRfc3339("9999-12-31T23:59:59-00:01").ok());
    EXPECT_FALSE(ParseRfc3339("0000-01-01").ok());
    EXPECT_FALSE(ParseRfc3339("0000-01-01", true).ok());
    EXPECT_TRUE(ParseRfc3339("0000-01-01T00:00:00Z").ok());
    EXPECT_EQ(FormatRfc3339(ParseRfc3339("9999-12-31T23:59:59.999Z").value()), "9999-12-31T23:59:59.999Z");
}

TEST(FormatDistance, SaysRoughlyHowFar) {
    const struct {
        std::chrono::milliseconds ahead;
        std::string_view zh;
        std::string_view en;
    } kTable[] = {
        {seconds(0), "剛才", "just now"},
        {-seconds(59), "剛才", "just now"},
        {seconds(59), "一分鐘內", "within a minute"},
        {-seconds(60), "1 分鐘前", "1 minute ago"},
        {-minutes(3), "3 分鐘前", "3 minutes ago"},
        {hours(1), "1 小時後", "in 1 hour"},
        {-hours(23) - minutes(59), "23 小時前", "23 hours ago"},
        {hours(48), "2 天後", "in 2 days"},
        {-hours(24 * 30), "1 個月前", "1 month ago"},
        {hours(24 * 365), "1 年後", "in 1 year"},
        {-hours(24 * 800), "2 年前", "2 years ago"},
    };
    for (const auto& row : kTable) {
        EXPECT_EQ(FormatDistance(kNow + row.ahead, kNow, Language::kZhHant), row.zh);
        EXPECT_EQ(FormatDistance(kNow + row.ahead, kNow, Language::kEnglish), row.en);
    }
}

}  // namespace
}  // namespace opsteward
