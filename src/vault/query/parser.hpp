// Reading a query, for query.cpp only: ParseQuery adds the limit on the canonical form.
#pragma once

#include "vault/query/query.hpp"

namespace opsteward::vault::query {

Result<Query> ParseTree(std::string_view text, Place* error_place);

Error QueryTooLong();

/// The length of the well-formed UTF-8 sequence at the beginning of `text`, or 0.
std::size_t SequenceAtFront(std::string_view text);

/// C0 controls and DEL: in a query they are written as \xHH within quotes.
constexpr bool IsControlByte(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

}  // namespace opsteward::vault::query
