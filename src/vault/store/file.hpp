// Files of the vault: what is written is on the disk when a call says so.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"

namespace opsteward::vault {

/// An open file. All errors name the path and what the system said; a full disk is kFull.
class File {
  public:
    enum class Mode { kRead, kWrite, kCreateNew };
    static Result<File> Open(const std::filesystem::path& path, Mode mode);

    File(File&& other) noexcept : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
    File& operator=(File&& other) noexcept;
    ~File();

    const std::filesystem::path& path() const { return path_; }
    Result<std::uint64_t> Size() const;
    Result<std::uint64_t> TakenOnDisk() const;  ///< bytes of the blocks it has, which may be fewer or more than its size
    /// Writes all of `bytes` or gives an error; then some may be written.
    Result<void> WriteAt(std::uint64_t offset, std::string_view bytes) const;
    /// As many bytes as there are, up to `length`.
    Result<std::string> ReadAt(std::uint64_t offset, std::size_t length) const;
    Result<void> Truncate(std::uint64_t size) const;
    /// Has the disk set aside the blocks of the first `bytes` bytes; those that are new read as zeros. After an error some of them may be set aside.
    Result<void> TakeRoom(std::uint64_t bytes) const;
    Result<void> SyncData() const;  ///< fdatasync

  private:
    File(std::filesystem::path path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

    std::filesystem::path path_;
    int descriptor_ = -1;
};

Result<std::string> ReadFile(const std::filesystem::path& path);
/// The file is there with all of `bytes`, or as it was before: written beside it, synced, renamed, the folder synced.
Result<void> ReplaceFile(const std::filesystem::path& path, std::string_view bytes);
/// Gives a file, whose bytes are on the disk, its name in the same folder, and makes that last.
Result<void> MoveIntoPlace(const std::filesystem::path& from, const std::filesystem::path& to);
/// Makes names in the folder (new, renamed, removed files) last.
Result<void> SyncFolder(const std::filesystem::path& folder);
/// Removes files of one folder in their order, and syncs the folder.
Result<void> RemoveFiles(std::span<const std::filesystem::path> paths, const std::filesystem::path& folder);

}  // namespace opsteward::vault
