// Markup: whatever bytes go in, an HTML parser reads back exactly that text (ill-formed UTF-8 and NUL repaired), in
// text, in a raw-text-like element, in an attribute; and no URL but a harmless one is left in a link.
#include <optional>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "html/escape.hpp"
#include "html/gumbo_document.hpp"
#include "html/markup.hpp"
#include "require.hpp"

using namespace opsteward;

namespace {

std::string Repaired(std::string_view text) {
    std::string repaired = ReplaceInvalidUtf8(text);
    std::string out;
    for (const char c : repaired) {
        if (c == '\0') {
            out += "\xEF\xBF\xBD";
        } else {
            out += c;
        }
    }
    return html::AsGumboReads(out);
}

const GumboNode* Only(const html::GumboDocument& document, std::string_view id) {
    const auto found = document.Find("id", id);
    Require(found.size() == 1);
    return found[0];
}

/// As the URL standard's parser begins: what a browser would take for the scheme, in lower case.
std::string SchemeOf(std::string_view url) {
    std::string kept;
    for (const char c : url) {
        if (c != '\t' && c != '\n' && c != '\r') kept += c;
    }
    std::size_t begin = 0;
    while (begin < kept.size() && static_cast<unsigned char>(kept[begin]) <= 0x20) ++begin;
    const std::size_t colon = kept.find_first_of(":/?#", begin);
    return colon == std::string::npos || kept[colon] != ':' ? std::string()
                                                            : ToLowerAscii(kept.substr(begin, colon - begin));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::string expected = Repaired(text);

    const html::Markup markup = html::Format(
        R"(<!doctype html><html lang="en"><head><title id="title">{}</title></head><body>)"
        R"(<p id="p" title="{}" data-a="{?}">{}</p><pre id="pre">{}</pre><textarea id="area">{}</textarea>)"
        R"(<ul id="list">{}</ul><a id="link" href="{}">x</a></body></html>)",
        text, text, std::optional(text), text, text, text, html::Format(R"(<li class="{}">{}</li>)", text, text), text);
    Require(IsValidUtf8(markup.text()));

    const html::GumboDocument document(markup.text());
    for (const std::string_view id : {"title", "p", "pre", "area", "list"}) {
        Require(html::GumboDocument::Text(Only(document, id)) == expected);
    }
    const GumboNode* paragraph = Only(document, "p");
    Require(paragraph->v.element.attributes.length == 3);
    Require(html::GumboDocument::Attribute(paragraph, "title") == expected);
    Require(html::GumboDocument::Attribute(paragraph, "data-a") == expected);

    const std::string href = html::GumboDocument::Attribute(Only(document, "link"), "href").value();
    Require(href == "#" || href == expected);
    Require(href == expected || !html::IsAllowedUrl(text, false));
    const std::string scheme = SchemeOf(href);
    Require(scheme != "javascript" && scheme != "data" && scheme != "vbscript" && scheme != "file" && scheme != "blob");

    // Nothing but the elements of the template.
    std::size_t count = 0;
    document.ForEachElement([&](const GumboNode*) { ++count; });
    Require(count == 10);
    return 0;
}
