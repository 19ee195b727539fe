#include "cli/logs/one_line.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace opsteward::cli {

namespace {

/// How many bytes at the beginning are a character that a terminal obeys instead of showing it: a control character of ISO 6429 (C0, DEL, C1), or one
/// that ends a line or turns the direction of the text (Unicode's Bidi_Control and line separators); 0 when it is none.
std::size_t ControlBytes(std::string_view utf8) {
    const auto byte = [&](std::size_t i) { return i < utf8.size() ? static_cast<unsigned char>(utf8[i]) : 0U; };
    if (byte(0) < 0x20 || byte(0) == 0x7f) return 1;
    if (byte(0) == 0xc2 && byte(1) >= 0x80 && byte(1) < 0xa0) return 2;                                      // U+0080 … U+009F
    if (byte(0) == 0xd8 && byte(1) == 0x9c) return 2;                                                        // U+061C
    if (byte(0) != 0xe2) return 0;
    if (byte(1) == 0x80 && (byte(2) == 0x8e || byte(2) == 0x8f || (byte(2) >= 0xa8 && byte(2) <= 0xae))) return 3;  // U+200E, U+200F, U+2028 … U+202E
    return byte(1) == 0x81 && byte(2) >= 0xa6 && byte(2) <= 0xa9 ? 3 : 0;                                    // U+2066 … U+2069
}

}  // namespace

std::string OnOneLine(std::string_view text) {
    const std::string utf8 = ReplaceInvalidUtf8(text);
    std::string line;
    for (std::size_t at = 0; at < utf8.size();) {
        const std::size_t control = ControlBytes(std::string_view(utf8).substr(at));
        if (control == 0) line += utf8[at++];
        for (const std::size_t end = at + control; at < end; ++at) line += fmt::format("\\x{:02x}", static_cast<unsigned char>(utf8[at]));
    }
    return line;
}

}  // namespace opsteward::cli
