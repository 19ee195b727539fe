#include "platform/web/page.hpp"

#include <filesystem>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "html/gumbo_document.hpp"
#include "platform/web/assets.hpp"
#include "platform/web/components.hpp"
#include "platform/web/gallery_page.hpp"

namespace opsteward::web {
namespace {

using html::GumboDocument;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// One entry for each thing that gumbo takes for an error.
std::vector<std::string> ParseErrors(const std::string& text) {
    GumboOptions options = kGumboDefaultOptions;
    options.max_errors = -1;
    GumboOutput* output = gumbo_parse_with_options(&options, text.data(), text.size());
    std::vector<std::string> errors(output->errors.length, "parse error");
    gumbo_destroy_output(&options, output);
    return errors;
}

/// Ids, and references by id, of a document.
struct Ids {
    std::map<std::string, int> counts;
    std::set<std::string> wanted;
};

Ids IdsOf(const std::string& text) {
    const GumboDocument document(text);
    Ids ids;
    document.ForEachElement([&](const GumboNode* node) {
        if (const auto id = GumboDocument::Attribute(node, "id")) ++ids.counts[*id];
        for (const std::string_view name : {"for", "aria-describedby", "popovertarget"}) {
            std::istringstream words(GumboDocument::Attribute(node, name).value_or(""));
            for (std::string word; words >> word;) ids.wanted.insert(word);
        }
    });
    return ids;
}

TEST(ParseErrors, AreSeenAtAll) {
    EXPECT_THAT(ParseErrors("<!doctype html><p><b>x</p>"), Not(ElementsAre()));
}

class Gallery : public testing::TestWithParam<Language> {};
INSTANTIATE_TEST_SUITE_P(Languages, Gallery, testing::Values(Language::kZhHant, Language::kEnglish));

TEST_P(Gallery, OfAllComponentsIsReadByAParserWithoutErrors) {
    EXPECT_THAT(ParseErrors(GalleryPage(GetParam(), "light")), ElementsAre());
    EXPECT_THAT(ParseErrors(GallerySignIn(GetParam(), "dark")), ElementsAre());
}

TEST_P(Gallery, HasEachIdOnceAndNoReferenceThatLeadsNowhere) {
    const Ids ids = IdsOf(GalleryPage(GetParam(), "light"));
    for (const auto& [id, count] : ids.counts) EXPECT_EQ(count, 1) << id;
    for (const std::string& id : ids.wanted) EXPECT_EQ(ids.counts.count(id), 1U) << id;
}

TEST_P(Gallery, UsesOnlyIconsThatTheSpriteHas) {
    const std::string text = GalleryPage(GetParam(), "light");
    const GumboDocument document(text);
    document.ForEachElement([](const GumboNode* node) {
        if (GumboDocument::Tag(node) != "use") return;
        const std::string href = GumboDocument::Attribute(node, "href").value();
        EXPECT_TRUE(HasIcon(href.substr(href.find('#') + 1))) << href;
    });
}

TEST_P(Gallery, HasNoStyleOrScriptOfItsOwn) {
    const std::string text = GalleryPage(GetParam(), "light");
    const GumboDocument document(text);
    document.ForEachElement([](const GumboNode* node) {
        EXPECT_NE(GumboDocument::Tag(node), "style");
        EXPECT_FALSE(GumboDocument::Attribute(node, "style").has_value());
        EXPECT_TRUE(GumboDocument::Tag(node) != "script" || GumboDocument::Text(node).empty());
    });
}

std::string CurrentMenuEntry(std::string path) {
    PageFrame frame;
    frame.menu = {{{"待辦", "Tasks"}, "/", "home", "work", "", 1},
                  {{"設備", "Devices"}, "/devices", "server", "assets", "", 1},
                  {{"匯入", "Import"}, "/devices/import", "upload", "assets", "", 2}};
    frame.current_path = std::move(path);
    const std::string text = RenderPage(frame, {.title = "x"});
    const GumboDocument document(text);
    std::string current;
    for (const GumboNode* node : document.Find("aria-current", "page"))
        current += *GumboDocument::Attribute(node, "href");
    return current;
}

TEST(Menu, MarksTheEntryThatCoversThePageBest) {
    EXPECT_EQ(CurrentMenuEntry("/"), "/");
    EXPECT_EQ(CurrentMenuEntry("/devices"), "/devices");
    EXPECT_EQ(CurrentMenuEntry("/devices/7/edit"), "/devices");
    EXPECT_EQ(CurrentMenuEntry("/devices/import"), "/devices/import");
    EXPECT_EQ(CurrentMenuEntry("/devices-of-others"), "");
    EXPECT_EQ(CurrentMenuEntry("/unknown"), "");
}

TEST(Menu, StandsInTheOrderOfGroupsAndThenOfEntries) {
    PageFrame frame;
    frame.menu = {{{"丁", "D"}, "/d", "home", "settings", "", 1},
                  {{"乙", "B"}, "/b", "home", "work", "", 2},
                  {{"戊", "E"}, "/e", "home", "own-group", "", 1},
                  {{"甲", "A"}, "/a", "home", "work", "", 1}};
    const std::string text = RenderPage(frame, {.title = "x"});
    const auto at = [&](std::string_view href) { return text.find("href=\"" + std::string(href) + "\""); };
    EXPECT_LT(at("/a"), at("/b"));
    EXPECT_LT(at("/b"), at("/d"));
    EXPECT_LT(at("/d"), at("/e"));
}

TEST(Page, SaysItsLanguageThemeAndTitle) {
    PageFrame frame;
    frame.language = Language::kEnglish;
    frame.theme = "dark";
    const std::string text = RenderPage(frame, {.title = "Devices <1>"});
    EXPECT_THAT(text, HasSubstr(R"(<html lang="en" data-bs-theme="dark">)"));
    EXPECT_THAT(text, HasSubstr("<title>Devices &lt;1&gt; · Opsteward</title>"));
    frame.theme = "\"><script>";
    EXPECT_THAT(RenderPage(frame, {.title = "x"}), HasSubstr(R"(data-bs-theme="auto")"));
}

TEST(Page, NamesItsEventStreamOnlyWhenItHasOne) {
    EXPECT_THAT(RenderPage({}, {.title = "x", .event_channel = "jobs/7"}),
                HasSubstr(R"(data-event-address="/events/jobs%2F7")"));
    EXPECT_THAT(RenderPage({}, {.title = "x"}), Not(HasSubstr("data-event-address")));
}

TEST(Page, LoadsEveryScriptModuleThatExists) {
    const std::string text = RenderPage({}, {.title = "x"});
    for (const auto& file : std::filesystem::directory_iterator(OPSTEWARD_SOURCE_DIR "/web/scripts")) {
        EXPECT_THAT(text, HasSubstr(AssetUrl(file.path().filename().string())));
    }
    const GumboDocument document(text);
    for (const GumboNode* link : document.Find("rel", "modulepreload")) {
        EXPECT_EQ(FindAsset(*GumboDocument::Attribute(link, "href"), false).status, 200);
    }
}

TEST(BarePage, OffersTheOtherLanguage) {
    EXPECT_THAT(RenderBarePage(Language::kZhHant, "auto", "登入", {}), HasSubstr(R"(href="?lang=en")"));
    EXPECT_THAT(RenderBarePage(Language::kEnglish, "auto", "Sign in", {}), HasSubstr(R"(href="?lang=zh")"));
}

}  // namespace
}  // namespace opsteward::web
