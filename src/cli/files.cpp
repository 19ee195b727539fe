#include "cli/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <span>

#include "crypto/crypto.hpp"

namespace opsteward::cli {

namespace {

struct Descriptor {
    int number = -1;
    ~Descriptor() {
        if (number >= 0) ::close(number);
    }
};

Result<void> OpenRegular(Descriptor& file, const std::filesystem::path& path, struct stat& status) {
    // O_NONBLOCK: a pipe in place of the file must not hold us up.
    file.number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file.number < 0 || ::fstat(file.number, &status) != 0) return Error::System("reading " + path.string(), errno);
    if (!S_ISREG(status.st_mode)) {
        return Error::Of(ErrorCode::kInvalidInput, path.string() + " 不是一般檔案。", path.string() + " is not a regular file.");
    }
    return Ok();
}

}  // namespace

Result<std::string> ReadWholeFile(const std::filesystem::path& path, std::size_t max_bytes) {
    Descriptor file;
    struct stat status {};
    OPS_CHECK(OpenRegular(file, path, status));
    std::string bytes;
    std::array<char, 65536> buffer{};
    while (true) {
        const ssize_t count = ::read(file.number, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return Error::System("reading " + path.string(), errno);
        if (count == 0) return bytes;
        bytes.append(buffer.data(), static_cast<std::size_t>(count));
        if (bytes.size() > max_bytes) {
            return Error::Of(ErrorCode::kTooLarge, fmt::format("{} 超過 {} 位元組。", path.string(), max_bytes),
                             fmt::format("{} is larger than {} bytes.", path.string(), max_bytes));
        }
    }
}

Result<void> WriteNewFile(const std::filesystem::path& path, std::string_view bytes) {
    Descriptor file;
    file.number = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file.number < 0 && errno == EEXIST) {
        return Error::Of(ErrorCode::kConflict, path.string() + " 已存在，不會覆寫。", path.string() + " exists already and is not overwritten.");
    }
    if (file.number < 0) return Error::System("making " + path.string(), errno);
    while (!bytes.empty()) {
        const ssize_t count = ::write(file.number, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return Error::System("writing " + path.string(), errno);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    if (::fsync(file.number) != 0) return Error::System("writing " + path.string(), errno);
    return Ok();
}

Result<std::string> FileDigest(const std::filesystem::path& path) {
    Descriptor file;
    struct stat status {};
    OPS_CHECK(OpenRegular(file, path, status));
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
    std::array<unsigned char, 65536> buffer{};
    while (true) {
        const ssize_t count = ::read(file.number, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return Error::System("reading " + path.string(), errno);
        if (count == 0) break;
        EVP_DigestUpdate(context.get(), buffer.data(), static_cast<std::size_t>(count));
    }
    std::array<std::uint8_t, 32> digest{};
    EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
    return crypto::ToHex(digest);
}

}  // namespace opsteward::cli
