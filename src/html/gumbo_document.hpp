// Reads HTML with a real parser, so that tests can hold what this module writes against what a browser would see.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gumbo.h>

namespace opsteward::html {

/// Gumbo turns control characters and noncharacters into U+FFFD, which browsers do not: HTML Living Standard 13.2.3.5.
inline std::string AsGumboReads(std::string_view utf8) {
    std::string out;
    for (std::size_t i = 0; i < utf8.size();) {
        const auto lead = static_cast<unsigned char>(utf8[i]);
        const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        unsigned code = size == 1 ? lead : lead & (0xFFU >> (size + 1));
        for (std::size_t k = 1; k < size; ++k) code = code << 6 | (static_cast<unsigned char>(utf8[i + k]) & 0x3FU);
        const bool is_control = (code < 0x20 && code != '\t' && code != '\n' && code != '\f' && code != '\r') ||
                                (code >= 0x7F && code <= 0x9F);
        const bool is_noncharacter = (code >= 0xFDD0 && code <= 0xFDEF) || (code & 0xFFFE) == 0xFFFE;
        if (is_control || is_noncharacter) {
            out += "\xEF\xBF\xBD";
        } else {
            out += utf8.substr(i, size);
        }
        i += size;
    }
    return out;
}

class GumboDocument {
  public:
    /// `text` must outlive it.
    explicit GumboDocument(std::string_view text) {
        GumboOptions options = kGumboDefaultOptions;
        options.max_errors = -1;
        output_ = gumbo_parse_with_options(&options, text.data(), text.size());
        options_ = options;
    }
    ~GumboDocument() { gumbo_destroy_output(&options_, output_); }
    GumboDocument(const GumboDocument&) = delete;
    GumboDocument& operator=(const GumboDocument&) = delete;

    /// Every element with that attribute value, in document order.
    std::vector<const GumboNode*> Find(std::string_view attribute, std::string_view value) const {
        std::vector<const GumboNode*> found;
        Visit(output_->root, [&](const GumboNode* node) {
            if (Attribute(node, attribute) == value) found.push_back(node);
        });
        return found;
    }

    template <typename Fn>
    void ForEachElement(Fn&& fn) const {
        Visit(output_->root, fn);
    }

    static std::optional<std::string> Attribute(const GumboNode* element, std::string_view name) {
        const auto* attribute = gumbo_get_attribute(&element->v.element.attributes, std::string(name).c_str());
        return attribute == nullptr ? std::nullopt : std::optional<std::string>(attribute->value);
    }

    /// As in the source: foreign elements keep their case.
    static std::string Tag(const GumboNode* element) {
        if (element->v.element.tag != GUMBO_TAG_UNKNOWN) return gumbo_normalized_tagname(element->v.element.tag);
        GumboStringPiece tag = element->v.element.original_tag;
        gumbo_tag_from_original_text(&tag);
        return std::string(tag.data, tag.length);
    }

    /// All text below it.
    static std::string Text(const GumboNode* node) {
        switch (node->type) {
            case GUMBO_NODE_TEXT:
            case GUMBO_NODE_WHITESPACE:
            case GUMBO_NODE_CDATA: return node->v.text.text;
            case GUMBO_NODE_ELEMENT: {
                std::string text;
                ForEachChild(node, [&](const GumboNode* child) { text += Text(child); });
                return text;
            }
            default: return {};
        }
    }

    template <typename Fn>
    static void ForEachChild(const GumboNode* element, Fn&& fn) {
        const GumboVector& children = element->v.element.children;
        for (unsigned i = 0; i < children.length; ++i) fn(static_cast<const GumboNode*>(children.data[i]));
    }

  private:
    template <typename Fn>
    static void Visit(const GumboNode* node, Fn&& fn) {
        if (node->type != GUMBO_NODE_ELEMENT) return;
        fn(node);
        ForEachChild(node, [&](const GumboNode* child) { Visit(child, fn); });
    }

    GumboOptions options_ = {};
    GumboOutput* output_ = nullptr;
};

}  // namespace opsteward::html
