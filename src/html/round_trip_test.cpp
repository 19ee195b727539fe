// What Format wrote, a real HTML parser reads back as exactly the texts and attributes that were put in.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "html/gumbo_document.hpp"
#include "html/markup.hpp"

namespace opsteward::html {
namespace {

const std::vector<std::string>& HostileTexts() {
    static const std::vector<std::string> kTexts = {
        "",
        "plain",
        "</p></title></textarea></script></style><!-- <![CDATA[ ]]> -->",
        R"("'><img src=x onerror=alert(1)>)",
        "&lt; &amp; &copy; &#65; &notit; &",
        "通作管家 𠮷 é",
        "\n\nleading\r\rreturn\r\nend\n",
        " spaces\tand tabs ",
        "`=/<>{}{{}}{?}",
        "\xE2\x80\xA8 \xE2\x80\xAE \xF0\x9F\x98\x80",
    };
    return kTexts;
}

TEST(RoundTrip, TextComesBackAsItWasPutIn) {
    for (const std::string& text : HostileTexts()) {
        const Markup markup = Format(
            R"(<!doctype html><html lang="en"><head><title id="title">{}</title></head><body><p id="p">{}</p>)"
            R"(<pre id="pre">{}</pre><textarea id="area" name="a">{}</textarea><select><option id="option">{}</option></select>)"
            R"(<svg><title id="svg">{}</title></svg></body></html>)",
            text, text, text, text, text, text);
        const GumboDocument document(markup.text());
        for (const std::string_view id : {"title", "p", "pre", "area", "option", "svg"}) {
            const auto found = document.Find("id", id);
            ASSERT_EQ(found.size(), 1U) << id;
            EXPECT_EQ(GumboDocument::Text(found[0]), text) << id;
        }
    }
}

TEST(RoundTrip, AttributesComeBackAsTheyWerePutIn) {
    for (const std::string& text : HostileTexts()) {
        const Markup markup = Format(
            R"(<p id="p" title="{}" class="x{}y" data-a="{?}" lang="{}"></p><input id="i" type="text" value="{}">)",
            text, text, std::optional(text), text, text);
        const GumboDocument document(markup.text());
        const auto paragraph = document.Find("id", "p");
        const auto input = document.Find("id", "i");
        ASSERT_EQ(paragraph.size(), 1U);
        ASSERT_EQ(input.size(), 1U);
        EXPECT_EQ(GumboDocument::Attribute(paragraph[0], "title"), text);
        EXPECT_EQ(GumboDocument::Attribute(paragraph[0], "class"), "x" + text + "y");
        EXPECT_EQ(GumboDocument::Attribute(paragraph[0], "data-a"), text);
        EXPECT_EQ(GumboDocument::Attribute(paragraph[0], "lang"), text);
        EXPECT_EQ(paragraph[0]->v.element.attributes.length, 5U);
        EXPECT_EQ(GumboDocument::Attribute(input[0], "value"), text);
    }
}

TEST(RoundTrip, IllFormedBytesComeBackAsReplacementCharacters) {
    for (const std::string_view bytes : {"\xC0\xAF", "\xED\xA0\x80", "a\xF4\x90\x80\x80z", "\xE9<b>"}) {
        const Markup markup = Format(R"(<p id="p" title="{}">{}</p>)", bytes, bytes);
        EXPECT_TRUE(IsValidUtf8(markup.text()));
        const GumboDocument document(markup.text());
        const auto found = document.Find("id", "p");
        ASSERT_EQ(found.size(), 1U);
        EXPECT_EQ(GumboDocument::Text(found[0]), ReplaceInvalidUtf8(bytes));
        EXPECT_EQ(GumboDocument::Attribute(found[0], "title"), ReplaceInvalidUtf8(bytes));
    }
}

}  // namespace
}  // namespace opsteward::html
