#include "vault/copy/restorer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "db/data_folder.hpp"
#include "vault/copy/copy_layout.hpp"
#include "vault/copy/folder_target.hpp"
#include "vault/copy/transfer.hpp"
#include "vault/layout.hpp"
#include "vault/leaf_source.hpp"
#include "vault/retention/deletion_record.hpp"
#include "vault/store/file.hpp"
#include "vault/tree/node_files.hpp"
#include "vault/tree/proof.hpp"

namespace opsteward::vault {

namespace {

Result<void> Remove(const std::filesystem::path& path) {
    std::error_code problem;
    std::filesystem::remove_all(path, problem);
    if (problem) return Error::System("remove " + path.string(), problem.value());
    return Ok();
}

/// The key to verify by: the one that was given, which has to be the copy's too.
Result<NoteKey> KeyFor(CopyTarget& copy, const std::optional<NoteKey>& given) {
    OPS_TRY(const std::optional<NoteKey> copied, ReadCopiedKey(copy));
    if (!copied) {
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("{} 沒有記錄庫的複本（沒有 {}）。", copy.address(), kCopiedKey),
                         fmt::format("There is no copy of a vault in {} (no {}).", copy.address(), kCopiedKey));
    }
    if (given && *given != *copied) {
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("複本 {} 的公鑰是 {}，不是指定的那一把。", copy.address(), copied->ToText()),
                         fmt::format("The key in the copy {} is {}, not the one that was given.", copy.address(), copied->ToText()));
    }
    return *copied;
}

class Restorer {
  public:
    Restorer(CopyTarget& copy, const std::filesystem::path& folder, const RestoreOptions& options) : copy_(copy), folder_(folder), options_(options) {}

    Result<RestoreSummary> Run() {
        if (std::filesystem::exists(std::filesystem::symlink_status(folder_))) {
            return Error::Of(ErrorCode::kConflict, fmt::format("{} 已存在，不會覆寫；請先移走，或另選資料夾。", folder_.string()),
                             fmt::format("{} exists already and is not overwritten; move it away first, or choose another folder.", folder_.string()));
        }
        OPS_TRY(summary_.key, KeyFor(copy_, options_.key));
        OPS_TRY(const auto newest, NewestCheckpoint(copy_, summary_.key));
        if (!newest) {
            return Error::Of(ErrorCode::kCorrupt, fmt::format("複本 {} 沒有檢查點，無從證明其內容；請將複製執行完畢。", copy_.address()),
                             fmt::format("The copy {} has no checkpoint, and nothing proves what it holds; let the copying come to its end.", copy_.address()));
        }
        summary_.checkpoint = newest->checkpoint;
        for (const std::filesystem::path& part : {being_made_.folder, being_made_.segments(), being_made_.log(), being_made_.tree()}) {
            OPS_CHECK(db::PrepareDataFolder(part));
        }
        OPS_TRY(const auto lock, db::DataFolderLock::Acquire(being_made_.folder));
        OPS_CHECK(FetchSegments());
        OPS_CHECK(ReplaceFile(being_made_.checkpoint(), newest->text));
        if (auto proven = Prove(); !proven.ok()) {
            if (proven.error().code == ErrorCode::kCorrupt) OPS_CHECK(Remove(being_made_.folder));
            return std::move(proven).error();
        }
        OPS_CHECK(MoveIntoPlace(being_made_.folder, folder_));
        return summary_;
    }

  private:
    Result<void> FetchSegments() {
        OPS_TRY(const CopiedFiles copied, ListCopiedFiles(copy_));
        FolderTarget into(being_made_.folder);
        OPS_TRY(const CopiedFiles there, ListCopiedFiles(into));
        for (const CopiedFile& segment : copied.segments) progress_.all += segment.bytes;
        OPS_CHECK(Fetch(copied.segments, there.segments, into));
        return Fetch(copied.gone, there.gone, into);
    }

    Result<void> Fetch(const std::vector<CopiedFile>& wanted, const std::vector<CopiedFile>& there, FolderTarget& into) {
        for (const CopiedFile& file : there) {
            // Of a run that was cut, when the copy had other segments.
            if (!std::ranges::binary_search(wanted, file.first, {}, &CopiedFile::first)) OPS_CHECK(into.Remove(file.name()));
        }
        for (const CopiedFile& file : wanted) {
            // What has its name was read back when it was fetched; what it holds is proven in the end.
            const bool is_there = std::ranges::any_of(there, [&](const CopiedFile& old) { return old.first == file.first && old.bytes == file.bytes; });
            if (is_there) {
                ++summary_.skipped;
            } else {
                OPS_CHECK(Transfer(ByteSource::OfTarget(copy_, file.name(), file.bytes), into, file.name(), on_piece_));
                ++summary_.files;
            }
            progress_.done += file.bytes;
        }
        return Ok();
    }

