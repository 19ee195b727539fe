// Does a token have a part of a searched text in it? Asked of text as it is, and of numbers without writing them out where that can be spared.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/folding.hpp"
#include "vault/columns/number_form.hpp"

namespace opsteward::vault {

/// Where the text stands in the token: its delimiters are on none of its sides, on one, or on both.
struct TokenPlace {
    bool at_beginning = false;
    bool at_end = false;
};

/// A text that is no longer than a token, without regard to ASCII case. Thread-safe for const use.
class TokenMatcher {
  public:
    /// `text` has token bytes alone, and at least one of them.
    TokenMatcher(std::string_view text, TokenPlace place);

    bool Holds(std::string_view token) const;
    /// Of none of these tokens, put together with something between them, does it hold. Cheaper than asking each; "false" says nothing.
    bool IsInNone(std::string_view tokens) const { return !needle_.IsIn(tokens); }
    /// Whether it holds for the number in its form.
    bool Holds(std::uint64_t number, NumberForm form) const;
    /// Whether it could hold for any number of the form.
    bool IsPossibleIn(NumberForm form) const;

  private:
    /// The text cut at its points: each piece stands in one part of the address, and which of the 256 parts it can be is known beforehand.
    struct AddressPieces {
        std::vector<std::array<bool, 256>> parts;
        std::size_t first = 0;  ///< part of the address that the first piece may stand in: from here
        std::size_t last = 0;   ///< to here; when it is less than `first`, in none
    };

    static AddressPieces PiecesOf(std::string_view text, TokenPlace place);
    bool HoldsForAddress(std::uint64_t address) const;
    bool HoldsForDecimal(std::uint64_t number) const;
    bool HoldsWritten(std::uint64_t number, NumberForm form) const;

    std::string folded_;
    TokenPlace place_;
    FoldedNeedle needle_;
    std::size_t points_ = 0;
    bool is_numeric_ = false;  ///< digits and points alone
    AddressPieces address_;
    std::uint64_t value_ = 0;  ///< of a text of digits
    std::uint64_t power_ = 0;  ///< 10 to the number of its digits; 0 when it has too many
};

}  // namespace opsteward::vault
