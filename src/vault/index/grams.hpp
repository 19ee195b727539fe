// Grams: the pieces of tokens that an index keeps, so that a text within longer tokens is found too.
//
// The grams of a run of token bytes are its substrings of 4, 6 and 8 bytes, in lower case (ASCII). Whatever bytes a record has around a searched text, the
// runs of that text lie within its tokens, and their grams are among those of the record: a block without one of them has no such record.
// Short grams tell words apart, long ones numbers and addresses, of which each block has most short ones.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "vault/columns/tokens.hpp"

namespace opsteward::vault {

inline constexpr std::array<std::size_t, 3> kGramLengths{4, 6, 8};

constexpr std::uint64_t LowerByte(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte;
}

/// The last bytes of a run as they pass, up to 8: the lowest is the oldest.
constexpr std::uint64_t MixGram(std::uint64_t bytes, std::size_t length) {
    std::uint64_t x = bytes ^ length * 0x9E3779B97F4A7C15U;
    x = (x ^ x >> 32) * 0xD6E8FEB86659FD93U;
    return x ^ x >> 32;
}

/// Calls `visit` with the number of each gram of a run, 32 bits. Format: docs/formats/vault.md, "Index".
template <typename Visit>
void VisitGrams(std::string_view run, const Visit& visit) {
    std::uint64_t window = 0;
    for (std::size_t i = 0; i < run.size(); ++i) {
        window = window >> 8 | LowerByte(run[i]) << 56;
        for (const std::size_t length : kGramLengths) {
            if (i + 1 < length) break;
            visit(static_cast<std::uint32_t>(MixGram(window >> (64 - 8 * length), length)));
        }
    }
}

/// The grams that every text containing `text` has, each once.
std::vector<std::uint32_t> GramsOf(std::string_view text);

}  // namespace opsteward::vault
