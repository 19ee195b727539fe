// The bodies of VANS's upload interfaces, as JSON (docs/formats/vans.md).
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/result.hpp"
#include "features/vulnerabilities/vans/item.hpp"

namespace opsteward::vans {

/// Takes the next piece of what is written.
using Sink = std::function<Result<void>(std::string_view)>;

enum class Generation : std::uint8_t { kFirst, kSecond };

/// kInvalidInput when it can't be a key; the error does not hold it. The first generation: 88 visible ASCII characters. The second: visible ones, up to 1024.
Result<void> CheckApiKey(std::string_view key, Generation generation);

/// POST …/rest/vans/InsertSystemUnitproduct: products of an agency with the number of machines that have them. Gives the number of items.
Result<std::size_t> WriteFirstGeneration(const Inventory& inventory, std::string_view api_key, const Sink& sink);
/// POST https://vans.nat.gov.tw/vans2/asset/InsertServerUnitproduct: what each machine has.
Result<std::size_t> WriteSecondGeneration(const Inventory& inventory, std::string_view api_key, const Sink& sink);

}  // namespace opsteward::vans
