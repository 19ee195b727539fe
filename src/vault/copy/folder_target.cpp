#include "vault/copy/folder_target.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

#include "db/data_folder.hpp"
#include "vault/store/file.hpp"

namespace opsteward::vault {

namespace {

Result<File> OpenForWriting(const std::filesystem::path& path) {
    auto file = File::Open(path, File::Mode::kWrite);
    const bool is_missing = !file.ok() && file.error().code == ErrorCode::kNotFound;
    return is_missing ? File::Open(path, File::Mode::kCreateNew) : std::move(file);
}

}  // namespace

FolderTarget::FolderTarget(const std::filesystem::path& folder) : folder_(std::filesystem::absolute(folder).lexically_normal()), address_(folder.string()) {
    if (!folder_.has_filename()) folder_ = folder_.parent_path();
}

Result<void> FolderTarget::MakeFolder(std::string_view folder) {
    const std::filesystem::path path = PathOf(folder);
    const std::filesystem::path above = path.parent_path();
    std::error_code unknown;
    if (!std::filesystem::is_directory(above, unknown)) {
        return Error::Of(ErrorCode::kNotFound, fmt::format("沒有資料夾 {}；磁碟是否已掛載？", above.string()),
                         fmt::format("There is no folder {}; is the disk mounted?", above.string()));
    }
    return db::PrepareDataFolder(path);
}

Result<std::vector<CopyTarget::Entry>> FolderTarget::List(std::string_view folder) {
    const std::filesystem::path path = PathOf(folder);
    std::vector<Entry> entries;
    std::error_code problem;
    if (!std::filesystem::exists(std::filesystem::symlink_status(path, problem))) return entries;
    problem.clear();
    for (std::filesystem::directory_iterator entry(path, problem), none; !problem && entry != none; entry.increment(problem)) {
        std::error_code unknown;
        const bool is_file = entry->symlink_status(unknown).type() == std::filesystem::file_type::regular;
        const std::uint64_t bytes = is_file ? entry->file_size(unknown) : 0;
        entries.push_back({entry->path().filename().string(), unknown ? 0 : bytes, is_file});
    }
    if (problem) return Error::System("list " + path.string(), problem.value());
    return entries;
}

Result<std::string> FolderTarget::Read(std::string_view name, std::uint64_t offset, std::size_t length) {
    OPS_TRY(const File file, File::Open(PathOf(name), File::Mode::kRead));
    return file.ReadAt(offset, length);
}

Result<void> FolderTarget::Write(std::string_view name, std::uint64_t offset, std::string_view bytes) {
    OPS_TRY(const File file, OpenForWriting(PathOf(name)));
    return file.WriteAt(offset, bytes);
}

Result<void> FolderTarget::Sync(std::string_view name) {
    const std::filesystem::path path = PathOf(name);
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0) return Error::System("open " + path.string(), errno);
    const int outcome = ::fsync(descriptor);
    const int error_number = errno;
    // What is read back is to come from the disk, not from the memory that it was written through.
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
    ::close(descriptor);
    if (outcome != 0) return Error::System("sync " + path.string(), error_number);
    return Ok();
}

Result<void> FolderTarget::Rename(std::string_view from, std::string_view to) { return MoveIntoPlace(PathOf(from), PathOf(to)); }

Result<void> FolderTarget::Remove(std::string_view name) {
    const std::filesystem::path path = PathOf(name);
    if (::unlink(path.c_str()) != 0) return Error::System("remove " + path.string(), errno);
    return SyncFolder(path.parent_path());
}

}  // namespace opsteward::vault
