// The grams of one block after the other, from its tokens and its messages' escapes.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "verifier/gram_rows.hpp"
#include "verifier/seen_tokens.hpp"
#include "verifier/steps.hpp"

namespace opsteward::verifier {

/// Not for use from two threads at a time.
class BlockGrams {
  public:
    /// Begins with a block of a segment whose index has so many rows; with none, tokens are looked at and their grams are not.
    void Begin(std::uint32_t rows);

    /// Whether `token` is one: some bytes, none of them a delimiter.
    bool Add(std::string_view token) { return rows_.AddToken(token); }
    /// Of a number, which is a token. The one before it in its column, or nothing, has mostly the same first digits. Precondition: kLookBack bytes
    /// before both, and kStep behind them, may be read.
    void AddNumber(std::string_view number, std::string_view before) {
        if (rows_.rows() == 0 || number.size() < GramRows::kShortestGram) return;
        rows_.AddNumber(number, CommonInSteps(number, before));
    }
    /// As Add, for tokens that are likely to come again. Its bytes stay until Begin.
    bool AddFrequent(std::string_view token) { return token.empty() ? false : !seen_.Insert(token) || rows_.AddToken(token); }
    /// Of a whole message, whose bytes stay until Begin.
    void AddTokensOf(std::string_view message);
    /// Of any message: what stands for \u and \u00 in it.
    void AddEscapesOf(std::string_view message);

    GramRows Take() { return std::exchange(rows_, GramRows()); }

  private:
    GramRows rows_;
    SeenTokens seen_;
    bool has_escape_ = false;
    bool has_ascii_escape_ = false;
};

}  // namespace opsteward::verifier
