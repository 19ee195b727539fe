// The vocabulary that templates may use: elements with their content models and attributes, for HTML and for SVG.
//
// Sources: HTML Living Standard sections 4 (content models) and 3.2.6 (global attributes), WAI-ARIA 1.2, SVG 2. What
// the console has no use for, or what its content security policy forbids (base, iframe, object, embed, style …), is
// left out, and so refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace opsteward::html::vocabulary {

/// What may stand inside an element.
enum class Content : std::uint8_t {
    kVoid,         ///< nothing, and there is no end tag
    kEmpty,        ///< nothing, but there is an end tag
    kPlainText,    ///< text without elements
    kPhrasing,     ///< text and phrasing elements
    kFlow,         ///< text, phrasing and block elements
    kTransparent,  ///< what its parent may hold
    kParts,        ///< only elements that name it as their parent; no text
    kSvg,          ///< SVG elements; no text
    kSvgText,      ///< text, tspan and title
};

enum class Category : std::uint8_t { kInline, kBlock, kPart };

// Where an ancestor forbids a descendant however deep (HTML: "there must be no … descendant").
inline constexpr unsigned kIsLink = 1;
inline constexpr unsigned kIsButton = 2;
inline constexpr unsigned kIsControl = 4;  ///< interactive content other than links, buttons and labels
inline constexpr unsigned kIsLabel = 8;
inline constexpr unsigned kIsForm = 16;
/// A first line feed in its text is dropped by HTML parsers, and so has to be written twice.
inline constexpr unsigned kDropsFirstLineFeed = 32;

struct Element {
    std::string_view name;
    Category category;
    Content content;
    std::string_view attributes;    ///< besides the global ones; '!' marks a required one
    std::string_view parents = {};  ///< where it may stand besides where its category may
    unsigned traits = 0;
};

using enum Category;
using enum Content;

