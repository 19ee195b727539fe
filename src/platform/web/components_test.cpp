#include "platform/web/components.hpp"

#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/civil_time.hpp"
#include "html/gumbo_document.hpp"
#include "platform/web/fields.hpp"
#include "platform/web/table.hpp"

namespace opsteward::web {
namespace {

using html::GumboDocument;
using html::Markup;
using testing::HasSubstr;
using testing::Not;

constexpr Tone kAllTones[] = {Tone::kMet,           Tone::kAttention, Tone::kNotMet, Tone::kNotSetUp,
                              Tone::kNotApplicable, Tone::kNeutral,   Tone::kInfo};

TEST(Tones, EachHasAnIconOfItsOwnAndWordsInBothLanguages) {
    std::set<std::string_view> icons;
    for (const Tone tone : kAllTones) {
        EXPECT_TRUE(HasIcon(ToneIcon(tone))) << ToneIcon(tone);
        icons.insert(ToneIcon(tone));
        EXPECT_FALSE(ToneTitle(tone).zh.empty());
        EXPECT_FALSE(ToneTitle(tone).en.empty());
    }
    EXPECT_EQ(icons.size(), std::size(kAllTones));
}

TEST(StateBadge, SaysTheStateInWords) {
    EXPECT_THAT(StateBadge(Tone::kNotSetUp, Language::kZhHant).text(), HasSubstr("尚未設定"));
    EXPECT_THAT(StateBadge(Tone::kNotSetUp, Language::kEnglish).text(), HasSubstr("Not set up"));
    EXPECT_THAT(StateBadge(Tone::kMet, Language::kZhHant).text(), HasSubstr("#circle-check\""));
}

TEST(Components, EscapeTheTextTheyAreGiven) {
    const std::string hostile = "<i>\"&";
    for (const Markup& markup :
         {Badge(Tone::kInfo, hostile), Card(hostile, {}), EmptyState(hostile, hostile), Alert(Tone::kMet, hostile),
          StatTile(hostile, hostile, Tone::kMet, hostile), Disclosure(hostile, {}), Button(hostile), Link(hostile, "/"),
          LinkButton(hostile, "/"), Code(hostile), CodeBlock(hostile), Progress(0.5, hostile),
          TextField("a", hostile, hostile, hostile, hostile), TextArea("a", hostile, hostile),
          FormErrors({hostile}, Language::kEnglish)}) {
        EXPECT_THAT(markup.text(), HasSubstr("&lt;i&gt;"));
        EXPECT_THAT(markup.text(), Not(HasSubstr("<i>")));
    }
}

TEST(Links, NeverRunScript) {
    EXPECT_THAT(Link("x", "javascript:alert(1)").text(), Not(HasSubstr("javascript")));
    EXPECT_THAT(LinkButton("x", "javascript:alert(1)").text(), Not(HasSubstr("javascript")));
    EXPECT_THAT(StatTile("x", "1", Tone::kMet, {}, "javascript:alert(1)").text(), Not(HasSubstr("javascript")));
}

TEST(Fields, TieLabelHelpAndErrorToTheControl) {
    const std::string text = TextField("host", "主機", "a", "說明", "錯誤", {.is_required = true}).text();
    const GumboDocument document(text);
    const auto input = document.Find("name", "host");
    ASSERT_EQ(input.size(), 1U);
    EXPECT_EQ(document.Find("for", *GumboDocument::Attribute(input[0], "id")).size(), 1U);
    EXPECT_EQ(GumboDocument::Attribute(input[0], "aria-describedby"), "field-host-error field-host-help");
    EXPECT_EQ(GumboDocument::Attribute(input[0], "aria-invalid"), "true");
    EXPECT_TRUE(GumboDocument::Attribute(input[0], "required").has_value());
    EXPECT_EQ(GumboDocument::Text(document.Find("id", "field-host-error").at(0)), "錯誤");
    EXPECT_EQ(GumboDocument::Text(document.Find("id", "field-host-help").at(0)), "說明");
}

TEST(Fields, OfAPasswordNeverShowAValue) {
    EXPECT_THAT(PasswordField("p", "密碼").text(), Not(HasSubstr("value")));
}

TEST(Fields, OfChoicesMarkTheChosenOneAndKeepGroupsTogether) {
    const std::string text =
        SelectField("unit", "單位", "2", {{"1", "甲", "北"}, {"2", "乙", "北"}, {"3", "丙", "南"}, {"4", "丁"}}).text();
    EXPECT_THAT(
        text,
        HasSubstr(
            R"(<optgroup label="北"><option value="1">甲</option><option value="2" selected>乙</option></optgroup>)"));
    EXPECT_THAT(text, HasSubstr(R"(</optgroup><option value="4">丁</option></select>)"));
}

TEST(PostForm, CarriesTheTokenOfTheSession) {
    EXPECT_THAT(PostForm("/sign-out", "to\"ken", {}).text(),
                HasSubstr(R"(method="post" action="/sign-out"><input type="hidden" name="csrf" value="to&quot;ken">)"));
}

TEST(Buttons, SendTheirNameOnlyWhenTheyHaveOne) {
    EXPECT_THAT(Button("x").text(), Not(HasSubstr("name=")));
    EXPECT_THAT(Button("x", {.name = "decision", .value = "approve"}).text(),
                HasSubstr(R"(name="decision" value="approve")"));
}

TEST(Table, HasACaptionAndHeadingsThatScreenReadersUnderstand) {
    const std::string text =
        Table({{.title = "名稱"},
               {.title = "數量", .align = Align::kEnd, .sort_href = "?sort=n", .sort = SortState::kDescending}},
              {{html::Escape("a"), html::Escape("1")}}, "清單")
            .text();
    EXPECT_THAT(text, HasSubstr(R"(<caption class="ops-hidden">清單</caption>)"));
    EXPECT_THAT(
        text,
        HasSubstr(R"(<th scope="col" class="ops-end" aria-sort="descending"><a class="ops-sort" href="?sort=n">)"));
    EXPECT_THAT(text, HasSubstr(R"(<tr><th scope="row">a</th><td class="ops-end">1</td></tr>)"));
}

TEST(Table, WithoutRowsShowsWhatStandsInstead) {
    EXPECT_EQ(Table({{.title = "a"}}, {}, "c", {.when_empty = html::Escape("none")}).text(), "none");
    EXPECT_THAT(Table({{.title = "a"}}, {}, "c").text(), HasSubstr("<tbody></tbody>"));
}

std::vector<std::string> PagerTexts(int page, int pages) {
    const std::string text = Pager("/a?b=1", page, pages, Language::kEnglish).text();
    const GumboDocument document(text);
    std::vector<std::string> texts;
    document.ForEachElement([&](const GumboNode* node) {
        if (GumboDocument::Tag(node) == "li") texts.push_back(GumboDocument::Text(node));
    });
    return texts;
}

TEST(Pager, ShowsFirstLastAndThoseAround) {
    using testing::ElementsAre;
    EXPECT_THAT(PagerTexts(1, 1), ElementsAre());
    EXPECT_THAT(PagerTexts(1, 2), ElementsAre("1", "2", "Next"));
    EXPECT_THAT(PagerTexts(6, 12), ElementsAre("Previous", "1", "…", "4", "5", "6", "7", "8", "…", "12", "Next"));
    EXPECT_THAT(PagerTexts(4, 4), ElementsAre("Previous", "1", "2", "3", "4"));
    EXPECT_THAT(PagerTexts(99, 3), ElementsAre("Previous", "1", "2", "3"));
    EXPECT_THAT(PagerTexts(1'000'000, 2'000'000), ElementsAre("Previous", "1", "…", "999998", "999999", "1000000",
                                                              "1000001", "1000002", "…", "2000000", "Next"));
}

TEST(Pager, KeepsTheQueryOfItsAddress) {
    EXPECT_THAT(Pager("/a?b=1", 1, 2, Language::kEnglish).text(), HasSubstr(R"(href="/a?b=1&amp;page=2")"));
    EXPECT_THAT(Pager("/a", 1, 2, Language::kEnglish).text(), HasSubstr(R"(href="/a?page=2")"));
}

TEST(Time, IsReadByMachinesAndPeople) {
    const Instant at = StartOfDay(Date(std::chrono::year(2025) / 8 / 5)) + std::chrono::minutes(14 * 60 + 3);
    EXPECT_EQ(Time(at, Language::kZhHant).text(),
              R"(<time datetime="2025-08-05T06:03:00.000Z" title="114.8.5 14:03:00">114.8.5 14:03</time>)");
    EXPECT_THAT(Time(at, at + std::chrono::minutes(3), Language::kZhHant).text(), HasSubstr("3 分鐘前"));
}

TEST(Progress, StaysBetweenNothingAndAll) {
    EXPECT_THAT(Progress(-1, "a").text(), HasSubstr("value=\"0\""));
    EXPECT_THAT(Progress(7, "a").text(), HasSubstr("value=\"100\""));
    EXPECT_THAT(Progress(std::numeric_limits<double>::quiet_NaN(), "a").text(), HasSubstr("value=\"0\""));
}

}  // namespace
}  // namespace opsteward::web
