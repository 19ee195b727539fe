#include "cli/backup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "base/civil_time.hpp"
#include "base/json.hpp"
#include "cli/files.hpp"
#include "cli/records.hpp"

namespace opsteward::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kManifest = "manifest.json";
constexpr std::string_view kFormat = "opsteward-backup-1";
constexpr std::string_view kRecords = "records.db";
constexpr std::size_t kMaxManifestBytes = 4 * 1024 * 1024;
/// What of the data folder belongs to a backup besides the records.
constexpr std::string_view kKeptEntries[] = {"procedure", "server.crt", "server.key", "opsteward.toml"};

Error Damaged(const fs::path& from, std::string_view zh, std::string_view en) {
    return Error::Of(ErrorCode::kCorrupt, fmt::format("備份 {} 不完整：{}。未還原任何資料。", from.string(), zh),
                     fmt::format("The backup {} is not whole: {}. Nothing was restored.", from.string(), en));
}

/// Regular files below `folder`, relative to it; anything else (links, devices) is left out.
Result<std::vector<fs::path>> FilesBelow(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code failure;
    for (fs::recursive_directory_iterator entry(folder, failure), end; !failure && entry != end; entry.increment(failure)) {
        if (entry->is_symlink(failure)) continue;
        if (entry->is_regular_file(failure)) files.push_back(fs::relative(entry->path(), folder, failure));
    }
    if (failure) return Error::System("reading " + folder.string(), failure.value());
    std::sort(files.begin(), files.end());
    return files;
}

Result<void> CopyFile(const fs::path& from, const fs::path& to) {
    std::error_code failure;
    fs::create_directories(to.parent_path(), failure);
    fs::copy_file(from, to, failure);
    if (failure) return Error::System(fmt::format("copying {} to {}", from.string(), to.string()), failure.value());
    fs::permissions(to, fs::perms::owner_read | fs::perms::owner_write, failure);
    return Ok();
}

Result<void> CopyKept(const fs::path& from, const fs::path& to) {
    for (const auto entry : kKeptEntries) {
        const fs::path source = from / entry;
        std::error_code failure;
        if (fs::is_regular_file(source, failure)) {
            OPS_CHECK(CopyFile(source, to / entry));
        } else if (fs::is_directory(source, failure)) {
            OPS_TRY(const auto files, FilesBelow(source));
            for (const auto& file : files) OPS_CHECK(CopyFile(source / file, to / entry / file));
        }
    }
    return Ok();
}

/// Removes what was begun, unless told that it is done.
class Unfinished {
  public:
    explicit Unfinished(fs::path path) : path_(std::move(path)) {}
    ~Unfinished() {
        std::error_code failure;
        if (!path_.empty()) fs::remove_all(path_, failure);
    }
    Unfinished(const Unfinished&) = delete;
    Unfinished& operator=(const Unfinished&) = delete;
    void Done() { path_.clear(); }

  private:
    fs::path path_;
};

}  // namespace

Result<BackupSummary> WriteBackup(db::Database& records, const fs::path& data, const fs::path& to, const Clock& clock) {
    std::error_code failure;
    if (fs::exists(to, failure)) {
        return Error::Of(ErrorCode::kConflict, to.string() + " 已存在，不會覆寫。", to.string() + " exists already and is not overwritten.");
    }
    const fs::path begun = to.string() + ".new";
    fs::remove_all(begun, failure);
    fs::create_directories(begun, failure);
    if (failure) return Error::System("making " + begun.string(), failure.value());
    fs::permissions(begun, fs::perms::owner_all, failure);
    Unfinished unfinished(begun);

    OPS_CHECK(records.BackUpTo(begun / kRecords));
    fs::permissions(begun / kRecords, fs::perms::owner_read | fs::perms::owner_write, failure);
    OPS_CHECK(CopyKept(data, begun));
    BackupSummary summary{to, 0, 0};
    json::object digests;
    OPS_TRY(const auto files, FilesBelow(begun));
    for (const auto& file : files) {
        OPS_TRY(const std::string digest, FileDigest(begun / file));
        digests[file.generic_string()] = digest;
        summary.bytes += fs::file_size(begun / file, failure);
        ++summary.files;
    }
    const json::object manifest = {
        {"format", kFormat}, {"made_at", FormatRfc3339(clock.Now())}, {"sha256", digests}};
    OPS_CHECK(WriteNewFile(begun / kManifest, json::serialize(manifest) + "\n"));
    fs::rename(begun, to, failure);
    if (failure) return Error::System("finishing " + to.string(), failure.value());
    unfinished.Done();
    return summary;
}

Result<BackupSummary> CheckBackup(const fs::path& from) {
    auto text = ReadWholeFile(from / kManifest, kMaxManifestBytes);
    if (!text.ok()) return Damaged(from, "沒有 manifest.json", "manifest.json is missing");
    auto manifest = ParseJson(*text);
    const json::object* root = manifest.ok() ? manifest->if_object() : nullptr;
    const json::value* format = root == nullptr ? nullptr : root->if_contains("format");
    const json::value* digests = root == nullptr ? nullptr : root->if_contains("sha256");
    if (format == nullptr || !format->is_string() || format->get_string() != kFormat || digests == nullptr || !digests->is_object()) {
        return Damaged(from, "manifest.json 的格式不明", "manifest.json is of no known format");
    }
    BackupSummary summary{from, 0, 0};
    OPS_TRY(const auto files, FilesBelow(from));
    std::error_code failure;
    for (const auto& file : files) {
        if (file == kManifest) continue;
        const json::value* expected = digests->get_object().if_contains(file.generic_string());
        OPS_TRY(const std::string digest, FileDigest(from / file));
        if (expected == nullptr || !expected->is_string() || expected->get_string() != digest) {
            return Damaged(from, file.string() + " 的內容已改變", file.string() + " was changed");
        }
        summary.bytes += fs::file_size(from / file, failure);
        ++summary.files;
    }
    if (summary.files != digests->get_object().size()) return Damaged(from, "缺少檔案", "files are missing");
    return summary;
}

Result<BackupSummary> RestoreBackup(const fs::path& from, const fs::path& data) {
    OPS_TRY(BackupSummary summary, CheckBackup(from));
    std::error_code failure;
    if (fs::exists(RecordsFile(data), failure)) {
        return Error::Of(ErrorCode::kConflict,
                         fmt::format("{} 已有紀錄，不會覆寫。請還原到新的資料夾。", data.string()),
                         fmt::format("{} holds records already, which are not overwritten. Restore into a new folder.", data.string()));
    }
    OPS_TRY(const auto files, FilesBelow(from));
    // The records come last: a folder without them counts as empty, so that an interrupted restore can be run again.
    for (const auto& file : files) {
        if (file == kManifest || file == kRecords) continue;
        fs::remove(data / file, failure);
        OPS_CHECK(CopyFile(from / file, data / file));
    }
    const fs::path unfinished = data / "records.db.new";
    fs::remove(unfinished, failure);
    OPS_CHECK(CopyFile(from / kRecords, unfinished));
    fs::rename(unfinished, RecordsFile(data), failure);
    if (failure) return Error::System("finishing the restore", failure.value());
    summary.folder = data;
    return summary;
}

}  // namespace opsteward::cli
