#include "verifier/gram_rows.hpp"

#include <algorithm>

namespace opsteward::verifier {

inline void GramRows::Set(std::uint64_t bytes, std::uint64_t length) {
    std::uint64_t x = bytes ^ length * 0x9E3779B97F4A7C15U;
    x = (x ^ x >> 32) * 0xD6E8FEB86659FD93U;
    x ^= x >> 32;
    const std::uint64_t row = ((x & 0xFFFFFFFFU) >> 10) * rows_ >> 22;
    bits_[row / 64] |= std::uint64_t{1} << (row % 64);
}

bool GramRows::AddToken(std::string_view token, std::size_t known) {
    if (rows_ == 0) return !token.empty() && std::ranges::all_of(token, IsTokenByte);
    std::uint64_t last = 0;  // up to 8 bytes, the oldest lowest
    for (std::size_t i = known < 8 ? 0 : known - 7; i < token.size(); ++i) {
        const std::uint64_t byte = kLower[static_cast<unsigned char>(token[i])];
        if (byte == 0) return false;
        last = last >> 8 | byte << 56;
        if (i < known) continue;
        if (i >= 3) Set(last >> 32, 4);
        if (i >= 5) Set(last >> 16, 6);
        if (i >= 7) Set(last, 8);
    }
    return !token.empty();
}

}  // namespace opsteward::verifier