    /// Hashes all records, and keeps the upper hashes of their tree on the way.
    Result<void> Prove() {
        OPS_TRY(const SegmentSet segments, SegmentSet::Open(being_made_.segments()));
        const std::uint64_t sealed = summary_.checkpoint.size;
        if (segments.end() < sealed) {
            return Error::Of(ErrorCode::kCorrupt, fmt::format("檢查點應有 {} 筆，複本只有 {} 筆。未還原任何資料。", sealed, segments.end()),
                             fmt::format("The checkpoint is of {} records, the copy has {}. Nothing was restored.", sealed, segments.end()));
        }
        OPS_TRY(const Hash root, GrowTree(segments, sealed));
        if (root != summary_.checkpoint.root) {
            return Error::Of(ErrorCode::kCorrupt, fmt::format("複本前 {} 筆的內容與檢查點不符，曾被更改。未還原任何資料；opsteward-verify 可指出是哪些紀錄。", sealed),
                             fmt::format("The copy's first {} records are not what its checkpoint seals: they were altered. Nothing was restored; opsteward-verify "
                                         "names the records.",
                                         sealed));
        }
        OPS_CHECK(CheckDeletions(sealed));
        summary_.unsealed = segments.end() - sealed;
        for (const auto& useless : {segments.left_over(), segments.deleted()}) {
            for (const std::filesystem::path& path : useless) OPS_CHECK(Remove(path));
        }
        return SyncFolder(being_made_.segments());
    }

    /// Records that are marked as deleted leave the root as it was, so each mark needs its event, and that under the checkpoint.
    Result<void> CheckDeletions(std::uint64_t sealed) const {
        OPS_TRY(const VaultReader vault, VaultReader::Open(being_made_.folder));
        for (const GoneRange& range : vault.segments().gone().ranges()) {
            if (range.event >= sealed) {
                return Error::Of(ErrorCode::kCorrupt, fmt::format("複本第 {} 至 {} 筆標示為已刪除，說明此事的第 {} 筆未受簽署。未還原任何資料。", range.first, range.end() - 1, range.event),
                                 fmt::format("Records {} to {} of the copy are marked as deleted, and nothing seals record {} that should say so. Nothing was restored.",
                                             range.first, range.end() - 1, range.event));
            }
            OPS_CHECK(CheckClaim(vault, range));
        }
        return Ok();
    }

    /// The root of the first `sealed` records.
    Result<Hash> GrowTree(const SegmentSet& segments, std::uint64_t sealed) {
        // What an earlier run kept of it may be of other segments.
        OPS_CHECK(Remove(being_made_.tree()));
        OPS_CHECK(db::PrepareDataFolder(being_made_.tree()));
        NodeFiles nodes(being_made_.tree());
        LeafSource source;
        progress_.all = segments.end();
        const LeafReader leaves = [&](std::uint64_t first, std::uint64_t count) -> Result<std::vector<Hash>> {
            progress_.done = first;
            if (!options_.on_progress(progress_)) return Error::Of(ErrorCode::kCancelled, "已中斷。", "Interrupted.");
            return source.Read(segments, {}, first, count);
        };
        const GoneRanges& gone = segments.gone();
        for (unsigned level = NodeFiles::kStep; segments.end() >> level > 0; level += NodeFiles::kStep) {
            for (std::uint64_t index = 0; index < segments.end() >> level; ++index) {
                // Of records that were deleted no more is known than what their file holds.
                if (gone.Touch(index << level, (index + 1) << level)) {
                    OPS_CHECK(nodes.Write());
                    continue;
                }
                OPS_TRY(const Hash hash, nodes.Node(level, index, leaves, gone));
                nodes.Put(level, index, hash);
            }
            OPS_CHECK(nodes.Write());
        }
        return RootAt(sealed, [&](unsigned level, std::uint64_t index) { return nodes.Node(level, index, leaves, gone); });
    }

    CopyTarget& copy_;
    const std::filesystem::path& folder_;
    Layout being_made_{folder_.parent_path() / (folder_.filename().string() + ".new")};
    const RestoreOptions& options_;
    CopyProgress progress_;
    RestoreSummary summary_;
    OnPiece on_piece_ = [this](std::uint64_t sent) {
        progress_.moved += sent;
        summary_.bytes += sent;
        return options_.on_progress(progress_);
    };
};

}  // namespace

Result<RestoreSummary> RestoreVault(CopyTarget& copy, const std::filesystem::path& folder, const RestoreOptions& options) {
    return Restorer(copy, folder, options).Run();
}

}  // namespace opsteward::vault
