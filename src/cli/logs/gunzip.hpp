// gzip (RFC 1952), several members one after the other too. Not by libarchive: it drops what it decompressed last before damage, and checks no checksum.
#pragma once

#include <zlib.h>

#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "base/result.hpp"

namespace opsteward::cli {

class Gunzip {
  public:
    /// The next compressed bytes; none at the end. They hold until the next call.
    using Source = std::function<Result<std::string_view>()>;

    /// Whether a file that begins so is one of gzip.
    static bool IsGzip(std::string_view beginning) { return beginning.starts_with("\x1f\x8b\x08"); }

    /// `path` is named in errors.
    static Result<std::unique_ptr<Gunzip>> Create(const std::filesystem::path& path);
    ~Gunzip();
    Gunzip(const Gunzip&) = delete;
    Gunzip& operator=(const Gunzip&) = delete;

    /// The next bytes; none at the end. They hold until the next call. kInvalidInput behind the last byte before damage, a wrong checksum or an end that
    /// comes too early. Zeros behind a member are passed over: tapes have them.
    Result<std::string_view> Read(const Source& source);

  private:
    explicit Gunzip(std::filesystem::path path) : path_(std::move(path)) {}

    std::filesystem::path path_;
    z_stream stream_{};
    std::array<char, 1U << 18> out_;
    bool is_in_member_ = false;
    bool is_drained_ = true;  ///< what was given in has come out
    std::optional<Error> failure_;
};

}  // namespace opsteward::cli
