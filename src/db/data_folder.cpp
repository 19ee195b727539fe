#include "db/data_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/text.hpp"

namespace opsteward::db {

Result<std::unique_ptr<DataFolderLock>> DataFolderLock::Acquire(const std::filesystem::path& folder) {
    const std::string file = (folder / "lock").string();
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return Error::System("opening " + file, errno);
    std::unique_ptr<DataFolderLock> lock(new DataFolderLock(descriptor));
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return Error::System("locking " + file, errno);
        std::array<char, 32> holder{};
        const ssize_t length = ::pread(descriptor, holder.data(), holder.size(), 0);
        const auto process = Trim(std::string_view(holder.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0))));
        lock->descriptor_ = -1;
        ::close(descriptor);
        return Error::Of(ErrorCode::kConflict,
                         fmt::format("資料夾 {} 正由另一個程序（編號 {}）使用。請先停止它，或另選資料夾。", folder.string(), process),
                         fmt::format("The data folder {} is in use by process {}. Stop that one first, or choose another folder.",
                                     folder.string(), process));
    }
    const std::string process = fmt::format("{}\n", ::getpid());
    const bool is_written = ::ftruncate(descriptor, 0) == 0 && ::pwrite(descriptor, process.data(), process.size(), 0) >= 0;
    // The number is only for others to name: on a full disk the folder is held without it, so that what is there can be read and put in order.
    if (!is_written && errno != ENOSPC && errno != EDQUOT) return Error::System("writing " + file, errno);
    return lock;
}

DataFolderLock::~DataFolderLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Result<void> PrepareDataFolder(const std::filesystem::path& folder) {
    std::error_code failure;
    if (std::filesystem::exists(folder, failure) && !std::filesystem::is_directory(folder, failure)) {
        return Error::Of(ErrorCode::kInvalidInput, folder.string() + " 不是資料夾。", folder.string() + " is not a folder.");
    }
    if (!std::filesystem::is_directory(folder, failure)) {
        if (folder.has_parent_path()) std::filesystem::create_directories(folder.parent_path(), failure);
        if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
            const int error = errno;
            return Error::Of(ErrorCode::kForbidden,
                             fmt::format("無法建立資料夾 {}：{}。", folder.string(), std::generic_category().message(error)),
                             fmt::format("The data folder {} cannot be made: {}.", folder.string(),
                                         std::generic_category().message(error)));
        }
    }
    if (::access(folder.c_str(), R_OK | W_OK | X_OK) != 0) {
        return Error::Of(ErrorCode::kForbidden, fmt::format("資料夾 {} 無法寫入，請檢查擁有者與權限。", folder.string()),
                         fmt::format("The data folder {} cannot be written; check its owner and mode.", folder.string()));
    }
    return Ok();
}

}  // namespace opsteward::db
