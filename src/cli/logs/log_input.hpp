// A file of log lines, or standard input, as it is or compressed (gzip, xz, zstd): the first bytes tell which.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "cli/logs/gunzip.hpp"

struct archive;

namespace opsteward::cli {

class LogInput {
  public:
    /// "-" is standard input. kNotFound, kForbidden or kInvalidInput, naming the file.
    static Result<LogInput> Open(const std::filesystem::path& path);

    /// The next bytes, up to some MiB; none at the end. They hold until the next call. kInvalidInput when compressed data is damaged or ends too early:
    /// what was given before is right. Of xz and zstd, up to 128 KiB before the damage are lost with it.
    Result<std::string_view> Read();

  private:
    struct Close {
        void operator()(archive* reader) const;
    };

    explicit LogInput(std::filesystem::path path) : path_(std::move(path)) {}
    Error Failed() const;
    Result<std::string_view> ReadBlock();

    std::filesystem::path path_;
    std::unique_ptr<archive, Close> reader_;
    bool has_entry_ = false;
    std::string_view first_;  ///< the first bytes, where they are not given yet
    std::unique_ptr<Gunzip> gunzip_;
};

}  // namespace opsteward::cli
