// Files of feeds, as they are downloaded: plain, gzip (RFC 1952), xz (the .xz file format 1.1), zstd (RFC 8878), which their contents tell, not their names.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace opsteward::vuln {

/// The most that a file may come to when it is unpacked. simdjson takes no text that is longer.
inline constexpr std::uint64_t kMaxFeedBytes = (std::uint64_t{4} << 30) - 1;
/// So many bytes of memory behind a feed's text may be read by simdjson, whatever they are.
inline constexpr std::size_t kFeedPadding = 64;

/// Where the bytes of a feed lie: a file, or a part of one (a bundle has several).
struct FeedLocation {
    FeedLocation(std::filesystem::path file) : path(std::move(file)) {}  // NOLINT(google-explicit-constructor)
    FeedLocation(std::filesystem::path file, std::string entry, std::uint64_t begin, std::uint64_t bytes)
        : path(std::move(file)), name(std::move(entry)), offset(begin), size(bytes) {}

    std::filesystem::path path;
    std::string name;          ///< of the part; "" for the whole file
    std::uint64_t offset = 0;
    std::optional<std::uint64_t> size;  ///< none: to the end of the file

    /// For people: "feeds.tar (nvd/nvdcve-2.0-2024.json.xz)".
    std::string Label() const { return name.empty() ? path.string() : path.string() + " (" + name + ")"; }
};

class Unpacker;

/// Unpacks a file from its beginning to its end, with bounded memory. Errors name the file. Checksums that the file has are checked; several streams one
/// after the other are one text.
class FeedFile {
  public:
    /// kNotFound and the like of the system; kInvalidInput: no regular file.
    static Result<FeedFile> Open(const FeedLocation& source, std::uint64_t max_bytes = kMaxFeedBytes);
    ~FeedFile();
    FeedFile(FeedFile&&) noexcept;
    FeedFile& operator=(FeedFile&&) noexcept;

    /// The next bytes, some hundred KiB at most; none at the end. They hold until the next call. kInvalidInput: damaged, cut short, or in need of more than
    /// 256 MiB to unpack; kTooLarge: more than `max_bytes`, told before they are given.
    Result<std::string_view> Read();

    /// Of the file as it lies there.
    std::uint64_t packed_bytes() const { return packed_bytes_; }
    const std::string& label() const { return label_; }

  private:
    FeedFile(std::string label, std::uint64_t max_bytes);

    std::string label_;
    std::uint64_t max_bytes_ = 0;
    std::uint64_t packed_bytes_ = 0;
    std::uint64_t given_bytes_ = 0;
    std::unique_ptr<Unpacker> unpacker_;
};

/// The whole text of a file, with room for kFeedPadding behind it. Errors as of FeedFile.
Result<std::string> ReadFeedFile(const FeedLocation& source, std::uint64_t max_bytes = kMaxFeedBytes);

/// The same error with the file before it.
Error InFile(std::string_view label, Error error);

/// `path` itself when it is a file, else the files of feeds in that folder and those within, in the order of their names: .json, .jsonl, .ndjson, .csv, also
/// with .gz, .xz or .zst behind. Other files go into `ignored`; what begins with a dot is left out without a word. kNotFound: there is none; kTooLarge: more
/// than a million.
Result<std::vector<std::filesystem::path>> FeedFilesIn(const std::filesystem::path& path, std::vector<std::filesystem::path>* ignored = nullptr);

}  // namespace opsteward::vuln
