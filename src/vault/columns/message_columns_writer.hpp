// Messages cut into columns: those of one shape (the same delimiters between their tokens) are written token by token, what stands at one place of all of
// them together, as what it is: a constant, a number, one of a few words. Format: docs/formats/vault.md, "Columns".
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "vault/columns/column_writer.hpp"

namespace opsteward::vault {

/// Are messages cut into columns, or written whole? Cut they are smaller where lines are alike but for numbers and names, whole where they repeat each other.
enum class Cutting {
    kAlways,
    kBySample,   ///< as a part of them says; of few messages whichever is smaller, packed as well as can be
    kIfSmaller,  ///< both are tried
};

struct PackEffort {
    int level = 3;  ///< zstd's: 1 is fast, 19 is small
    Cutting cutting = Cutting::kAlways;
};

/// Any bytes; what is of no common shape is written whole. Calls `on_token` with each different token, with few of them more than once.
std::string WriteMessageColumns(std::span<const std::string_view> messages, PackEffort effort, const OnToken& on_token = [](std::string_view) {});

}  // namespace opsteward::vault
