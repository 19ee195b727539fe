// The grams of one block after the other, from its tokens.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "verifier/gram_rows.hpp"
#include "verifier/seen_tokens.hpp"

namespace opsteward::verifier {

/// Not for use from two threads at a time.
class BlockGrams {
  public:
    /// Begins with a block of a segment whose index has so many rows; with none, tokens are looked at and their grams are not.
    void Begin(std::uint32_t rows);

    /// Whether `token` is one: some bytes, none of them a delimiter.
    bool Add(std::string_view token) { return rows_.AddToken(token); }
    /// Of a number, which is a token. The one before it in its column, or nothing, has mostly the same first digits.
    void AddNumber(std::string_view token, std::string_view before) {
        if (rows_.rows() == 0 || token.size() < GramRows::kShortestGram) return;
        rows_.AddToken(token, static_cast<std::size_t>(std::ranges::mismatch(token, before).in1 - token.begin()));
    }
    /// As Add, for tokens that are likely to come again. Its bytes stay until Begin.
    bool AddFrequent(std::string_view token) { return token.empty() ? false : !seen_.Insert(token) || rows_.AddToken(token); }
    /// Of a whole message, whose bytes stay until Begin.
    void AddTokensOf(std::string_view message);

    GramRows Take() { return std::exchange(rows_, GramRows()); }

  private:
    GramRows rows_;
    SeenTokens seen_;
};

}  // namespace opsteward::verifier
