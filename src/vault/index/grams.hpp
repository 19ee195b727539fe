// Grams: the pieces of tokens that an index keeps, so that a text within longer tokens is found too.
//
// The grams of a run of token bytes are its substrings of 4, 6 and 8 bytes, in lower case (ASCII). Whatever bytes a record has around a searched text, the
// runs of that text lie within its tokens, and their grams are among those of the record: a block without one of them has no such record.
// Short grams tell words apart, long ones numbers and addresses, of which each block has most short ones.
//
// A backslash is in no token, yet who looks for a value that may have been written with escapes must know which blocks have some. So a text with one of the
// escapes below has the grams of a run that stands for it, long enough that they do not all fall together with others.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/folding.hpp"
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

struct EscapeRun {
    std::string_view escape;
    std::string_view run;
};

/// JSON's escapes by number, of any character and of one of ASCII (RFC 8259 section 7).
inline constexpr std::array<EscapeRun, 2> kEscapeRuns{{{"\\u", "\\u\\u\\u\\u"}, {"\\u00", "\\u00\\u00"}}};

/// Calls `visit` with the run of each escape that `text` has, in any case of letters.
template <typename Visit>
void VisitEscapeRuns(std::string_view text, const Visit& visit) {
    std::array<bool, kEscapeRuns.size()> is_known{};
    for (std::size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at + 1)) {
        for (std::size_t i = 0; i < kEscapeRuns.size(); ++i) {
            if (is_known[i] || !StartsWithFolded(text.substr(at), kEscapeRuns[i].escape)) continue;
            is_known[i] = true;
            visit(kEscapeRuns[i].run);
        }
    }
}

/// The grams that every text containing `text` has, each once.
std::vector<std::uint32_t> GramsOf(std::string_view text);

}  // namespace opsteward::vault
