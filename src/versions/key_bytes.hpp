// What the keys of all schemes are made of: numbers and text as bytes that memcmp orders as they are meant, and that end where they end: a reader would know
// the last byte of each without looking further. A key put together of such parts is never the beginning of another key.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace opsteward::versions {

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

inline std::size_t EndOfDigits(std::string_view text, std::size_t begin) {
    while (begin < text.size() && IsDigit(text[begin])) ++begin;
    return begin;
}

/// Which bytes a number may begin with: one of its own for each of the small ones, then nine for larger ones by how many bytes follow.
struct NumberCode {
    std::uint8_t first = 0;   ///< the byte of zero
    std::uint8_t small = 0;   ///< numbers below have a byte of their own; first + small + 8 <= 255
};

/// A number of any length by its value; `digits` may be empty, which is zero.
void AppendNumber(std::string& key, std::string_view digits, NumberCode code);

/// Any bytes in their order, and an end that sorts before any further byte.
void AppendText(std::string& key, std::string_view text);

}  // namespace opsteward::versions
