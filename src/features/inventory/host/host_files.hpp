// Reading a machine's files without trusting them: never blocks on a FIFO or a device, never reads more than it was told to,
// and says which file could not be read and why.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace opsteward::inventory::host {

/// Enough for every file read in one piece here; what is larger is refused as kTooLarge.
inline constexpr std::size_t kUsualFileBytes = 4 << 20;

/// Tells whether a file is still the one that was read before.
struct FileStamp {
    std::uint64_t size = 0;
    std::int64_t modified_nanoseconds = 0;  ///< since 1970-01-01T00:00:00Z
    bool is_directory = false;
    bool is_executable = false;  ///< by anybody

    Instant Modified() const { return FromMillis(modified_nanoseconds / 1'000'000); }
    bool operator==(const FileStamp&) const = default;
};

/// Paths are absolute, as on the machine ("/etc/passwd"). Errors: kNotFound when there is no such file, kForbidden when it may
/// not be read, kTooLarge, kInvalidInput when it is no regular file; the caller's text names the file and the reason.
class HostFiles {
  public:
    explicit HostFiles(std::filesystem::path root);

    /// The files are those of the machine this program runs on.
    bool is_live() const { return is_live_; }

    Result<std::string> Read(std::string_view path, std::size_t max_bytes = kUsualFileBytes) const;
    /// At most the first `max_bytes`; a longer file is no error.
    Result<std::string> ReadHead(std::string_view path, std::size_t max_bytes) const;
    /// Piece by piece; ends early when `take` returns false. A file beyond `max_bytes` is kTooLarge after that many were taken.
    Result<void> ReadPieces(std::string_view path, std::uint64_t max_bytes,
                            const std::function<bool(std::string_view)>& take) const;
    /// Names in a folder, sorted, without "." and "..".
    Result<std::vector<std::string>> List(std::string_view folder, std::size_t max_entries = 100'000) const;
    /// Absolute paths that match; wildcards of glob(7) stand in the last part of the path only. Sorted; none when the folder
    /// is absent.
    Result<std::vector<std::string>> Glob(std::string_view pattern) const;
    Result<FileStamp> Stamp(std::string_view path) const;
    bool Exists(std::string_view path) const { return Stamp(path).ok(); }
    /// What a symbolic link holds, unresolved.
    Result<std::string> LinkTarget(std::string_view path) const;

  private:
    std::string OnDisk(std::string_view path) const;

    std::string root_;  ///< without a last '/'; "" for the live machine
    bool is_live_;
};

/// "…/name" → "name"
std::string_view BaseName(std::string_view path);

}  // namespace opsteward::inventory::host
