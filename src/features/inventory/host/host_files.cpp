#include "features/inventory/host/host_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace opsteward::inventory::host {
namespace {

class FileDescriptor {
  public:
    explicit FileDescriptor(int fd) : fd_(fd) {}
    ~FileDescriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    int get() const { return fd_; }

  private:
    int fd_;
};

Error Failure(std::string_view path, int error_number) {
    switch (error_number) {
        case ENOENT:
        case ENOTDIR:
            return Error::Of(ErrorCode::kNotFound, fmt::format("沒有 {} 這個檔案。", path),
                             fmt::format("There is no {}.", path));
        case EACCES:
        case EPERM:
            return Error::Of(ErrorCode::kForbidden, fmt::format("執行本程式的帳號無權讀取 {}。", path),
                             fmt::format("The account this program runs as may not read {}.", path));
        case ELOOP:
            return Error::Of(ErrorCode::kInvalidInput, fmt::format("{} 的符號連結繞成迴圈。", path),
                             fmt::format("The symbolic links of {} form a loop.", path));
        default:
            return Error::Of(ErrorCode::kUnavailable, fmt::format("讀取 {} 失敗：{}。", path, std::strerror(error_number)),
                             fmt::format("Reading {} failed: {}.", path, std::strerror(error_number)));
    }
}

Error NotRegular(std::string_view path) {
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("{} 不是一般檔案。", path),
                     fmt::format("{} is not a regular file.", path));
}

Error TooLarge(std::string_view path, std::uint64_t max_bytes) {
    return Error::Of(ErrorCode::kTooLarge, fmt::format("{} 超過 {} 位元組的上限。", path, max_bytes),
                     fmt::format("{} is larger than the limit of {} bytes.", path, max_bytes));
}

FileStamp ToStamp(const struct stat& status) {
    return {.size = static_cast<std::uint64_t>(status.st_size),
            .modified_nanoseconds = status.st_mtim.tv_sec * 1'000'000'000LL + status.st_mtim.tv_nsec,
            .is_directory = S_ISDIR(status.st_mode),
            .is_executable = (status.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0};
}

}  // namespace

HostFiles::HostFiles(std::filesystem::path root) : root_(root.string()) {
    while (root_.ends_with('/')) root_.pop_back();
    is_live_ = root_.empty();
}

std::string HostFiles::OnDisk(std::string_view path) const { return root_ + std::string(path); }

Result<void> HostFiles::ReadPieces(std::string_view path, std::uint64_t max_bytes,
                                   const std::function<bool(std::string_view)>& take) const {
    const std::string on_disk = OnDisk(path);
    struct stat status {};
    // Asked before opening too: merely opening some devices has effects.
    if (::stat(on_disk.c_str(), &status) != 0) return Failure(path, errno);
    if (!S_ISREG(status.st_mode)) return NotRegular(path);
    const FileDescriptor file(::open(on_disk.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (file.get() < 0) return Failure(path, errno);
    if (::fstat(file.get(), &status) != 0) return Failure(path, errno);
    if (!S_ISREG(status.st_mode)) return NotRegular(path);

    std::array<char, 64 * 1024> buffer;
    std::uint64_t taken = 0;
    for (;;) {
        const ssize_t count = ::read(file.get(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return Failure(path, errno);
        if (count == 0) return Ok();
        const auto usable = std::min<std::uint64_t>(static_cast<std::uint64_t>(count), max_bytes - taken);
        taken += usable;
        if (!take({buffer.data(), static_cast<std::size_t>(usable)})) return Ok();
        if (usable < static_cast<std::uint64_t>(count)) return TooLarge(path, max_bytes);
    }
}

Result<std::string> HostFiles::Read(std::string_view path, std::size_t max_bytes) const {
    std::string text;
    OPS_CHECK(ReadPieces(path, max_bytes, [&](std::string_view piece) {
        text.append(piece);
        return true;
    }));
    return text;
}

Result<std::string> HostFiles::ReadHead(std::string_view path, std::size_t max_bytes) const {
    std::string text;
    OPS_CHECK(ReadPieces(path, UINT64_MAX, [&](std::string_view piece) {
        text.append(piece.substr(0, max_bytes - text.size()));
        return text.size() < max_bytes;
    }));
    return text;
}

Result<std::vector<std::string>> HostFiles::List(std::string_view folder, std::size_t max_entries) const {
    const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(OnDisk(folder).c_str()), &::closedir);
    if (!directory) return Failure(folder, errno);
    std::vector<std::string> names;
    for (;;) {
        errno = 0;
        const dirent* entry = ::readdir(directory.get());
        if (!entry && errno != 0) return Failure(folder, errno);
        if (!entry) break;
        const std::string_view name = entry->d_name;
        if (name == "." || name == "..") continue;
        if (names.size() == max_entries) {
            return Error::Of(ErrorCode::kTooLarge, fmt::format("{} 內超過 {} 個項目。", folder, max_entries),
                             fmt::format("{} holds more than {} entries.", folder, max_entries));
        }
        names.emplace_back(name);
    }
    std::ranges::sort(names);
    return names;
}

Result<std::vector<std::string>> HostFiles::Glob(std::string_view pattern) const {
    const std::size_t slash = pattern.rfind('/');
    if (slash == std::string_view::npos) return std::vector<std::string>{};
    const std::string folder(pattern.substr(0, slash));
    const std::string last(pattern.substr(slash + 1));
    auto names = List(folder.empty() ? "/" : folder);
    if (!names.ok()) {
        if (names.error().code == ErrorCode::kNotFound) return std::vector<std::string>{};
        return std::move(names).error();
    }
    std::vector<std::string> matches;
    for (const std::string& name : *names) {
        if (::fnmatch(last.c_str(), name.c_str(), FNM_PERIOD) == 0) matches.push_back(folder + "/" + name);
    }
    return matches;
}

Result<FileStamp> HostFiles::Stamp(std::string_view path) const {
    struct stat status {};
    if (::stat(OnDisk(path).c_str(), &status) != 0) return Failure(path, errno);
    return ToStamp(status);
}

Result<std::string> HostFiles::LinkTarget(std::string_view path) const {
    std::array<char, 4096> buffer;
    const ssize_t count = ::readlink(OnDisk(path).c_str(), buffer.data(), buffer.size());
    if (count < 0) return Failure(path, errno);
    return std::string(buffer.data(), static_cast<std::size_t>(count));
}

std::string_view BaseName(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace opsteward::inventory::host
