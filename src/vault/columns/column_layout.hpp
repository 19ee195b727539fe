// How a column is written. Format: docs/formats/vault.md, "Columns".
#pragma once

#include <cstdint>

namespace opsteward::vault {

/// The numbers are part of the format.
enum class ColumnLayout : std::uint8_t {
    kConstant = 0,
    kText = 1,
    kTextDictionary = 2,
    kNumbers = 3,
    kNumberSteps = 4,
    kNumberDictionary = 5,
};

/// Ends each value of a text; a delimiter, so it is in no token.
inline constexpr char kValueEnd = '\n';

}  // namespace opsteward::vault
