// Where a message is cut: tokens are its maximal runs of letters, digits, '_', '.' (ASCII) and bytes from 0x80 on, so that a number, a word, an IPv4
// address or a run of CJK text is one token. All other bytes are delimiters.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace opsteward::vault {

inline constexpr std::array<bool, 256> kTokenBytes = [] {
    std::array<bool, 256> is_token{};
    for (std::size_t c = 0; c < is_token.size(); ++c) {
        is_token[c] = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '.' || c >= 0x80;
    }
    return is_token;
}();

constexpr bool IsTokenByte(char c) { return kTokenBytes[static_cast<unsigned char>(c)]; }

/// The end of the run of token bytes (or of delimiters) that goes on at `at`.
constexpr std::size_t EndOfRun(std::string_view bytes, std::size_t at, bool of_tokens) {
    while (at < bytes.size() && IsTokenByte(bytes[at]) == of_tokens) ++at;
    return at;
}

/// Calls `visit` with each token in order.
template <typename Visit>
void VisitTokens(std::string_view bytes, const Visit& visit) {
    std::size_t at = 0;
    while (true) {
        const std::size_t begin = EndOfRun(bytes, at, false);
        if (begin == bytes.size()) return;
        at = EndOfRun(bytes, begin, true);
        visit(bytes.substr(begin, at - begin));
    }
}

}  // namespace opsteward::vault
