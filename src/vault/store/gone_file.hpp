// What stands in the place of a segment that was deleted. Format: docs/formats/vault.md, "Deleted segments".
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "vault/tree/gone_ranges.hpp"

namespace opsteward::vault {

inline constexpr std::string_view kGoneSuffix = ".gone";

std::string GoneFileBytes(const GoneRange& range);
/// kCorrupt when anything in `bytes` does not fit: length, checksum, a range that is empty or that its event lies in or before.
Result<GoneRange> ParseGoneFile(std::string_view bytes);
/// The same of a file, which is named in the error, and whose own name has to fit.
Result<GoneRange> ReadGoneFile(const std::filesystem::path& path);

}  // namespace opsteward::vault
