#include "features/vulnerabilities/feed/feed_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/text.hpp"
#include "features/vulnerabilities/feed/unpacker.hpp"

namespace opsteward::vuln {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kInBytes = 256 * 1024;
constexpr std::size_t kMaxFiles = 1'000'000;
// Texts of feeds pack to a twentieth and less. Memory that is kept in reserve costs nothing as long as nothing is written there.
constexpr std::uint64_t kUsualRatio = 28;

/// A file, or a part of it, that is read from its beginning on, the first block twice: to see what it is.
class PackedFile {
  public:
    explicit PackedFile(int descriptor) : descriptor_(descriptor), buffer_(kInBytes) {}
    ~PackedFile() { ::close(descriptor_); }
    PackedFile(const PackedFile&) = delete;
    PackedFile& operator=(const PackedFile&) = delete;

    void Keep(std::uint64_t offset, std::uint64_t bytes) {
        offset_ = offset;
        left_ = bytes;
    }
    Result<std::string_view> Peek() {
        OPS_TRY(first_, ReadOn());
        return first_;
    }
    Result<std::string_view> Next() { return first_.empty() ? ReadOn() : std::exchange(first_, {}); }

  private:
    Result<std::string_view> ReadOn() {
        while (true) {
            const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left_, buffer_.size()));
            const ssize_t count = ::pread(descriptor_, buffer_.data(), wanted, static_cast<off_t>(offset_));
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) return Error::System("reading", errno);
            offset_ += static_cast<std::uint64_t>(count);
            left_ -= static_cast<std::uint64_t>(count);
            return std::string_view(buffer_.data(), static_cast<std::size_t>(count));
        }
    }

    int descriptor_;
    std::uint64_t offset_ = 0;
    std::uint64_t left_ = 0;
    std::vector<char> buffer_;
    std::string_view first_;
};

Error Unreadable(std::string_view label, const Error& reason) {
    if (reason.code != ErrorCode::kInvalidInput) return InFile(label, reason);
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("{} 無法完整讀取：{}。請重新取得該檔。", label, reason.caller_text.en),
                     fmt::format("{} cannot be read to its end: {}. Fetch the file again.", label, reason.caller_text.en));
}

bool IsFeedName(std::string name) {
    if (name.starts_with('.')) return false;
    name = ToLowerAscii(name);
    for (const std::string_view packing : {".gz", ".xz", ".zst"}) {
        if (!name.ends_with(packing)) continue;
        name.resize(name.size() - packing.size());
        break;
    }
    constexpr std::array<std::string_view, 4> kEndings{".json", ".jsonl", ".ndjson", ".csv"};
    return std::ranges::any_of(kEndings, [&](std::string_view ending) { return name.ends_with(ending); });
}

}  // namespace

FeedFile::FeedFile(std::string label, std::uint64_t max_bytes) : label_(std::move(label)), max_bytes_(max_bytes) {}
FeedFile::~FeedFile() = default;
FeedFile::FeedFile(FeedFile&&) noexcept = default;
FeedFile& FeedFile::operator=(FeedFile&&) noexcept = default;

Result<FeedFile> FeedFile::Open(const FeedLocation& source, std::uint64_t max_bytes) {
    const std::string label = source.Label();
    // O_NONBLOCK: a pipe in place of the file must not hold us up.
    const int descriptor = ::open(source.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return Error::System("reading " + label, errno);
    const auto packed = std::make_shared<PackedFile>(descriptor);
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) return Error::System("reading " + label, errno);
    if (!S_ISREG(status.st_mode)) {
        return Error::Of(ErrorCode::kInvalidInput, label + " 不是一般檔案。", label + " is not a regular file.");
    }
    const auto file_bytes = static_cast<std::uint64_t>(status.st_size);
    const std::uint64_t behind = file_bytes - std::min(file_bytes, source.offset);
    FeedFile file(label, max_bytes);
    file.packed_bytes_ = std::min(behind, source.size.value_or(behind));
    packed->Keep(source.offset, file.packed_bytes_);
    auto beginning = packed->Peek();
    if (!beginning.ok()) return Unreadable(label, beginning.error());
    OPS_TRY(file.unpacker_, MakeUnpacker(*beginning, [packed] { return packed->Next(); }));
    return file;
}

