#include "html/markup.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "html/escape.hpp"

namespace opsteward::html {
namespace {

constexpr std::string_view kHostile = R"(<b>&"'</b>)";

TEST(TextPlaceholder, EscapesWhatWouldBeMarkup) {
    EXPECT_EQ(Format("<p>{}</p>", kHostile).text(), R"(<p>&lt;b&gt;&amp;"'&lt;/b&gt;</p>)");
}

TEST(TextPlaceholder, TakesEveryKindOfString) {
    const char* pointer = "b";
    const std::string owned = "c";
    EXPECT_EQ(Format("{}{}{}{}", "a", pointer, owned, std::string_view("d")).text(), "abcd");
}

TEST(TextPlaceholder, WritesNumbersWithoutLocale) {
    EXPECT_EQ(Format("{} {} {} {}", std::int8_t{-5}, std::numeric_limits<std::uint64_t>::max(),
                     std::numeric_limits<std::int64_t>::min(), 1.5)
                  .text(),
              "-5 18446744073709551615 -9223372036854775808 1.5");
}

TEST(TextPlaceholder, PutsMarkupInAsItIs) {
    const Markup inside = Format("<b>{}</b>", "<");
    EXPECT_EQ(Format("<p>{}</p>", inside).text(), "<p><b>&lt;</b></p>");
}

TEST(TextPlaceholder, PutsAListOfMarkupInOneAfterTheOther) {
    const std::vector<Markup> items = {Format("<li>{}</li>", 1), Format("<li>{}</li>", 2)};
    EXPECT_EQ(Format("<ul>{}</ul>", items).text(), "<ul><li>1</li><li>2</li></ul>");
    EXPECT_EQ(Format("<ul>{}</ul>", std::vector<Markup>()).text(), "<ul></ul>");
}

TEST(TextPlaceholder, WritesNothingForAnAbsentOptional) {
    EXPECT_EQ(
        Format("<p>{}{}{}</p>", std::optional<std::string>(), std::optional<int>(), std::optional<Markup>()).text(),
        "<p></p>");
    EXPECT_EQ(Format("<p>{}{}</p>", std::optional<std::string>("<"), std::optional<int>(7)).text(), "<p>&lt;7</p>");
}

TEST(TextPlaceholder, RepairsIllFormedUtf8AndNul) {
    using namespace std::string_view_literals;
    EXPECT_EQ(Format("{}", "a\xFF\0b"sv).text(),
              "a\xEF\xBF\xBD\xEF\xBF\xBD"
              "b");
}

TEST(TextPlaceholder, KeepsCarriageReturnsFromBecomingLineFeeds) {
    EXPECT_EQ(Format("<p>{}</p>", "a\r\nb").text(), "<p>a&#13;\nb</p>");
}

TEST(TextPlaceholder, KeepsALeadingLineFeedOfTextareaAndPre) {
    EXPECT_EQ(Format("<textarea>{}</textarea>", "\na").text(), "<textarea>\n\na</textarea>");
    EXPECT_EQ(Format("<pre>{}</pre>", Escape("\na")).text(), "<pre>\n\na</pre>");
    EXPECT_EQ(Format("<pre>{}{}</pre>", "", "\n").text(), "<pre>\n\n</pre>");
    EXPECT_EQ(Format("<pre>{}{}</pre>", "a", "\n").text(), "<pre>a\n</pre>");
    EXPECT_EQ(Format("<pre>x{}</pre>", "\n").text(), "<pre>x\n</pre>");
}

TEST(AttributePlaceholder, EscapesQuotesAndAmpersands) {
    EXPECT_EQ(Format(R"(<p title="{}"></p>)", kHostile).text(),
              R"(<p title="&lt;b&gt;&amp;&quot;&#39;&lt;/b&gt;"></p>)");
}

TEST(AttributePlaceholder, StandsBetweenLiteralText) {
    EXPECT_EQ(Format(R"(<p class="a-{} b-{}"></p>)", 1, "x").text(), R"(<p class="a-1 b-x"></p>)");
}

TEST(AttributePlaceholder, WritesBoolAsAWordInAriaAndData) {
    EXPECT_EQ(Format(R"(<p aria-hidden="{}" data-open="{}"></p>)", true, false).text(),
              R"(<p aria-hidden="true" data-open="false"></p>)");
}

TEST(OptionalAttribute, IsThereOrNot) {
    const auto check = [](bool is_checked) {
        return Format(R"(<input type="checkbox" checked="{?}" name="a">)", is_checked).text();
    };
    EXPECT_EQ(check(true), R"(<input type="checkbox" checked name="a">)");
    EXPECT_EQ(check(false), R"(<input type="checkbox" name="a">)");
    EXPECT_EQ(Format(R"(<p title="{?}" tabindex="{?}"></p>)", std::optional<std::string>("\""), std::optional<int>(-1))
                  .text(),
              R"(<p title="&quot;" tabindex="-1"></p>)");
    EXPECT_EQ(Format(R"(<p title="{?}"></p>)", std::optional<std::string>()).text(), "<p></p>");
    EXPECT_EQ(Format(R"(<p hidden="{?}"></p>)", true).text(), "<p hidden></p>");
}

TEST(OptionalAttribute, ChecksItsUrl) {
    const auto link = [](std::string_view url) { return Format(R"(<a href="{?}">x</a>)", std::optional(url)).text(); };
    EXPECT_EQ(link("/devices?a=1&b=2"), R"(<a href="/devices?a=1&amp;b=2">x</a>)");
    EXPECT_EQ(link("javascript:alert(1)"), R"(<a href="#">x</a>)");
}

TEST(DoubledBraces, StandForSingleOnes) {
    EXPECT_EQ(Format(R"(<p title="{{{}}}">{{}}</p>)", "x").text(), R"(<p title="{x}">{}</p>)");
}

TEST(Format, DropsNothingOfALiteralTemplate) {
    EXPECT_EQ(
        Format("<!doctype html><html lang=\"en\"><head><title>a &amp; b</title></head>\n<body></body></html>").text(),
        "<!doctype html><html lang=\"en\"><head><title>a &amp; b</title></head>\n<body></body></html>");
}

TEST(Join, PutsSeparatorsBetweenOnly) {
    const std::vector<int> numbers = {1, 2, 3};
    const auto item = [](int number) { return Format("<b>{}</b>", number); };
    EXPECT_EQ(Join(numbers, item).text(), "<b>1</b><b>2</b><b>3</b>");
    EXPECT_EQ(Join(numbers, item, " & ").text(), "<b>1</b> &amp; <b>2</b> &amp; <b>3</b>");
    EXPECT_EQ(Join(std::vector<int>(), item, ", ").text(), "");
}

TEST(MarkupValue, IsPutTogetherWithPlus) {
    EXPECT_EQ((Escape("<") + Format("<br>") + Markup()).text(), "&lt;<br>");
}

struct UrlCase {
    std::string_view url;
    bool is_allowed;
};

class UrlPlaceholder : public testing::TestWithParam<UrlCase> {};

TEST_P(UrlPlaceholder, LetsOnlyHarmlessSchemesThrough) {
    const auto& [url, is_allowed] = GetParam();
    EXPECT_EQ(IsAllowedUrl(url, false), is_allowed);
    const std::string written = Format(R"(<a href="{}">x</a>)", url).text();
    EXPECT_EQ(written.find(R"("#")") != std::string::npos, !is_allowed) << written;
}

using namespace std::string_view_literals;
INSTANTIATE_TEST_SUITE_P(Schemes, UrlPlaceholder,
                         testing::Values(UrlCase{"/devices/1", true}, UrlCase{"?page=2", true}, UrlCase{"", true},
                                         UrlCase{"devices/a:b", true}, UrlCase{"https://example.org/?a=1&b", true},
                                         UrlCase{"HTTP://example.org", true}, UrlCase{"mailto:a@example.org", true},
                                         UrlCase{"#part", true}, UrlCase{"1:2", true}, UrlCase{"設備:1", true},
                                         UrlCase{"javascript:alert(1)", false}, UrlCase{"JavaScript:alert(1)", false},
                                         UrlCase{" \x01javascript:alert(1)", false}, UrlCase{"\0javascript:x"sv, false},
                                         UrlCase{"java\tscript:alert(1)", false}, UrlCase{"java\r\nscript:x", false},
                                         UrlCase{"data:text/html,<script>", false},
                                         UrlCase{"data:image/png;base64,", false}, UrlCase{"vbscript:x", false},
                                         UrlCase{"file:///etc/passwd", false}, UrlCase{"blob:x", false},
                                         UrlCase{"x-custom+1.2:y", false}));

TEST(UrlPlaceholderOfAnImage, TakesImageData) {
    EXPECT_EQ(Format(R"(<img alt="" src="{}">)", "data:image/png;base64,AA==").text(),
              R"(<img alt="" src="data:image/png;base64,AA==">)");
    EXPECT_EQ(Format(R"(<img alt="" src="{}">)", "data:text/html,x").text(), R"(<img alt="" src="#">)");
}

TEST(UrlPlaceholderFurtherOn, MayFollowTheLiteralBeginningOfAUrl) {
    EXPECT_EQ(Format(R"(<a href="/search?q={}">x</a>)", "javascript:").text(),
              R"(<a href="/search?q=javascript:">x</a>)");
    EXPECT_EQ(Format(R"(<a href="{}#{}">x</a>)", "/a", "b").text(), R"(<a href="/a#b">x</a>)");
}

}  // namespace
}  // namespace opsteward::html
