#include "cli/firewall/redaction_key.hpp"

#include <cstdlib>
#include <system_error>

#include "cli/files.hpp"
#include "crypto/crypto.hpp"

namespace opsteward::cli {

namespace {

constexpr std::size_t kLeastBytes = 16;
constexpr std::size_t kMostBytes = 4096;

std::string Environment(const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): one thread, before any other begins
    return value == nullptr ? "" : value;
}

Result<std::filesystem::path> OwnKey() {
    // XDG Base Directory Specification: state that should outlive the program, of one user; a relative path is to be ignored.
    std::filesystem::path folder = Environment("XDG_STATE_HOME");
    if (!folder.is_absolute()) {
        const std::filesystem::path home = Environment("HOME");
        if (!home.is_absolute()) {
            return Error::Of(ErrorCode::kInvalidInput, "沒有家目錄可存放遮罩金鑰；請以 --key 指定金鑰檔。",
                             "There is no home folder for the key of the marks; name a key file by --key.");
        }
        folder = home / ".local" / "state";
    }
    return folder / "opsteward" / "redaction.key";
}

Result<void> MakeIfMissing(const std::filesystem::path& path) {
    std::error_code failure;
    if (std::filesystem::exists(path, failure)) return Ok();
    std::filesystem::create_directories(path.parent_path(), failure);
    if (failure) return Error::System("making " + path.parent_path().string(), failure.value());
    auto written = WriteNewFile(path, crypto::RandomToken());
    // Another run made it in the meantime.
    if (!written.ok() && written.error().code == ErrorCode::kConflict) return Ok();
    return written;
}

}  // namespace

Result<std::string> ReadRedactionKey(const std::filesystem::path& path) {
    std::filesystem::path file = path;
    if (file.empty()) {
        OPS_TRY(file, OwnKey());
        OPS_CHECK(MakeIfMissing(file));
    }
    auto key = ReadWholeFile(file, kMostBytes);
    if (key.ok() && key->size() < kLeastBytes) {
        return Error::Of(ErrorCode::kInvalidInput, file.string() + " 太短，不能當金鑰：至少 16 位元組。",
                         file.string() + " is too short for a key: at least 16 bytes.");
    }
    return key;
}

}  // namespace opsteward::cli