// Sorted by name, for binary search.
inline constexpr Element kHtmlElements[] = {
    {"a", kInline, kTransparent, "href target rel download hreflang type", {}, kIsLink},
    {"abbr", kInline, kPhrasing, ""},
    {"address", kBlock, kFlow, ""},
    {"article", kBlock, kFlow, ""},
    {"aside", kBlock, kFlow, ""},
    {"b", kInline, kPhrasing, ""},
    {"bdi", kInline, kPhrasing, ""},
    {"bdo", kInline, kPhrasing, ""},
    {"blockquote", kBlock, kFlow, "cite"},
    {"body", kPart, kFlow, "", "html"},
    {"br", kInline, kVoid, ""},
    {"button", kInline, kPhrasing,
     "!type name value disabled form formaction formmethod formnovalidate formenctype formtarget popovertarget "
     "popovertargetaction", {}, kIsButton},
    {"canvas", kInline, kTransparent, "width height"},
    {"caption", kPart, kFlow, "", "table"},
    {"cite", kInline, kPhrasing, ""},
    {"code", kInline, kPhrasing, ""},
    {"col", kPart, kVoid, "span", "colgroup"},
    {"colgroup", kPart, kParts, "span", "table"},
    {"data", kInline, kPhrasing, "!value"},
    {"datalist", kInline, kParts, ""},
    {"dd", kPart, kFlow, "", "dl div"},
    {"del", kInline, kTransparent, "cite datetime"},
    {"details", kBlock, kFlow, "open name", {}, kIsControl},
    {"dfn", kInline, kPhrasing, ""},
    {"dialog", kBlock, kFlow, "open closedby"},
    {"div", kBlock, kFlow, "", "dl"},
    {"dl", kBlock, kParts, ""},
    {"dt", kPart, kFlow, "", "dl div"},
    {"em", kInline, kPhrasing, ""},
    {"fieldset", kBlock, kFlow, "disabled form name"},
    {"figcaption", kPart, kFlow, "", "figure"},
    {"figure", kBlock, kFlow, ""},
    {"footer", kBlock, kFlow, ""},
    {"form", kBlock, kFlow, "action method enctype novalidate accept-charset autocomplete name target", {}, kIsForm},
    {"h1", kBlock, kPhrasing, "", "legend summary"},
    {"h2", kBlock, kPhrasing, "", "legend summary"},
    {"h3", kBlock, kPhrasing, "", "legend summary"},
    {"h4", kBlock, kPhrasing, "", "legend summary"},
    {"h5", kBlock, kPhrasing, "", "legend summary"},
    {"h6", kBlock, kPhrasing, "", "legend summary"},
    {"head", kPart, kParts, "", "html"},
    {"header", kBlock, kFlow, ""},
    {"hgroup", kBlock, kFlow, ""},
    {"hr", kBlock, kVoid, ""},
    {"html", kPart, kParts, "!lang"},
    {"i", kInline, kPhrasing, ""},
    {"img", kInline, kVoid, "!alt !src width height loading decoding"},
    {"input", kInline, kVoid,
     "!type name value checked disabled required readonly placeholder min max step minlength maxlength pattern list "
     "multiple accept autocomplete size form formaction formmethod formnovalidate capture", {}, kIsControl},
    {"ins", kInline, kTransparent, "cite datetime"},
    {"kbd", kInline, kPhrasing, ""},
    {"label", kInline, kPhrasing, "for", {}, kIsLabel},
    {"legend", kPart, kPhrasing, "", "fieldset"},
    {"li", kPart, kFlow, "value", "ul ol menu"},
    {"link", kPart, kVoid, "!rel href type media as sizes crossorigin integrity", "head"},
    {"main", kBlock, kFlow, ""},
    {"mark", kInline, kPhrasing, ""},
    {"menu", kBlock, kParts, ""},
    {"meta", kPart, kVoid, "charset name content", "head"},
    {"meter", kInline, kPhrasing, "!value min max low high optimum"},
    {"nav", kBlock, kFlow, ""},
    {"noscript", kInline, kTransparent, ""},
    {"ol", kBlock, kParts, "start reversed type"},
    {"optgroup", kPart, kParts, "!label disabled", "select"},
    {"option", kPart, kPlainText, "value selected disabled label", "select optgroup datalist"},
    {"output", kInline, kPhrasing, "for form name"},
    {"p", kBlock, kPhrasing, ""},
    {"pre", kBlock, kPhrasing, "", {}, kDropsFirstLineFeed},
    {"progress", kInline, kPhrasing, "value max"},
    {"q", kInline, kPhrasing, "cite"},
    {"rp", kPart, kPlainText, "", "ruby"},
    {"rt", kPart, kPhrasing, "", "ruby"},
    {"ruby", kInline, kPhrasing, ""},
    {"s", kInline, kPhrasing, ""},
    {"samp", kInline, kPhrasing, ""},
    {"script", kInline, kEmpty, "!src defer async type nomodule integrity", "head"},
    {"search", kBlock, kFlow, ""},
    {"section", kBlock, kFlow, ""},
    {"select", kInline, kParts, "name disabled required multiple size autocomplete form", {}, kIsControl},
    {"small", kInline, kPhrasing, ""},
    {"span", kInline, kPhrasing, ""},
    {"strong", kInline, kPhrasing, ""},
    {"sub", kInline, kPhrasing, ""},
    {"summary", kPart, kPhrasing, "", "details"},
    {"sup", kInline, kPhrasing, ""},
    {"svg", kInline, kSvg, "viewBox width height preserveAspectRatio xmlns x y focusable"},
    {"table", kBlock, kParts, ""},
    {"tbody", kPart, kParts, "", "table"},
    {"td", kPart, kFlow, "colspan rowspan headers", "tr"},
    {"textarea", kInline, kPlainText,
     "name rows cols required readonly disabled placeholder maxlength minlength wrap autocomplete form", {},
     kIsControl | kDropsFirstLineFeed},
    {"tfoot", kPart, kParts, "", "table"},
    {"th", kPart, kFlow, "colspan rowspan headers scope abbr", "tr"},
    {"thead", kPart, kParts, "", "table"},
    {"time", kInline, kPhrasing, "datetime"},
    {"title", kPart, kPlainText, "", "head"},
    {"tr", kPart, kParts, "", "thead tbody tfoot"},
    {"u", kInline, kPhrasing, ""},
    {"ul", kBlock, kParts, ""},
    {"var", kInline, kPhrasing, ""},
    {"wbr", kInline, kVoid, ""},
};

// Inside <svg>, or at the top of a template when HTML has no element of that name. Sorted by name.
inline constexpr Element kSvgElements[] = {
    {"a", kPart, kSvg, "href target", {}, kIsLink},
    {"circle", kPart, kSvg, "cx cy r"},
    {"clipPath", kPart, kSvg, "clipPathUnits"},
    {"defs", kPart, kSvg, ""},
    {"desc", kPart, kPlainText, ""},
    {"ellipse", kPart, kSvg, "cx cy rx ry"},
    {"g", kPart, kSvg, ""},
    {"line", kPart, kSvg, "x1 y1 x2 y2"},
    {"linearGradient", kPart, kSvg, "x1 y1 x2 y2 gradientUnits gradientTransform"},
    {"marker", kPart, kSvg, "viewBox refX refY markerWidth markerHeight markerUnits orient"},
    {"path", kPart, kSvg, "d"},
    {"pattern", kPart, kSvg, "x y width height patternUnits patternTransform viewBox"},
    {"polygon", kPart, kSvg, "points"},
    {"polyline", kPart, kSvg, "points"},
    {"rect", kPart, kSvg, "x y width height rx ry"},
    {"stop", kPart, kSvg, "offset stop-color stop-opacity"},
    {"svg", kPart, kSvg, "viewBox width height preserveAspectRatio x y"},
    {"symbol", kPart, kSvg, "viewBox preserveAspectRatio"},
    {"text", kPart, kSvgText, "x y dx dy rotate textLength lengthAdjust"},
    {"title", kPart, kPlainText, ""},
    {"tspan", kPart, kSvgText, "x y dx dy rotate textLength lengthAdjust"},
    {"use", kPart, kSvg, "!href x y width height"},
};

