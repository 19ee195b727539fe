// The procedure pack that comes with the program. It is copied to DATA/procedure at the first start; from then on the copy is the
// agency's own, to be edited, and the program never overwrites it.
#pragma once

#include <filesystem>

#include "base/result.hpp"

namespace opsteward::cli {

/// DATA/procedure
std::filesystem::path PackFolder(const std::filesystem::path& data);

/// Writes the pack to `folder` unless that exists. Whole or not at all: a copy cut short leaves no folder of that name.
Result<void> PlaceDefaultPack(const std::filesystem::path& folder);

}  // namespace opsteward::cli
