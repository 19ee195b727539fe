#include "features/vulnerabilities/cpe/characters.hpp"
#include "features/vulnerabilities/cpe/component.hpp"
#include "features/vulnerabilities/cpe/name.hpp"

namespace opsteward::cpe {

std::size_t EndOfComponent(std::string_view text, std::size_t begin, Unquoted unquoted) {
    std::size_t i = begin;
    if (i < text.size() && text[i] == '*') {
        ++i;
    } else {
        while (i < text.size() && text[i] == '?') ++i;
    }
    const std::size_t body = i;
    for (; i < text.size(); ++i) {
        const Kind kind = KindOf(text[i]);
        if (kind == Kind::kPlain || kind == Kind::kBare || (kind == Kind::kQuoted && unquoted == Unquoted::kTaken)) continue;
        if (kind != Kind::kQuote) break;
        ++i;
        if (i == text.size() || !MayBeQuoted(text[i])) return std::string_view::npos;
    }
    if (i > body && i < text.size()) {
        if (text[i] == '*') {
            ++i;
        } else {
            while (i < text.size() && text[i] == '?') ++i;
        }
    }
    const bool ends = i == text.size() || text[i] == ':';
    return ends && i > begin ? i : std::string_view::npos;
}

std::optional<Components> SplitFormattedString(std::string_view text) { return CutFormattedString(text, Unquoted::kRefused); }

std::optional<Components> CutFormattedString(std::string_view text, Unquoted unquoted) {
    if (text.size() > kMaxNameLength || !text.starts_with(kFormattedPrefix)) return std::nullopt;
    text.remove_prefix(kFormattedPrefix.size());
    Components components;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < kAttributes; ++i) {
        const std::size_t end = EndOfComponent(text, begin, unquoted);
        const bool is_last = i + 1 == kAttributes;
        if (end == std::string_view::npos || (end == text.size()) != is_last) return std::nullopt;
        components[i] = text.substr(begin, end - begin);
        begin = end + 1;
    }
    if (!IsPart(components[0])) return std::nullopt;
    return components;
}

void AppendCanonical(std::string& out, std::string_view component) {
    if (component == kLiteralHyphen) {
        out += component;
        return;
    }
    for (std::size_t i = 0; i < component.size(); ++i) {
        if (component[i] == '\\' && i + 1 < component.size()) {
            ++i;
            if (KindOf(component[i]) != Kind::kBare) out += '\\';
        } else if (KindOf(component[i]) == Kind::kQuoted) {
            out += '\\';
        }
        out += Lower(component[i]);
    }
}

std::string Canonical(std::string_view component) {
    std::string canonical;
    canonical.reserve(component.size());
    AppendCanonical(canonical, component);
    return canonical;
}

std::string Unquote(std::string_view component) {
    if (component.find('\\') == std::string_view::npos) return std::string(component);
    std::string text;
    text.reserve(component.size());
    for (std::size_t i = 0; i < component.size(); ++i) {
        if (component[i] == '\\' && i + 1 < component.size()) ++i;
        text += component[i];
    }
    return text;
}

}  // namespace opsteward::cpe
