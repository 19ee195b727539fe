// Where a message is cut: tokens are its longest runs of token bytes.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "vault/columns/token_bytes.hpp"

namespace opsteward::vault {

/// Calls `visit` with each run of token bytes and each run of delimiters, in their order.
template <typename Visit>
void VisitRuns(std::string_view bytes, const Visit& visit) {
    bool is_token = false;
    std::size_t begin = 0;
    const auto end_at = [&](std::size_t end) {
        if (end > begin) visit(bytes.substr(begin, end - begin), is_token);
        begin = end;
    };
    std::array<char, kMaskBytes> rest{};
    for (std::size_t at = 0; at < bytes.size(); at += kMaskBytes) {
        const char* chunk = bytes.data() + at;
        std::uint64_t within = ~std::uint64_t{0};
        if (bytes.size() - at < kMaskBytes) {
            std::memcpy(rest.data(), chunk, bytes.size() - at);
            chunk = rest.data();
            within = (std::uint64_t{1} << (bytes.size() - at)) - 1;
        }
        const std::uint64_t mask = TokenMask(chunk);
        for (std::uint64_t changes = (mask ^ (mask << 1 | std::uint64_t{is_token})) & within; changes != 0; changes &= changes - 1) {
            end_at(at + static_cast<std::size_t>(std::countr_zero(changes)));
            is_token = !is_token;
        }
    }
    end_at(bytes.size());
}

/// Calls `visit` with each token in order.
template <typename Visit>
void VisitTokens(std::string_view bytes, const Visit& visit) {
    VisitRuns(bytes, [&](std::string_view run, bool is_token) {
        if (is_token) visit(run);
    });
}

/// In a shape this stands for a token; no delimiter is a token's byte.
inline constexpr char kTokenMark = 'a';

/// A text as its delimiters and its tokens.
struct CutText {
    std::string shape;                     ///< the text with kTokenMark for each token
    std::vector<std::string_view> tokens;  ///< views into the text

    void Cut(std::string_view text) {
        shape.clear();
        tokens.clear();
        VisitRuns(text, [this](std::string_view run, bool is_token) {
            if (is_token) {
                shape += kTokenMark;
                tokens.push_back(run);
            } else {
                shape.append(run);
            }
        });
    }
};

}  // namespace opsteward::vault
