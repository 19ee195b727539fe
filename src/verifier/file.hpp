// Files that are read, never written.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

namespace opsteward::verifier {

/// An open regular file. Whatever the system refuses is CannotCheck, with the path and its reason.
class File {
  public:
    /// Follows no symbolic link, and waits for nobody at the other end of a pipe.
    explicit File(const std::filesystem::path& path);
    /// Of an open descriptor, which it closes.
    File(int descriptor, std::filesystem::path path);
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File();

    const std::filesystem::path& path() const { return path_; }
    /// When it was opened.
    std::uint64_t size() const { return size_; }
    /// As many bytes as there are, up to `length`.
    std::string ReadAt(std::uint64_t offset, std::size_t length) const;

  private:
    std::filesystem::path path_;
    int descriptor_ = -1;
    std::uint64_t size_ = 0;
};

/// All of a small file: a key, a checkpoint, a proof. A pipe will do. CannotCheck when it is larger than `limit`.
std::string ReadSmallFile(const std::filesystem::path& path, std::size_t limit);

}  // namespace opsteward::verifier
