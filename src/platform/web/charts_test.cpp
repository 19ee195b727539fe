#include "platform/web/charts.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "html/gumbo_document.hpp"

namespace opsteward::web {
namespace {

using html::GumboDocument;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Instant Day(int number) {
    return StartOfDay(Date(std::chrono::year(2025) / 8 / 1)) + std::chrono::hours(24 * number);
}

std::vector<std::string> Attributes(const std::string& text, std::string_view tag, std::string_view attribute) {
    const GumboDocument document(text);
    std::vector<std::string> values;
    document.ForEachElement([&](const GumboNode* node) {
        const auto value = GumboDocument::Attribute(node, attribute);
        if (GumboDocument::Tag(node) == tag && value) values.push_back(*value);
    });
    return values;
}

TEST(Sparkline, RunsFromTheSmallestToTheLargestValue) {
    const std::vector<double> values = {1, 3, 2};
    EXPECT_THAT(Sparkline(values, "x").text(), HasSubstr(R"(d="M2.0 22.0L48.0 2.0L94.0 12.0")"));
}

TEST(Sparkline, LeavesAGapWhereThereIsNoValue) {
    const std::vector<double> values = {0, kNan, 2, 1};
    EXPECT_THAT(Sparkline(values, "x").text(), HasSubstr(R"(d="M2.0 22.0M63.3 2.0L94.0 12.0")"));
}

TEST(Sparkline, DrawsAFlatLineInTheMiddleAndNothingForNothing) {
    const std::vector<double> flat = {5, 5};
    EXPECT_THAT(Sparkline(flat, "x").text(), HasSubstr(R"(d="M2.0 12.0L94.0 12.0")"));
    EXPECT_THAT(Sparkline({}, "x").text(), HasSubstr(R"(d="")"));
}

TEST(Charts, NeverWriteWhatIsNoNumber) {
    const std::vector<double> values = {kNan, kInfinity, -kInfinity, 1e308, -1e308};
    const std::vector<ChartPoint> points = {{Day(0), kNan}, {Day(1), kInfinity}, {Day(2), 1e308}, {Day(2), -1e308}};
    const std::vector<Bar> bars = {{"a", kNan}, {"b", -5}, {"c", 0}};
    for (const html::Markup& chart : {Sparkline(values, "x"), Gauge(kNan, "x"), Gauge(1e300, "x"), BarList(bars, "x"),
                                      LineChart(points, "x", Language::kEnglish, {.min = -1e308}),
                                      LineChart(points, "x", Language::kEnglish, {.min = kNan}),
                                      LineChart(points, "x", Language::kEnglish, {.min = 1e308}),
                                      LineChart(points, "x", Language::kEnglish, {.max = 1e-320}),
                                      LineChart(points, "x", Language::kEnglish, {.threshold = kInfinity})}) {
        for (const std::string_view tag : {"path", "rect", "circle", "line"}) {
            for (const std::string_view attribute :
                 {"d", "x", "y", "x1", "y1", "y2", "width", "height", "stroke-dasharray"}) {
                for (const std::string& value : Attributes(chart.text(), tag, attribute)) {
                    EXPECT_THAT(value, Not(HasSubstr("nan")));
                    EXPECT_THAT(value, Not(HasSubstr("inf")));
                }
            }
        }
    }
}

TEST(Gauge, FillsAsFarAsItsShareAndSaysMoreInWords) {
    EXPECT_THAT(Gauge(0.42, "磁碟").text(), HasSubstr(R"(stroke-dasharray="42 200")"));
    EXPECT_THAT(Gauge(1.25, "磁碟").text(), HasSubstr(R"(stroke-dasharray="100 200")"));
    EXPECT_THAT(Gauge(1.25, "磁碟").text(), HasSubstr("125%"));
}

TEST(Donut, GivesEachToneItsShareAndNamesItInTheLegend) {
    const std::vector<std::pair<Tone, std::int64_t>> counts = {
        {Tone::kMet, 3}, {Tone::kNotMet, 1}, {Tone::kNotSetUp, 0}};
    const std::string text = Donut(counts, "x", Language::kZhHant).text();
    EXPECT_THAT(Attributes(text, "circle", "stroke-dasharray"), ElementsAre("74.2 200", "24.2 200"));
    EXPECT_THAT(Attributes(text, "circle", "stroke-dashoffset"), ElementsAre("-0.0", "-75.0"));
    EXPECT_THAT(text, HasSubstr("<desc>符合 3、不符合 1、尚未設定 0</desc>"));
}

TEST(Donut, OfASingleToneIsAWholeRing) {
    const std::vector<std::pair<Tone, std::int64_t>> counts = {{Tone::kMet, 3}};
    EXPECT_THAT(Attributes(Donut(counts, "x", Language::kZhHant).text(), "circle", "stroke-dasharray"),
                ElementsAre("100.0 200"));
}

TEST(StateStrip, CutsTheHistoryToItsTime) {
    const std::vector<StateSpan> history = {
        {Day(-30), Tone::kNotSetUp}, {Day(-20), Tone::kMet}, {Day(5), Tone::kNotMet}, {Day(20), Tone::kMet}};
    const std::string text = StateStrip(history, Day(0), Day(10), "x", Language::kZhHant).text();
    EXPECT_THAT(Attributes(text, "rect", "x"), ElementsAre("0.0", "240.0"));
    EXPECT_THAT(Attributes(text, "rect", "width"), ElementsAre("240.0", "240.0"));
    EXPECT_THAT(Attributes(text, "rect", "class"), ElementsAre("ops-tone-met", "ops-tone-not-met"));
    EXPECT_THAT(text, HasSubstr("<desc>114.8.1 00:00 符合；114.8.6 00:00 不符合</desc>"));
}

TEST(StateStrip, ReadsWithoutColoursByItsHeights) {
    std::vector<StateSpan> history;
    for (const Tone tone : kStateTones) history.push_back({Day(static_cast<int>(history.size())), tone});
    const auto heights =
        Attributes(StateStrip(history, Day(0), Day(5), "x", Language::kEnglish).text(), "rect", "height");
    EXPECT_THAT(heights, ElementsAre("28.0", "20.0", "14.0", "9.0", "4.0"));
}

TEST(LineChart, EndsItsAxisOnARoundFigure) {
    const std::vector<ChartPoint> points = {{Day(0), 0}, {Day(10), 73}};
    const std::string text = LineChart(points, "x", Language::kZhHant, {.unit = "%"}).text();
    EXPECT_THAT(text, HasSubstr(">80%</text>"));
    EXPECT_THAT(text, Not(HasSubstr(">100%</text>")));
    EXPECT_THAT(text, HasSubstr(">114.8.1</text>"));
    EXPECT_THAT(text, HasSubstr(">114.8.11</text>"));
}

TEST(LineChart, WithoutPointsSaysSo) {
    EXPECT_THAT(LineChart({}, "x", Language::kZhHant).text(), HasSubstr("尚無資料"));
}

TEST(MonthCalendar, BeginsOnMondayAndShowsEveryDayOnce) {
    const std::vector<CalendarMark> marks = {{Date(std::chrono::year(2024) / 2 / 29), Tone::kMet, "閏日", "/duties/1"}};
    const std::string text =
        MonthCalendar(std::chrono::year(2024) / 2, marks, Date(std::chrono::year(2024) / 2 / 1), Language::kZhHant)
            .text();
    EXPECT_THAT(text, HasSubstr("民國 113 年 2 月"));
    const auto days = Attributes(text, "time", "datetime");
    ASSERT_EQ(days.size(), 29U);
    EXPECT_EQ(days.front(), "2024-02-01");
    EXPECT_EQ(days.back(), "2024-02-29");
    // 1 February 2024 was a Thursday.
    EXPECT_THAT(
        text,
        HasSubstr(
            R"(<tbody><tr><td class="ops-other-month"></td><td class="ops-other-month"></td>)"
            R"(<td class="ops-other-month"></td><td aria-current="date"><time datetime="2024-02-01">1</time></td>)"));
    EXPECT_THAT(text, HasSubstr("閏日"));
}

}  // namespace
}  // namespace opsteward::web
