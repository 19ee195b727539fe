// The scores of the 270 MacroVectors of CVSS 4.0, as FIRST publishes them with the specification (section 8).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace opsteward::cvss {

/// The levels of EQ3 and EQ6 together; 2 and 0 do not occur.
enum BothLevel : int { kBoth00, kBoth01, kBoth10, kBoth11, kBoth21 };

/// The levels of the equivalence classes: EQ1, EQ2, EQ3 with EQ6, EQ4, EQ5.
struct MacroVector {
    int first = 0;
    int second = 0;
    int both = kBoth00;
    int fourth = 0;
    int fifth = 0;
};

/// Tenths. In the order of MacroVector; in a line EQ4 and EQ5 count up, EQ5 faster.
inline constexpr std::array<std::uint8_t, 270> kMacroScores{
    // EQ1 0, EQ2 0
    100, 98, 95,  100, 93, 91,  93, 89, 81,  // 00
    99, 95, 92,  96, 87, 81,  90, 80, 68,  // 01
    98, 95, 90,  93, 89, 81,  88, 78, 69,  // 10
    95, 92, 84,  92, 81, 65,  80, 70, 48,  // 11
    92, 82, 72,  79, 69, 50,  69, 55, 27,  // 21
    // EQ1 0, EQ2 1
    99, 95, 92,  95, 90, 84,  92, 82, 72,  // 00
    97, 92, 85,  91, 83, 71,  81, 71, 53,  // 01
    95, 92, 85,  92, 80, 70,  84, 71, 50,  // 10
    93, 85, 73,  82, 72, 59,  70, 52, 30,  // 11
    86, 75, 52,  71, 52, 29,  63, 29, 17,  // 21
    // EQ1 1, EQ2 0
    98, 94, 91,  94, 86, 77,  87, 74, 63,  // 00
    95, 87, 81,  89, 74, 64,  75, 63, 49,  // 01
    94, 88, 76,  86, 74, 59,  72, 57, 52,  // 10
    89, 77, 67,  76, 58, 50,  57, 52, 25,  // 11
    83, 70, 54,  65, 58, 26,  53, 21, 13,  // 21
    // EQ1 1, EQ2 1
    95, 88, 76,  90, 75, 61,  77, 68, 52,  // 00
    90, 76, 70,  77, 62, 53,  66, 59, 30,  // 01
    89, 76, 62,  74, 57, 47,  61, 57, 24,  // 10
    78, 67, 58,  59, 57, 23,  52, 29, 16,  // 11
    71, 59, 30,  58, 26, 15,  23, 13, 6,  // 21
    // EQ1 2, EQ2 0
    93, 86, 75,  86, 74, 56,  70, 52, 40,  // 00
    87, 72, 58,  74, 61, 34,  54, 40, 22,  // 01
    85, 74, 62,  72, 55, 46,  53, 34, 19,  // 10
    75, 55, 51,  57, 41, 19,  36, 19, 8,  // 11
    64, 51, 20,  47, 21, 11,  24, 9, 4,  // 21
    // EQ1 2, EQ2 1
    88, 73, 60,  73, 59, 41,  54, 45, 20,  // 00
    75, 53, 50,  55, 40, 20,  43, 22, 11,  // 01
    75, 58, 40,  61, 48, 20,  46, 17, 8,  // 10
    55, 45, 21,  51, 18, 9,  18, 7, 2,  // 11
    53, 24, 14,  24, 12, 5,  10, 3, 1,  // 21
};

/// Precondition: each level is one of its class.
constexpr int MacroScore(const MacroVector& macro) {
    return kMacroScores[static_cast<std::size_t>((((macro.first * 2 + macro.second) * 5 + macro.both) * 3 + macro.fourth) * 3 + macro.fifth)];
}

}  // namespace opsteward::cvss
