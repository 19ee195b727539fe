// A file of log lines, or standard input, as it is or compressed (gzip, xz, zstd): libarchive tells by the first bytes which.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "base/result.hpp"

struct archive;

namespace opsteward::cli {

class LogInput {
  public:
    /// "-" is standard input. kNotFound, kForbidden or kInvalidInput, naming the file.
    static Result<LogInput> Open(const std::filesystem::path& path);

    /// The next bytes, up to some MiB; none at the end. They hold until the next call. kInvalidInput when compressed data is damaged or ends too early:
    /// what was given before is right.
    Result<std::string_view> Read();

  private:
    struct Close {
        void operator()(archive* reader) const;
    };

    explicit LogInput(std::filesystem::path path) : path_(std::move(path)) {}
    Error Failed() const;

    std::filesystem::path path_;
    std::unique_ptr<archive, Close> reader_;
    bool has_entry_ = false;
};

}  // namespace opsteward::cli
