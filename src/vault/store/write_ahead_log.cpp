#include "vault/store/write_ahead_log.hpp"

#include <fmt/format.h>

#include "crypto/crypto.hpp"
#include "vault/store/little_endian.hpp"

namespace opsteward::vault {

namespace {

Error Damaged(const std::filesystem::path& path, std::uint64_t offset, std::string_view zh, std::string_view en) {
    Error error = Error::Of(ErrorCode::kCorrupt,
                            fmt::format("寫入日誌 {} 在第 {} 位元組處{}。資料未被更動；請還原備份，或連同該檔聯絡支援。", path.filename().string(), offset, zh),
                            fmt::format("Write-ahead log {}, byte {}: {}. Nothing was changed; restore a copy, or ask for help with that file.",
                                        path.filename().string(), offset, en));
    error.operator_text = fmt::format("{}: byte {}: {}", path.string(), offset, en);
    return error;
}

std::uint32_t RandomSalt() {
    const auto random = crypto::RandomBytes(4);
    return NumberAt<std::uint32_t>({reinterpret_cast<const char*>(random.data()), random.size()}, 0);
}

/// Hands over the records of a file's groups and counts `next` up; the end of its last whole group. What follows that may only be a group that
/// was being written, and only in the last file.
Result<std::uint64_t> ReadGroups(const NumberedFile& found, std::string_view bytes, const LogFileHeader& header, bool is_last, std::uint64_t& next,
                                 const WriteAheadLog::OnRecord& on_record) {
    if (header.first != found.first || header.first != next) {
        return Damaged(found.path, 0, fmt::format("應從第 {} 筆開始，卻從第 {} 筆開始：缺檔或檔名被改", next, header.first),
                       fmt::format("should begin with record {}, begins with {}: a file is missing or was renamed", next, header.first));
    }
    std::uint64_t end = LogFileHeader::kBytes;
    while (end < bytes.size()) {
        const std::string_view rest = bytes.substr(end);
        const auto frame = ParseFrame(rest, header.salt);
        if (!frame) {
            if (is_last && !HoldsLaterFrame(rest.substr(1), next, header.salt)) break;
            return Damaged(found.path, end, "的一組紀錄損壞，其後還有完整的紀錄", "a group is damaged, and whole ones follow it");
        }
        if (frame->first != next) {
            return Damaged(found.path, end, fmt::format("應為第 {} 筆，卻是第 {} 筆", next, frame->first),
                           fmt::format("should be record {}, is record {}", next, frame->first));
        }
        std::string_view records = frame->records;
        while (const auto record = TakeRecord(records)) OPS_CHECK(on_record(next++, *record));
        end += frame->bytes;
    }
    return end;
}

}  // namespace

Result<WriteAheadLog> WriteAheadLog::Open(const std::filesystem::path& folder, std::uint64_t first, const OnRecord& on_record,
                                          WriteAheadLogOptions options) {
    WriteAheadLog log(folder, options);
    OPS_TRY(log.files_, ListNumbered(folder, kLogSuffix));
    log.committed_ = log.files_.empty() ? first : log.files_.front().first;
    const std::vector<NumberedFile> found = log.files_;
    for (const NumberedFile& file : found) OPS_CHECK(log.Recover(file, &file == &found.back(), on_record));
    log.ForgetGroup();
    return log;
}

Result<void> WriteAheadLog::Begin(std::uint64_t first) {
    const LogFileHeader header{first, RandomSalt()};
    const std::filesystem::path path = folder_ / NumberedName(first, kLogSuffix);
    OPS_CHECK(RemoveUnfinished());
    OPS_TRY(File file, File::Open(path, File::Mode::kCreateNew));
    const auto make = [&]() -> Result<void> {
        OPS_CHECK(file.WriteAt(0, header.ToBytes()));
        OPS_CHECK(file.SyncData());
        return SyncFolder(folder_);
    };
    if (auto made = make(); !made.ok()) {
        std::error_code ignored;
        std::filesystem::remove(path, ignored);  // so that it can be made once there is room
        return made;
    }
    files_.push_back({first, path});
    file_.emplace(std::move(file));
    file_end_ = LogFileHeader::kBytes;
    salt_ = header.salt;
    return Ok();
}

Result<void> WriteAheadLog::Recover(const NumberedFile& found, bool is_last, const OnRecord& on_record) {
    OPS_TRY(File file, File::Open(found.path, File::Mode::kWrite));
    OPS_TRY(const std::uint64_t size, file.Size());
    OPS_TRY(const std::string bytes, file.ReadAt(0, size));
    const auto header = LogFileHeader::Parse(bytes);
    if (!header) {
        // A file is used only after its header is on the disk: one without it was being made when the machine stopped.
        if (!is_last || bytes.size() > LogFileHeader::kBytes) return Damaged(found.path, 0, "檔頭損壞", "the header is damaged");
        unfinished_ = found.path;
        files_.pop_back();
        return Ok();
    }
    OPS_TRY(const std::uint64_t end, ReadGroups(found, bytes, *header, is_last, committed_, on_record));
    if (!is_last) return Ok();
    file_.emplace(std::move(file));
    file_end_ = end;
    is_torn_ = end < size;
    salt_ = header->salt;
    return Ok();
}

Result<void> WriteAheadLog::RemoveUnfinished() {
    if (!unfinished_) return Ok();
    std::error_code problem;
    std::filesystem::remove(*unfinished_, problem);
    if (problem) return Error::System("remove " + unfinished_->string(), problem.value());
    unfinished_.reset();
    return Ok();
}

Result<void> WriteAheadLog::CutTornGroup() {
    if (!is_torn_) return Ok();
    OPS_CHECK(file_->Truncate(file_end_));
    OPS_CHECK(file_->SyncData());
    is_torn_ = false;
    return Ok();
}

Result<void> WriteAheadLog::MakeReady() {
    OPS_CHECK(CutTornGroup());
    const bool is_full = file_ && file_end_ > LogFileHeader::kBytes && file_end_ >= options_.file_bytes;
    return !file_ || is_full ? Begin(committed_) : Ok();
}

Result<std::vector<std::string>> ReadLog(const std::filesystem::path& folder, const WriteAheadLog::OnRecord& on_record) {
    OPS_TRY(const std::vector<NumberedFile> files, ListNumbered(folder, kLogSuffix));
    // Reserved, so that no string moves: short ones would take their bytes along.
    std::vector<std::string> contents;
    contents.reserve(files.size());
    std::uint64_t next = files.empty() ? 0 : files.front().first;
    for (const NumberedFile& found : files) {
        const bool is_last = &found == &files.back();
        auto bytes = ReadFile(found.path);
        if (!bytes.ok() && bytes.error().code == ErrorCode::kNotFound) {
            // Removed meanwhile: its records are in segments by now.
            if (!is_last) next = (&found + 1)->first;
            continue;
        }
        if (!bytes.ok()) return std::move(bytes).error();
        const std::string& kept = contents.emplace_back(*std::move(bytes));
        const auto header = LogFileHeader::Parse(kept);
        if (!header && is_last) break;
        if (!header) return Damaged(found.path, 0, "檔頭損壞", "the header is damaged");
        OPS_CHECK(ReadGroups(found, kept, *header, is_last, next, on_record));
    }
    return contents;
}

Result<std::uint64_t> WriteAheadLog::Append(std::string_view record) {
    if (group_.size() + 4 + record.size() > kMaxGroup + LogFrame::kHeaderBytes) {
        return Error::Hidden(ErrorCode::kTooLarge, fmt::format("a group of the write-ahead log has at most {} bytes", kMaxGroup));
    }
    AppendNumber(group_, static_cast<std::uint32_t>(record.size()));
    group_.append(record);
    return committed_ + group_count_++;
}

Result<void> WriteAheadLog::Commit() {
    if (is_broken_) {
        ForgetGroup();
        return Error::Of(ErrorCode::kUnavailable, "磁碟同步失敗，記錄庫已停止接收；請檢查磁碟後重新啟動。",
                         "The disk failed to sync, so the vault takes nothing in; look at the disk, then start again.");
    }
    if (group_count_ == 0) return Ok();
    const std::uint32_t count = group_count_;
    if (auto ready = MakeReady(); !ready.ok()) {
        ForgetGroup();
        return ready;
    }
    SealFrame(group_, committed_, count, salt_);
    auto written = WriteGroup(group_);
    ForgetGroup();
    OPS_CHECK(std::move(written));
    committed_ += count;
    return Ok();
}

Result<void> WriteAheadLog::WriteGroup(std::string_view frame) {
    auto written = file_->WriteAt(file_end_, frame);
    if (!written.ok()) {
        // Half a group would be cut off at the next start; cutting it now makes room for a smaller one.
        if (!file_->Truncate(file_end_).ok()) is_broken_ = true;
        return written;
    }
    if (auto synced = file_->SyncData(); !synced.ok()) {
        is_broken_ = true;
        return synced;
    }
    file_end_ += frame.size();
    return Ok();
}

void WriteAheadLog::ForgetGroup() {
    group_.assign(LogFrame::kHeaderBytes, '\0');
    group_count_ = 0;
}

Result<void> WriteAheadLog::DropBefore(std::uint64_t sequence) {
    if (file_ && file_end_ > LogFileHeader::kBytes && committed_ <= sequence) {
        OPS_CHECK(CutTornGroup());
        OPS_CHECK(Begin(committed_));
    }
    OPS_CHECK(FinishDropping());
    // The last file is the one being written.
    std::vector<std::filesystem::path> dropped;
    while (files_.size() > 1 && files_[1].first <= sequence) {
        dropped.push_back(std::move(files_.front().path));
        files_.erase(files_.begin());
    }
    if (!dropped.empty()) {
        dropping_ = std::async(std::launch::async, [dropped = std::move(dropped), folder = folder_] { return RemoveFiles(dropped, folder); });
    }
    return Ok();
}

Result<void> WriteAheadLog::FinishDropping() { return dropping_.valid() ? dropping_.get() : Ok(); }

}  // namespace opsteward::vault
