// Numbers as byte planes: first the highest byte of each, then the next … so that bytes that are alike stand together.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "vault/columns/pack.hpp"

namespace opsteward::vault {

/// How many bytes `number` needs; none for 0.
unsigned WidthOf(std::uint64_t number);
void WritePlanes(std::span<const std::uint64_t> numbers, unsigned width, PackWriter& pack);
/// About how many bytes the planes take when each byte costs its plane's entropy.
double PlaneCost(std::span<const std::uint64_t> numbers, unsigned width);

}  // namespace opsteward::vault
