#include "vault/store/replaced_file.hpp"

#include <system_error>

namespace opsteward::vault {

Result<ReplacedFile> ReplacedFile::Begin(const std::filesystem::path& path) {
    std::error_code failure;
    std::filesystem::path place = std::filesystem::absolute(path, failure);
    if (failure) return Error::System("finding " + path.string(), failure.value());
    if (std::filesystem::is_directory(place, failure)) {
        return Error::Of(ErrorCode::kInvalidInput, path.string() + " 是資料夾。", path.string() + " is a folder.");
    }
    std::filesystem::path beside = place;
    beside += ".new";
    std::filesystem::remove(beside, failure);  // left behind by an interrupted run
    OPS_TRY(File file, File::Open(beside, File::Mode::kCreateNew));
    return ReplacedFile(std::move(place), std::move(beside), std::move(file));
}

ReplacedFile::~ReplacedFile() {
    std::error_code ignored;
    if (!beside_.empty()) std::filesystem::remove(beside_, ignored);
}

Result<void> ReplacedFile::Write(std::string_view bytes) {
    OPS_CHECK(file_.WriteAt(written_, bytes));
    written_ += bytes.size();
    return Ok();
}

Result<void> ReplacedFile::Finish() {
    OPS_CHECK(file_.SyncData());
    OPS_CHECK(MoveIntoPlace(beside_, path_));
    beside_.clear();
    return Ok();
}

}  // namespace opsteward::vault
