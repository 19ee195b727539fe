// Writing a column: the tokens that stand at one place of all messages of one shape. Format: docs/formats/vault.md, "Columns".
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "vault/columns/pack.hpp"

namespace opsteward::vault {

using OnToken = std::function<void(std::string_view token)>;

/// Appends the column's head to `heads` and its strings to `pack`, in the layout that promises to be the smallest, and calls `on_token` with each
/// different value, with few of them more than once. Precondition: at least one value.
void WriteColumn(std::span<const std::string_view> values, std::string& heads, PackWriter& pack, const OnToken& on_token);

}  // namespace opsteward::vault
