#include "verifier/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>

#include "verifier/fault.hpp"

namespace opsteward::verifier {

namespace {

[[noreturn]] void Fail(const std::filesystem::path& path, int error) {
    throw CannotCheck(Say("無法讀取 {0}：{1}。", "{0} can't be read: {1}.", {path.string(), std::generic_category().message(error)}));
}

}  // namespace

File::File(const std::filesystem::path& path) : File(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), path) {}

File::File(int descriptor, std::filesystem::path path) : path_(std::move(path)), descriptor_(descriptor) {
    struct stat status = {};
    if (descriptor_ < 0) Fail(path_, errno);
    const bool is_known = ::fstat(descriptor_, &status) == 0;
    if (!is_known || !S_ISREG(status.st_mode)) {
        const int error = is_known ? EINVAL : errno;
        ::close(descriptor_);
        Fail(path_, error);
    }
    size_ = static_cast<std::uint64_t>(status.st_size);
}

File::~File() { ::close(descriptor_); }

std::string File::ReadAt(std::uint64_t offset, std::size_t length) const {
    if (offset >= size_) return {};
    std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(length, size_ - offset)), '\0');
    std::size_t have = 0;
    while (have < bytes.size()) {
        const ssize_t got = ::pread(descriptor_, bytes.data() + have, bytes.size() - have, static_cast<off_t>(offset + have));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) Fail(path_, errno);
        if (got == 0) break;
        have += static_cast<std::size_t>(got);
    }
    bytes.resize(have);
    return bytes;
}

std::string ReadSmallFile(const std::filesystem::path& path, std::size_t limit) {
    std::error_code problem;
    if (std::filesystem::is_directory(path, problem)) Fail(path, EISDIR);
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) Fail(path, errno != 0 ? errno : EIO);
    std::string bytes(limit + 1, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (file.bad()) Fail(path, errno != 0 ? errno : EIO);
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    if (bytes.size() > limit) throw CannotCheck(Say("{0} 超過 {1} 位元組。", "{0} is longer than {1} bytes.", {path.string(), limit}));
    return bytes;
}

}  // namespace opsteward::verifier
