#include "verifier/number_form.hpp"

#include <array>
#include <charconv>
#include <cstring>

namespace opsteward::verifier {

namespace {

constexpr NumberForm kDecimal = 0;
constexpr NumberForm kAddress = 1;
constexpr std::uint64_t kLargestNumber = (std::uint64_t{1} << 63) - 1;
constexpr std::uint64_t kLargestAddress = 0xFFFFFFFFU;

char* WriteDecimal(char* out, std::uint64_t number) { return std::to_chars(out, out + kMaxNumberBytes, number).ptr; }

/// A part of an address and the point behind it.
struct Part {
    std::array<char, 4> text = {};
    std::uint8_t size = 0;
};

constexpr auto kParts = [] {
    std::array<Part, 256> parts{};
    for (std::size_t number = 0; number < parts.size(); ++number) {
        Part& part = parts[number];
        if (number >= 100) part.text[part.size++] = static_cast<char>('0' + number / 100);
        if (number >= 10) part.text[part.size++] = static_cast<char>('0' + number / 10 % 10);
        part.text[part.size++] = static_cast<char>('0' + number % 10);
        part.text[part.size++] = '.';
    }
    return parts;
}();

char* WriteAddress(char* out, std::uint64_t address) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        const Part& part = kParts[address >> shift & 0xFFU];
        std::memcpy(out, part.text.data(), part.text.size());
        out += part.size;
    }
    return out - 1;  // without the last point
}

char* WriteFraction(char* out, std::uint64_t number, unsigned digits) {
    std::uint64_t unit = 1;
    for (unsigned i = 0; i < digits; ++i) unit *= 10;
    char* const point = WriteDecimal(out, number / unit);
    *point = '.';
    std::uint64_t rest = number % unit;
    for (unsigned i = digits; i > 0; --i) {
        point[i] = static_cast<char>('0' + rest % 10);
        rest /= 10;
    }
    return point + 1 + digits;
}

}  // namespace

std::uint64_t LargestOf(NumberForm form) { return form == kAddress ? kLargestAddress : kLargestNumber; }

char* WriteNumber(char* out, std::uint64_t number, NumberForm form) {
    if (form == kDecimal) return WriteDecimal(out, number);
    return form == kAddress ? WriteAddress(out, number) : WriteFraction(out, number, form - 1U);
}

}  // namespace opsteward::verifier
