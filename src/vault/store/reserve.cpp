#include "vault/store/reserve.hpp"

#include <algorithm>
#include <system_error>

#include "vault/store/file.hpp"

namespace opsteward::vault {

Result<void> Reserve::Make() {
    if (is_held_) return Ok();
    auto taken = Take();
    is_held_ = taken.ok();
    if (!taken.ok() && taken.error().code == ErrorCode::kFull) {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);  // half of it would be of no use, and is missed elsewhere
    }
    return taken;
}

Result<void> Reserve::Take() const {
    std::error_code unknown;
    const bool is_there = std::filesystem::exists(std::filesystem::symlink_status(path_, unknown));
    OPS_TRY(const File file, File::Open(path_, is_there ? File::Mode::kWrite : File::Mode::kCreateNew));
    OPS_TRY(const std::uint64_t size, file.Size());
    OPS_TRY(const std::uint64_t taken, file.TakenOnDisk());
    if (size == kBytes && taken >= kBytes) return Ok();
    if (size > kBytes) OPS_CHECK(file.Truncate(kBytes));
    OPS_CHECK(file.TakeRoom(kBytes));
    OPS_CHECK(file.SyncData());
    return SyncFolder(path_.parent_path());
}

Result<void> Reserve::GiveUp() {
    is_held_ = false;
    std::error_code problem;
    std::filesystem::remove(path_, problem);
    if (problem) return Error::System("remove " + path_.string(), problem.value());
    return SyncFolder(path_.parent_path());
}

std::uint64_t Reserve::BytesAt(const std::filesystem::path& path) {
    const auto file = File::Open(path, File::Mode::kRead);
    const auto taken = file.ok() ? file->TakenOnDisk() : Result<std::uint64_t>(file.error());
    return taken.ok() ? std::min(*taken, kBytes) : 0;
}

}  // namespace opsteward::vault
