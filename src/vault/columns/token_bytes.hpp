// Which bytes are of tokens: letters, digits, '_', '.' (ASCII) and bytes from 0x80 on, so that a number, a word, an IPv4 address or a run of CJK text is one
// token. All other bytes are delimiters.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace opsteward::vault {

inline constexpr std::array<bool, 256> kTokenBytes = [] {
    std::array<bool, 256> is_token{};
    for (std::size_t c = 0; c < is_token.size(); ++c) {
        is_token[c] = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '.' || c >= 0x80;
    }
    return is_token;
}();

constexpr bool IsTokenByte(char c) { return kTokenBytes[static_cast<unsigned char>(c)]; }

inline constexpr std::size_t kMaskBytes = 64;

/// A bit for each byte, the lowest for the first: as IsTokenByte. `bytes` are kMaskBytes.
inline std::uint64_t TokenMask(const char* bytes) {
    std::uint64_t mask = 0;
#if defined(__SSE2__)
    const auto between = [](__m128i x, char low, char high) {
        return _mm_and_si128(_mm_cmpgt_epi8(x, _mm_set1_epi8(static_cast<char>(low - 1))), _mm_cmplt_epi8(x, _mm_set1_epi8(static_cast<char>(high + 1))));
    };
    for (std::size_t at = 0; at < kMaskBytes; at += sizeof(__m128i)) {
        const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + at));
        const __m128i letters = between(_mm_or_si128(x, _mm_set1_epi8(0x20)), 'a', 'z');
        const __m128i marks = _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8('_')), _mm_cmpeq_epi8(x, _mm_set1_epi8('.')));
        // From 0x80 on a byte has its own top bit on, and comparisons take it for a negative number.
        const __m128i of_token = _mm_or_si128(_mm_or_si128(letters, between(x, '0', '9')), _mm_or_si128(marks, x));
        mask |= static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(of_token))) << at;
    }
#else
    for (std::size_t at = 0; at < kMaskBytes; ++at) mask |= std::uint64_t{IsTokenByte(bytes[at])} << at;
#endif
    return mask;
}

}  // namespace opsteward::vault
