// Tokens that are numbers, each written in the only way its form allows, so that the number gives the token back. Format: docs/formats/vault.md, "Columns".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "vault/columns/byte_sink.hpp"

namespace opsteward::vault {

/// 0: decimal without leading zeros; 1: IPv4 address, the first part highest; 1 + n: decimal with n digits after the point, 1 to 9.
using NumberForm = std::uint8_t;
inline constexpr NumberForm kDecimal = 0;
inline constexpr NumberForm kAddress = 1;
inline constexpr NumberForm kMaxForm = 10;

/// The form that the token could be of, going by its points alone.
NumberForm LikelyForm(std::string_view token);
/// Below 2^63. Nothing when the token is not written in this form.
std::optional<std::uint64_t> ReadForm(std::string_view token, NumberForm form);
/// Precondition: `number` was read in this form, or form <= kMaxForm; an address uses the low 32 bits.
void AppendForm(ByteSink& out, std::uint64_t number, NumberForm form);

}  // namespace opsteward::vault
