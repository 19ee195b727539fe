// The stored upper hashes of the tree. Format: docs/formats/vault.md, "Tree".
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "verifier/file.hpp"

namespace opsteward::verifier {

class TreeFiles {
  public:
    static constexpr unsigned kStep = 8;
    static constexpr unsigned kHighest = 56;

    /// "08", "16" … "56"; 0 for any other name.
    static unsigned LevelOf(const std::string& name);
    static std::string NameOf(unsigned level);

    void Open(unsigned level, const std::filesystem::path& path);

    /// The 32 bytes of a hash, or as many of them as the file has. Asking in the order of the indices is fast.
    std::string At(unsigned level, std::uint64_t index);
    /// 0 when the level has no file.
    std::uint64_t bytes(unsigned level) const;

  private:
    struct Level {
        std::unique_ptr<File> file;
        std::uint64_t window_at = 0;
        std::string window;
    };
    std::map<unsigned, Level> levels_;
};

}  // namespace opsteward::verifier
