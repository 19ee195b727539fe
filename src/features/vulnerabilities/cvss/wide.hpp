// Numbers with decimals, as whole numbers of a power of ten: rounding is that of the specifications, not that of binary fractions.
#pragma once

#include <cstdint>

namespace opsteward::cvss {

__extension__ typedef __int128 Wide;  // NOLINT(modernize-use-using): an alias can't be marked as an extension

constexpr Wide PowerOfTen(int exponent) {
    Wide power = 1;
    for (int i = 0; i < exponent; ++i) power *= 10;
    return power;
}

/// The nearest whole number of units; a half goes away from zero. Precondition: unit > 0.
constexpr int RoundToUnit(Wide value, Wide unit) {
    const Wide half = unit / 2;
    return static_cast<int>((value < 0 ? value - half : value + half) / unit);
}

}  // namespace opsteward::cvss
