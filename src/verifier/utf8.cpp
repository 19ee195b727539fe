#include "verifier/utf8.hpp"

#include <cstdint>

namespace opsteward::verifier {

namespace {

constexpr std::string_view kHex = "0123456789abcdef";

std::uint32_t CodePoint(std::string_view character) {
    if (character.size() == 1) return static_cast<unsigned char>(character[0]);
    std::uint32_t value = static_cast<unsigned char>(character[0]) & (0x7FU >> character.size());
    for (const char byte : character.substr(1)) value = value << 6 | (static_cast<unsigned char>(byte) & 0x3FU);
    return value;
}

/// Moves, hides or turns what stands beside it.
bool IsInvisible(std::uint32_t point) {
    return point < 0x20 || (point >= 0x7F && point <= 0x9F) || point == 0xAD || point == 0x61C || (point >= 0x200B && point <= 0x200F) ||
           (point >= 0x2028 && point <= 0x202E) || (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF || (point >= 0xFFF9 && point <= 0xFFFB) ||
           (point >= 0xE0000 && point <= 0xE007F);
}

std::string Escaped(std::uint32_t point) {
    switch (point) {
        case '\\': return "\\\\";
        case '\n': return "\\n";
        case '\r': return "\\r";
        case '\t': return "\\t";
        default: break;
    }
    std::string digits;
    for (std::uint32_t rest = point; rest != 0 || digits.size() < 2; rest >>= 4) digits.insert(digits.begin(), kHex[rest & 0xFU]);
    return point < 0x80 ? "\\x" + digits : "\\u{" + digits + "}";
}

}  // namespace

std::size_t CharacterLength(std::string_view bytes) {
    if (bytes.empty()) return 0;
    const auto lead = static_cast<unsigned char>(bytes[0]);
    if (lead < 0x80) return 1;
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || bytes.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((static_cast<unsigned char>(bytes[i]) & 0xC0U) != 0x80) return 0;
    }
    const std::uint32_t point = CodePoint(bytes.substr(0, length));
    constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool is_surrogate = point >= 0xD800 && point <= 0xDFFF;
    return point < kSmallest[length] || is_surrogate || point > 0x10FFFF ? 0 : length;
}

bool IsUtf8(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t length = CharacterLength(bytes);
        if (length == 0) return false;
        bytes.remove_prefix(length);
    }
    return true;
}

std::string Printable(std::string_view bytes) {
    std::string text;
    while (!bytes.empty()) {
        const std::size_t length = CharacterLength(bytes);
        if (length == 0) {
            const auto byte = static_cast<unsigned char>(bytes[0]);
            text.append("\\x").append(1, kHex[byte >> 4]).append(1, kHex[byte & 0xFU]);
            bytes.remove_prefix(1);
            continue;
        }
        const std::uint32_t point = CodePoint(bytes.substr(0, length));
        if (point == '\\' || IsInvisible(point)) {
            text += Escaped(point);
        } else {
            text += bytes.substr(0, length);
        }
        bytes.remove_prefix(length);
    }
    return text;
}

}  // namespace opsteward::verifier
