// A file written piece by piece that appears whole, or not at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "vault/store/file.hpp"

namespace opsteward::vault {

/// Written beside its place, under its name with ".new" behind it; a file that was there stays until Finish. What is not finished is removed.
class ReplacedFile {
  public:
    static Result<ReplacedFile> Begin(const std::filesystem::path& path);
    ReplacedFile(ReplacedFile&& other) noexcept
        : path_(std::move(other.path_)), beside_(std::exchange(other.beside_, {})), file_(std::move(other.file_)), written_(other.written_) {}
    ReplacedFile& operator=(ReplacedFile&&) = delete;
    ~ReplacedFile();

    Result<void> Write(std::string_view bytes);
    /// Bytes so far.
    std::uint64_t written() const { return written_; }
    /// Its bytes and its name are on the disk.
    Result<void> Finish();

  private:
    ReplacedFile(std::filesystem::path path, std::filesystem::path beside, File file)
        : path_(std::move(path)), beside_(std::move(beside)), file_(std::move(file)) {}

    std::filesystem::path path_;
    std::filesystem::path beside_;  ///< empty when there is nothing to remove
    File file_;
    std::uint64_t written_ = 0;
};

}  // namespace opsteward::vault
