// Where the parts of a vault lie. Format: docs/formats/vault.md.
#pragma once

#include <filesystem>

namespace opsteward::vault {

struct Layout {
    std::filesystem::path folder;

    std::filesystem::path log() const { return folder / "log"; }
    std::filesystem::path segments() const { return folder / "segments"; }
    std::filesystem::path tree() const { return folder / "tree"; }
    std::filesystem::path checkpoint() const { return folder / "checkpoint"; }
    std::filesystem::path witnessed() const { return folder / "witnessed"; }
    std::filesystem::path reserve() const { return folder / "reserve"; }
};

}  // namespace opsteward::vault
