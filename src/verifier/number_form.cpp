#include "verifier/number_form.hpp"

#include <array>
#include <bit>
#include <cstring>

#include "verifier/bytes.hpp"

namespace opsteward::verifier {

namespace {

constexpr NumberForm kDecimal = 0;
constexpr NumberForm kAddress = 1;
constexpr std::uint64_t kLargestNumber = (std::uint64_t{1} << 63) - 1;
constexpr std::uint64_t kLargestAddress = 0xFFFFFFFFU;

constexpr std::uint64_t kEightDigits = 100'000'000;
constexpr std::uint64_t kZeros = 0x3030303030303030U;  ///< "00000000"

/// The digits of a number below kEightDigits, one in each byte, the first in the lowest. All parts of a word are divided by one multiplication.
inline std::uint64_t DigitsOf(std::uint64_t number) {
    const std::uint64_t fours = number / 10'000 | number % 10'000 << 32;
    const std::uint64_t hundreds = (fours * 10'486 >> 20) & 0x0000'007F'0000'007FU;  // exact below 10,000
    const std::uint64_t pairs = hundreds | (fours - 100 * hundreds) << 16;
    const std::uint64_t tens = (pairs * 103 >> 10) & 0x000F'000F'000F'000FU;  // exact below 100
    return tens | (pairs - 10 * tens) << 8;
}

/// Without a branch on how many digits there are: no two numbers of a column need have as many.
char* WriteDecimal(char* out, std::uint64_t number) {
    if (number >= kEightDigits) {
        char* const rest = WriteDecimal(out, number / kEightDigits);
        PutNumber(rest, DigitsOf(number % kEightDigits) + kZeros);
        return rest + 8;
    }
    const std::uint64_t digits = DigitsOf(number);
    const int zeros = std::countr_zero(digits | std::uint64_t{1} << 56) / 8;
    PutNumber(out, (digits + kZeros) >> (8 * zeros));
    return out + 8 - zeros;
}

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
