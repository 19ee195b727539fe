// What is said of an input that can't be read to its end.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <string_view>

#include "base/error.hpp"

namespace opsteward::cli {

/// kInvalidInput. `reason` is of the library that decompresses, and in English.
inline Error Unreadable(const std::filesystem::path& path, std::string_view reason) {
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("{} 無法完整讀取：{}。", path.string(), reason),
                     fmt::format("{} cannot be read to its end: {}.", path.string(), reason));
}

}  // namespace opsteward::cli