// Each of the following is sorted.
inline constexpr std::string_view kGlobalAttributes[] = {
    "autofocus", "class",   "dir",        "draggable", "enterkeyhint", "hidden", "id",       "inert",
    "inputmode", "lang",    "popover",    "role",      "spellcheck",   "tabindex", "title",  "translate",
};
inline constexpr std::string_view kSvgAttributes[] = {
    "clip-path", "clip-rule", "color", "dominant-baseline", "fill", "fill-opacity", "fill-rule", "font-family",
    "font-size", "font-weight", "letter-spacing", "marker-end", "marker-mid", "marker-start", "opacity", "pathLength",
    "shape-rendering", "stroke", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap", "stroke-linejoin",
    "stroke-miterlimit", "stroke-opacity", "stroke-width", "text-anchor", "transform", "transform-origin",
    "vector-effect", "visibility",
};
/// After "aria-".
inline constexpr std::string_view kAriaAttributes[] = {
    "activedescendant", "atomic", "autocomplete", "braillelabel", "brailleroledescription", "busy", "checked",
    "colcount", "colindex", "colindextext", "colspan", "controls", "current", "describedby", "description", "details",
    "disabled", "errormessage", "expanded", "flowto", "haspopup", "hidden", "invalid", "keyshortcuts", "label",
    "labelledby", "level", "live", "modal", "multiline", "multiselectable", "orientation", "owns", "placeholder",
    "posinset", "pressed", "readonly", "relevant", "required", "roledescription", "rowcount", "rowindex",
    "rowindextext", "rowspan", "selected", "setsize", "sort", "valuemax", "valuemin", "valuenow", "valuetext",
};
/// Present or absent; a value would mean nothing.
inline constexpr std::string_view kBooleanAttributes[] = {
    "async",    "autofocus", "checked",  "defer",    "disabled", "formnovalidate", "inert",    "multiple",
    "nomodule", "novalidate", "open",    "readonly", "required", "reversed",       "selected",
};
/// Boolean in one use, with a value in another.
inline constexpr std::string_view kEitherAttributes[] = {"download", "hidden", "popover"};
/// Their value is a URL.
inline constexpr std::string_view kUrlAttributes[] = {
    "action", "cite", "formaction", "href", "src",
};
/// Character references that literal text may use by name.
inline constexpr std::string_view kReferences[] = {
    "amp", "apos", "copy", "gt", "hellip", "laquo", "larr", "ldquo", "lsaquo", "lsquo", "lt", "mdash", "middot",
    "nbsp", "ndash", "quot", "raquo", "rarr", "rdquo", "rsaquo", "rsquo", "shy", "times", "zwnj",
};

constexpr bool Equal(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] != b[i]) return false;
    }
    return true;
}

constexpr bool Less(std::string_view a, std::string_view b) {
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
        if (a[i] != b[i]) return a[i] < b[i];
    }
    return a.size() < b.size();
}

template <std::size_t kCount>
constexpr bool Contains(const std::string_view (&sorted)[kCount], std::string_view name) {
    std::size_t low = 0;
    std::size_t high = kCount;
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (Less(sorted[middle], name)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < kCount && Equal(sorted[low], name);
}

template <std::size_t kCount>
constexpr const Element* Find(const Element (&sorted)[kCount], std::string_view name) {
    std::size_t low = 0;
    std::size_t high = kCount;
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (Less(sorted[middle].name, name)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < kCount && Equal(sorted[low].name, name) ? &sorted[low] : nullptr;
}

/// Whether the words of `list`, which are separated by one space and may begin with '!', hold `word`.
constexpr bool HasWord(std::string_view list, std::string_view word) {
    std::size_t begin = 0;
    while (begin < list.size()) {
        std::size_t end = begin;
        while (end < list.size() && list[end] != ' ') ++end;
        const std::size_t from = list[begin] == '!' ? begin + 1 : begin;
        if (end - from == word.size() && Equal(list.substr(from, end - from), word)) return true;
        begin = end + 1;
    }
    return false;
}

template <typename T, std::size_t kCount>
constexpr bool IsSorted(const T (&table)[kCount]) {
    for (std::size_t i = 1; i < kCount; ++i) {
        if constexpr (requires { table[i].name; }) {
            if (!Less(table[i - 1].name, table[i].name)) return false;
        } else {
            if (!Less(table[i - 1], table[i])) return false;
        }
    }
    return true;
}
static_assert(IsSorted(kHtmlElements) && IsSorted(kSvgElements) && IsSorted(kGlobalAttributes) &&
              IsSorted(kSvgAttributes) && IsSorted(kAriaAttributes) &&
              IsSorted(kBooleanAttributes) && IsSorted(kEitherAttributes) && IsSorted(kUrlAttributes) &&
              IsSorted(kReferences));

}  // namespace opsteward::html::vocabulary
