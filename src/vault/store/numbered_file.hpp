// Files that are named by the number of their first record: twenty digits and what kind of file it is.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace opsteward::vault {

struct NumberedFile {
    std::uint64_t first = 0;
    std::filesystem::path path;

    bool operator==(const NumberedFile&) const = default;
};

/// "00000000000000000042.seg"
std::string NumberedName(std::uint64_t first, std::string_view suffix);
std::optional<std::uint64_t> NumberOf(const std::filesystem::path& path, std::string_view suffix);
/// The folder's files of this suffix by number; others are passed over.
Result<std::vector<NumberedFile>> ListNumbered(const std::filesystem::path& folder, std::string_view suffix);

}  // namespace opsteward::vault
