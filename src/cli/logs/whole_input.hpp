// A file that is needed whole, as it is or compressed.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/language.hpp"
#include "base/result.hpp"

namespace opsteward::cli {

/// By LogInput; "-" is standard input. Bounded while it is read, as what is compressed may become of any size: kTooLarge above `max_bytes`. Shows its progress.
Result<std::string> ReadWholeInput(const std::filesystem::path& path, std::size_t max_bytes, Language language);

/// With the file's name before all that it says: where several files are read, which of them is meant must be seen.
Error InFile(const std::filesystem::path& path, Error error);

}  // namespace opsteward::cli
