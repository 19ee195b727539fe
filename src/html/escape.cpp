#include "html/escape.hpp"

#include "base/text.hpp"

namespace opsteward::html {

namespace {

constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

std::string_view EscapedText(char c) {
    switch (c) {
        case '&': return "&amp;";
        case '<': return "&lt;";
        case '>': return "&gt;";
        case '\r': return "&#13;";
        case '\0': return kReplacementCharacter;
        default: return {};
    }
}

std::string_view EscapedAttribute(char c) {
    switch (c) {
        case '"': return "&quot;";
        case '\'': return "&#39;";
        default: return EscapedText(c);
    }
}

void AppendEscaped(std::string& out, std::string_view text, std::string_view (*escaped)(char)) {
    std::string repaired;
    if (!IsValidUtf8(text)) {
        repaired = ReplaceInvalidUtf8(text);
        text = repaired;
    }
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string_view instead = escaped(text[i]);
        if (instead.empty()) continue;
        out.append(text, begin, i - begin);
        out += instead;
        begin = i + 1;
    }
    out.append(text, begin);
}

bool IsAsciiLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool IsSchemeCharacter(char c) {
    return IsAsciiLetter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

}  // namespace

void AppendEscapedText(std::string& out, std::string_view text) { AppendEscaped(out, text, EscapedText); }

void AppendEscapedAttribute(std::string& out, std::string_view text) { AppendEscaped(out, text, EscapedAttribute); }

bool IsAllowedUrl(std::string_view url, bool allow_image_data) {
    constexpr std::string_view kImage = "image/";
    std::string scheme;
    std::size_t i = 0;
    while (i < url.size() && static_cast<unsigned char>(url[i]) <= 0x20) ++i;
    for (; i < url.size() && url[i] != ':'; ++i) {
        const char c = url[i];
        if (c == '\t' || c == '\n' || c == '\r') continue;
        const bool fits = scheme.empty() ? IsAsciiLetter(c) : IsSchemeCharacter(c);
        if (!fits) return true;
        scheme += c;
    }
    if (i == url.size() || scheme.empty()) return true;
    scheme = ToLowerAscii(scheme);
    if (scheme == "http" || scheme == "https" || scheme == "mailto") return true;
    return allow_image_data && scheme == "data" && ToLowerAscii(url.substr(i + 1, kImage.size())) == kImage;
}

}  // namespace opsteward::html
