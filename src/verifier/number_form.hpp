// Numbers as the tokens they stand for. Format: docs/formats/vault.md, "Columns".
#pragma once

#include <cstddef>
#include <cstdint>

namespace opsteward::verifier {

/// 0: decimal; 1: IPv4 address; 1 + n: decimal with n digits after the point.
using NumberForm = std::uint8_t;

inline constexpr NumberForm kLastNumberForm = 10;
/// The longest: 19 digits, or a zero, a point and 9 of them.
inline constexpr std::size_t kMaxNumberBytes = 20;

/// The numbers of a form are 0 to this one.
std::uint64_t LargestOf(NumberForm form);

/// Writes the token to `out`, which has room for kMaxNumberBytes, and returns its end. Precondition: form <= kLastNumberForm, number <= LargestOf(form).
char* WriteNumber(char* out, std::uint64_t number, NumberForm form);

}  // namespace opsteward::verifier
