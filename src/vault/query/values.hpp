// What stands behind `field:` without quotes: a comparison, a range, a network, a prefix or a text.
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "base/language.hpp"
#include "vault/query/query.hpp"

namespace opsteward::vault::query {

/// What is wrong with a piece of the query, and where in the piece.
struct Refusal {
    std::size_t byte = 0;
    Text text;
};

/// `value` is not empty and has no white space, quotes or parentheses.
std::variant<Term, Refusal> ReadBareValue(std::string_view field, std::string_view value);

/// Addresses of IPv6 and of Ethernet and paths like `C:\Windows` look like `field:value`; they are words.
bool IsWordWithColon(std::string_view word);

}  // namespace opsteward::vault::query
