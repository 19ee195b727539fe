#include "vault/store/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace opsteward::vault {

namespace {

constexpr mode_t kOwnerOnly = 0600;

Error Failed(std::string_view what, const std::filesystem::path& path) {
    return Error::System(std::string(what) + " " + path.string(), errno);
}

int FlagsOf(File::Mode mode) {
    switch (mode) {
        case File::Mode::kRead: return O_RDONLY;
        case File::Mode::kWrite: return O_RDWR;
        case File::Mode::kCreateNew: break;
    }
    return O_RDWR | O_CREAT | O_EXCL;
}

}  // namespace

Result<File> File::Open(const std::filesystem::path& path, Mode mode) {
    const int descriptor = ::open(path.c_str(), FlagsOf(mode) | O_CLOEXEC | O_NOFOLLOW, kOwnerOnly);
    if (descriptor < 0) return Failed("open", path);
    return File(path, descriptor);
}

File& File::operator=(File&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

File::~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::uint64_t> File::Size() const {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) return Failed("stat", path_);
    return static_cast<std::uint64_t>(status.st_size);
}

Result<std::uint64_t> File::TakenOnDisk() const {
    constexpr std::uint64_t kUnit = 512;  // of st_blocks, whatever the blocks of the file system are
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) return Failed("stat", path_);
    return static_cast<std::uint64_t>(status.st_blocks) * kUnit;
}

Result<void> File::WriteAt(std::uint64_t offset, std::string_view bytes) const {
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return Failed("write", path_);
        bytes.remove_prefix(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
    return Ok();
}

Result<std::string> File::ReadAt(std::uint64_t offset, std::size_t length) const {
    std::string bytes(length, '\0');
    std::size_t have = 0;
    while (have < length) {
        const ssize_t got = ::pread(descriptor_, bytes.data() + have, length - have, static_cast<off_t>(offset + have));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return Failed("read", path_);
        if (got == 0) break;
        have += static_cast<std::size_t>(got);
    }
    bytes.resize(have);
    return bytes;
}

Result<void> File::Truncate(std::uint64_t size) const {
    if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) return Failed("truncate", path_);
    return Ok();
}

Result<void> File::TakeRoom(std::uint64_t bytes) const {
    int error_number = EINTR;
    while (error_number == EINTR) error_number = ::posix_fallocate(descriptor_, 0, static_cast<off_t>(bytes));
    if (error_number != 0) return Error::System("take room for " + path_.string(), error_number);
    return Ok();
}

Result<void> File::SyncData() const {
    if (::fdatasync(descriptor_) != 0) return Failed("sync", path_);
    return Ok();
}

Result<std::string> ReadFile(const std::filesystem::path& path) {
    OPS_TRY(const File file, File::Open(path, File::Mode::kRead));
    OPS_TRY(const std::uint64_t size, file.Size());
    return file.ReadAt(0, size);
}

Result<void> ReplaceFile(const std::filesystem::path& path, std::string_view bytes) {
    std::filesystem::path beside = path;
    beside += ".new";
    if (::unlink(beside.c_str()) != 0 && errno != ENOENT) return Failed("remove", beside);
    {
        OPS_TRY(const File file, File::Open(beside, File::Mode::kCreateNew));
        OPS_CHECK(file.WriteAt(0, bytes));
        OPS_CHECK(file.SyncData());
    }
    return MoveIntoPlace(beside, path);
}

Result<void> MoveIntoPlace(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) return Failed("rename", from);
    // A name alone is one of the current folder.
    return SyncFolder(to.has_parent_path() ? to.parent_path() : ".");
}

Result<void> SyncFolder(const std::filesystem::path& folder) {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return Failed("open", folder);
    const int outcome = ::fsync(descriptor);
    const int error_number = errno;
    ::close(descriptor);
    if (outcome != 0) return Error::System("sync " + folder.string(), error_number);
    return Ok();
}

Result<void> RemoveFiles(std::span<const std::filesystem::path> paths, const std::filesystem::path& folder) {
    for (const std::filesystem::path& path : paths) {
        std::error_code problem;
        std::filesystem::remove(path, problem);
        if (problem) return Error::System("remove " + path.string(), problem.value());
    }
    return SyncFolder(folder);
}

}  // namespace opsteward::vault