Result<std::string_view> FeedFile::Read() {
    auto bytes = unpacker_->Read();
    if (!bytes.ok()) return Unreadable(label_, bytes.error());
    if (bytes->size() > max_bytes_ - given_bytes_) {
        return Error::Of(ErrorCode::kTooLarge, fmt::format("{} 解開後超過 {}，不予讀取。", label_, FormatBytes(max_bytes_)),
                         fmt::format("{} comes to more than {} when it is unpacked, and is not read.", label_, FormatBytes(max_bytes_)));
    }
    given_bytes_ += bytes->size();
    return *bytes;
}

Result<std::string> ReadFeedFile(const FeedLocation& source, std::uint64_t max_bytes) {
    OPS_TRY(FeedFile file, FeedFile::Open(source, max_bytes));
    std::string text;
    text.reserve(static_cast<std::size_t>(std::min(max_bytes, file.packed_bytes() * kUsualRatio) + kFeedPadding));
    while (true) {
        OPS_TRY(const std::string_view bytes, file.Read());
        if (bytes.empty()) break;
        text.append(bytes);
    }
    if (text.capacity() - text.size() < kFeedPadding) text.reserve(text.capacity() + kFeedPadding);
    return text;
}

Error InFile(std::string_view label, Error error) {
    error.operator_text = fmt::format("{}: {}", label, error.operator_text);
    error.caller_text = {fmt::format("{}：{}", label, error.caller_text.zh), fmt::format("{}: {}", label, error.caller_text.en)};
    return error;
}

Result<std::vector<fs::path>> FeedFilesIn(const fs::path& path, std::vector<fs::path>* ignored) {
    std::error_code problem;
    const fs::file_status status = fs::status(path, problem);
    if (problem && status.type() != fs::file_type::not_found) return Error::System("reading " + path.string(), problem.value());
    if (!fs::exists(status)) {
        return Error::Of(ErrorCode::kNotFound, path.string() + " 不存在。", path.string() + " does not exist.");
    }
    if (!fs::is_directory(status)) return std::vector<fs::path>{path};
    std::vector<fs::path> files;
    std::size_t seen = 0;
    fs::recursive_directory_iterator entry(path, problem);
    for (; !problem && entry != fs::recursive_directory_iterator(); entry.increment(problem)) {
        const std::string name = entry->path().filename().string();
        if (++seen > kMaxFiles) {
            return Error::Of(ErrorCode::kTooLarge, fmt::format("{} 內超過 {} 個檔案。", path.string(), kMaxFiles),
                             fmt::format("There are more than {} files in {}.", kMaxFiles, path.string()));
        }
        std::error_code unknown;
        if (name.starts_with('.')) {
            if (entry->is_directory(unknown)) entry.disable_recursion_pending();
        } else if (entry->is_regular_file(unknown)) {
            if (IsFeedName(name)) {
                files.push_back(entry->path());
            } else if (ignored != nullptr) {
                ignored->push_back(entry->path());
            }
        }
    }
    if (problem) return Error::System("reading " + path.string(), problem.value());
    std::ranges::sort(files);
    if (ignored != nullptr) std::ranges::sort(*ignored);
    if (files.empty()) {
        return Error::Of(ErrorCode::kNotFound, fmt::format("{} 內沒有漏洞資料檔（.json、.jsonl、.csv，及其 .gz、.xz、.zst）。", path.string()),
                         fmt::format("There is no file of a feed (.json, .jsonl, .csv, or these with .gz, .xz, .zst) in {}.", path.string()));
    }
    return files;
}

}  // namespace opsteward::vuln
