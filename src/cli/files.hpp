// Whole files, read and written with their errors told.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace opsteward::cli {

/// At most `max_bytes`; kTooLarge above. Only regular files.
Result<std::string> ReadWholeFile(const std::filesystem::path& path, std::size_t max_bytes);

/// Makes a file of mode 0600, written through to the disk; kConflict when it exists.
Result<void> WriteNewFile(const std::filesystem::path& path, std::string_view bytes);

/// SHA-256 of a file of any size, lower-case hex.
Result<std::string> FileDigest(const std::filesystem::path& path);

}  // namespace opsteward::cli
