// How the columns of messages are put together. Format: docs/formats/vault.md, "Columns".
#pragma once

#include <cstddef>

namespace opsteward::vault {

/// More tokens in a message are no repeated structure but data; it is written whole.
inline constexpr std::size_t kMaxTokens = 512;
inline constexpr std::size_t kMaxShapes = 4096;

/// The strings of the pack that stand before those of the columns.
enum LeadingString : std::size_t { kShapes, kOrder, kWholeLengths, kWholeBytes, kHeads, kLeadingStrings };

}  // namespace opsteward::vault
