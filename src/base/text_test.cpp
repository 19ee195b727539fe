#include "base/text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace opsteward {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Utf8, IsWhatRfc3629Allows) {
    const std::string_view kValid[] = {
        "", "a", std::string_view("\0", 1), "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF",
        "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "資通安全", "🛡️",
    };
    for (const auto text : kValid) {
        EXPECT_TRUE(IsValidUtf8(text)) << text;
        EXPECT_EQ(ReplaceInvalidUtf8(text), text);
    }
}

TEST(Utf8, IsNothingElseAndEveryIllFormedSequenceIsReplacedOnce) {
    const struct {
        std::string_view text;
        std::string_view replaced;
    } kTable[] = {
        {"\x80", "\uFFFD"},                          // a continuation alone
        {"\xC0\x80", "\uFFFD"},                      // NUL in two bytes
        {"\xC1\xBF", "\uFFFD"},                      // overlong
        {"\xE0\x9F\xBF", "\uFFFD"},                  // overlong
        {"\xF0\x8F\xBF\xBF", "\uFFFD"},              // overlong
        {"\xED\xA0\x80", "\uFFFD"},                  // a surrogate
        {"\xF4\x90\x80\x80", "\uFFFD"},              // beyond U+10FFFF
        {"\xF5\x80\x80\x80", "\uFFFD"},
        {"\xFE", "\uFFFD"},
        {"\xFF", "\uFFFD"},
        {"\xE8\xB3", "\uFFFD"},                      // cut off
        {"a\xE8\xB3z", "a\uFFFDz"},
        {"\xE8\xB3\xE8\xB3\x87", "\uFFFD\u8CC7"},    // cut off before a good one
        {"\xC2", "\uFFFD"},
        {"\xF0\x9F\x9B", "\uFFFD"},
    };
    for (const auto& row : kTable) {
        EXPECT_FALSE(IsValidUtf8(row.text)) << row.replaced;
        EXPECT_EQ(ReplaceInvalidUtf8(row.text), row.replaced);
    }
}

TEST(Utf8, IsCountedInCodePoints) {
    EXPECT_EQ(CountCodePoints(""), 0U);
    EXPECT_EQ(CountCodePoints("abc"), 3U);
    EXPECT_EQ(CountCodePoints("資安é🛡"), 4U);
}

TEST(Shorten, CutsBetweenCodePointsAndSaysSo) {
    EXPECT_EQ(Shorten("資通安全", 4), "資通安全");
    EXPECT_EQ(Shorten("資通安全", 3), "資通安…");
    EXPECT_EQ(Shorten("a🛡b", 2), "a🛡…");
    EXPECT_EQ(Shorten("資", 0), "…");
    EXPECT_EQ(Shorten("", 0), "");
    EXPECT_EQ(Shorten("abc", 1000), "abc");
}

TEST(Trim, TakesAsciiAndIdeographicSpaceOffBothEnds) {
    EXPECT_EQ(Trim(" \t\r\n\v\f\u3000資 安\u3000 \n"), "資 安");
    EXPECT_EQ(Trim("\u3000 \u3000"), "");
    EXPECT_EQ(Trim(""), "");
    EXPECT_EQ(Trim("\u00A0x\u00A0"), "\u00A0x\u00A0");
}

TEST(Split, KeepsEmptyParts) {
    EXPECT_THAT(Split("a,,b,", ','), ElementsAre("a", "", "b", ""));
    EXPECT_THAT(Split("", ','), ElementsAre(""));
    EXPECT_THAT(Split("a", ','), ElementsAre("a"));
}

TEST(SplitLines, TakesEitherLineEndAndNoEmptyLastLine) {
    EXPECT_THAT(SplitLines("a\r\nb\n\nc"), ElementsAre("a", "b", "", "c"));
    EXPECT_THAT(SplitLines("a\n"), ElementsAre("a"));
    EXPECT_THAT(SplitLines("\n"), ElementsAre(""));
    EXPECT_THAT(SplitLines(""), IsEmpty());
    EXPECT_THAT(SplitLines("a\rb"), ElementsAre("a\rb"));
}

TEST(Join, IsTheOppositeOfSplit) {
    EXPECT_EQ(Join({"a", "", "b"}, ", "), "a, , b");
    EXPECT_EQ(Join({}, ", "), "");
    EXPECT_EQ(Join({"same", "same"}, "-"), "same-same");
}

TEST(ToLowerAscii, LeavesEverythingElse) { EXPECT_EQ(ToLowerAscii("AbZ-09É資"), "abz-09É資"); }

TEST(ParseInt, ReadsTheWholeRangeAndNothingElse) {
    EXPECT_EQ(ParseInt("0"), 0);
    EXPECT_EQ(ParseInt("-7"), -7);
    EXPECT_EQ(ParseInt("007"), 7);
    EXPECT_EQ(ParseInt("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(ParseInt("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
    for (const std::string_view text : {"", "-", "+1", " 1", "1 ", "1.0", "1e3", "0x10", "9223372036854775808", "-9223372036854775809", "１",
                                        "1,000", "--1"}) {
        EXPECT_EQ(ParseInt(text), std::nullopt) << text;
    }
}

TEST(ParseDouble, ReadsFiniteNumbersAndNothingElse) {
    EXPECT_EQ(ParseDouble("0.5"), 0.5);
    EXPECT_EQ(ParseDouble("-1e3"), -1000.0);
    EXPECT_EQ(ParseDouble("7"), 7.0);
    for (const std::string_view text : {"", ".", "+1", " 1", "1 ", "1.5x", "nan", "NaN", "inf", "-inf", "Infinity", "1e999", "0x1p3", "一"}) {
        EXPECT_EQ(ParseDouble(text), std::nullopt) << text;
    }
}

TEST(FormatBytes, ChoosesTheUnitThatIsReadable) {
    EXPECT_EQ(FormatBytes(0), "0 B");
    EXPECT_EQ(FormatBytes(1023), "1023 B");
    EXPECT_EQ(FormatBytes(1024), "1.0 KiB");
    EXPECT_EQ(FormatBytes(1536), "1.5 KiB");
    EXPECT_EQ(FormatBytes(1024 * 1024 - 1), "1.0 MiB");
    EXPECT_EQ(FormatBytes(std::numeric_limits<std::uint64_t>::max()), "16.0 EiB");
}

}  // namespace
}  // namespace opsteward
