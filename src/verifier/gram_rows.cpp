#include "verifier/gram_rows.hpp"

#include <algorithm>

#include "verifier/bytes.hpp"

namespace opsteward::verifier {

inline void GramRows::Set(std::uint64_t bytes, std::uint64_t length) {
    std::uint64_t x = bytes ^ length * 0x9E3779B97F4A7C15U;
    x = (x ^ x >> 32) * 0xD6E8FEB86659FD93U;
    x ^= x >> 32;
    const std::uint64_t row = ((x & 0xFFFFFFFFU) >> 10) * rows_ >> 22;
    bits_[row / 64] |= std::uint64_t{1} << (row % 64);
}

/// The grams that end with byte `at` of a token. `last`: the 8 bytes up to that one, the oldest lowest; those before the token are in no gram.
inline void GramRows::AddEndingAt(std::size_t at, std::uint64_t last) {
    if (at >= 3) Set(last >> 32, 4);
    if (at >= 5) Set(last >> 16, 6);
    if (at >= 7) Set(last, 8);
}

bool GramRows::AddToken(std::string_view token) {
    if (rows_ == 0) return !token.empty() && std::ranges::all_of(token, IsTokenByte);
    std::uint64_t last = 0;
    for (std::size_t i = 0; i < token.size(); ++i) {
        const std::uint64_t byte = kLower[static_cast<unsigned char>(token[i])];
        if (byte == 0) return false;
        last = last >> 8 | byte << 56;
        AddEndingAt(i, last);
    }
    return !token.empty();
}

void GramRows::AddNumber(std::string_view number, std::size_t known) {
    for (std::size_t i = std::max(known, kShortestGram - 1); i < number.size(); ++i) {
        AddEndingAt(i, NumberAt<std::uint64_t>(number.data() + i + 1 - sizeof(std::uint64_t)));
    }
}

void GramRows::AddRun(std::string_view run) {
    std::uint64_t last = 0;
    for (std::size_t i = 0; i < run.size(); ++i) {
        last = last >> 8 | std::uint64_t{static_cast<unsigned char>(run[i])} << 56;
        AddEndingAt(i, last);
    }
}

}  // namespace opsteward::verifier
