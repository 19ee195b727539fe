#include "vault/copy/copier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "base/text.hpp"
#include "vault/copy/copy_layout.hpp"
#include "vault/copy/folder_target.hpp"
#include "vault/copy/segment_check.hpp"
#include "vault/copy/transfer.hpp"
#include "vault/retention/deletion_record.hpp"
#include "vault/store/gone_file.hpp"

namespace opsteward::vault {

namespace {

struct Sealed {
    std::string text;
    Checkpoint checkpoint;
};

/// The vault's checkpoint, which its records fit and its segments reach.
Result<Sealed> ReadSealed(const VaultReader& vault, const NoteKey& key) {
    if (!vault.sealed()) return Error::Of(ErrorCode::kConflict, "記錄庫尚未簽署，無從複製。", "The vault was never sealed; there is nothing to copy yet.");
    OPS_TRY(const Note note, Note::Parse(*vault.sealed()));
    OPS_TRY(Checkpoint checkpoint, OpenCheckpoint(note, key));
    if (checkpoint.size > vault.size()) {
        return Error::Of(ErrorCode::kCorrupt, fmt::format("檢查點應有 {} 筆，記錄庫只有 {} 筆。", checkpoint.size, vault.size()),
                         fmt::format("The checkpoint is of {} records, the vault has {}.", checkpoint.size, vault.size()));
    }
    if (checkpoint.size > vault.segments().end()) {
        return Error::Of(ErrorCode::kConflict, "部分紀錄尚未寫入區段檔；請再執行一次。", "Some records are in no segment yet; run it again.");
    }
    OPS_TRY(const Hash root, vault.Root(checkpoint.size));
    if (root != checkpoint.root) {
        return Error::Of(ErrorCode::kCorrupt, fmt::format("記錄庫前 {} 筆的內容與檢查點不符。", checkpoint.size),
                         fmt::format("The first {} records of the vault are not what its checkpoint seals.", checkpoint.size));
    }
    // A mark alone, without its event, would have the copy delete what nobody said was to be deleted.
    for (const GoneRange& range : vault.segments().gone().ranges()) OPS_CHECK(CheckClaim(vault, range));
    return Sealed{*vault.sealed(), std::move(checkpoint)};
}

/// Of a folder that someone named by mistake nothing is to be taken over, and nothing is to be put into it.
Result<void> CheckPlace(CopyTarget& target, bool is_copy) {
    OPS_TRY(const auto entries, target.List(""));
    constexpr std::string_view kOfVaults[] = {"log", "tree", "vault", "vault.key"};
    const std::string begun = std::string(kCopiedKey) + ".new";
    for (const CopyTarget::Entry& entry : entries) {
        const bool is_foreign = is_copy ? std::ranges::find(kOfVaults, entry.name) != std::end(kOfVaults)
                                        : entry.name != begun && entry.name != "lost+found" && !entry.name.starts_with('.');
        if (!is_foreign) continue;
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("{} 內有「{}」，不是記錄庫的複本；請另選空的資料夾。", target.address(), ReplaceInvalidUtf8(entry.name)),
                         fmt::format("{} holds {}, and is no copy of a vault; choose an empty folder.", target.address(), ReplaceInvalidUtf8(entry.name)));
    }
    return Ok();
}

class Copier {
  public:
    Copier(const VaultReader& vault, const NoteKey& key, CopyTarget& target, const CopyOptions& options)
        : vault_(vault), key_(key), target_(target), options_(options) {}

    Result<CopySummary> Run() {
        OPS_TRY(const Sealed sealed, ReadSealed(vault_, key_));
        OPS_CHECK(CheckTarget(sealed.checkpoint));
        OPS_CHECK(PutText(kCopiedKey, key_.ToText() + "\n"));
        OPS_CHECK(target_.MakeFolder(kCopiedSegments));
        OPS_CHECK(target_.MakeFolder(kCopiedCheckpoints));
        OPS_CHECK(CopySegments());
        OPS_CHECK(MarkGone(false));
        OPS_CHECK(PutText(NameOfCheckpoint(sealed.checkpoint.size), sealed.text));
        OPS_CHECK(ReplaceCheckpoint(sealed.text));
        OPS_CHECK(MarkGone(true));
        OPS_CHECK(RemoveDeleted());
        for (const auto& [first, segment] : there_) {
            if (vault_.segments().gone().Find(first) == nullptr) altered_.push_back(segment.name());
        }
        if (!altered_.empty()) return Altered();
        summary_.checkpoint = sealed.checkpoint;
        return summary_;
    }

  private:
    Result<void> CheckTarget(const Checkpoint& sealed) {
        OPS_CHECK(target_.MakeFolder(""));
        OPS_TRY(const std::optional<NoteKey> copied_key, ReadCopiedKey(target_));
        OPS_CHECK(CheckPlace(target_, copied_key.has_value()));
        if (copied_key && *copied_key != key_) {
            return Error::Of(ErrorCode::kInvalidInput, fmt::format("{} 是另一記錄庫的複本，其公鑰為 {}。", target_.address(), copied_key->ToText()),
                             fmt::format("{} is the copy of another vault; its key is {}.", target_.address(), copied_key->ToText()));
        }
        OPS_TRY(const auto newest, NewestCheckpoint(target_, key_));
        return newest ? CheckContinues(*newest, sealed) : Ok();
    }

    Result<void> CheckContinues(const CopiedCheckpoint& copied, const Checkpoint& sealed) const {
        const std::uint64_t size = copied.checkpoint.size;
        if (size > sealed.size) {
            return Error::Of(ErrorCode::kCorrupt,
                             fmt::format("複本 {} 的 {} 簽署了 {} 筆，記錄庫的 checkpoint 只到 {} 筆：記錄庫被截短或換回舊的內容。未複製任何資料；請查明，並以異地複本還原。",
                                         target_.address(), copied.name, size, sealed.size),
                             fmt::format("{} in the copy {} seals {} records, and the vault's own checkpoint only {}: the vault was cut short or put back. Nothing "
                                         "was copied; find out why, and restore the copy.",
                                         copied.name, target_.address(), size, sealed.size));
        }
        OPS_TRY(const Hash root, vault_.Root(size));
        if (root == copied.checkpoint.root) return Ok();
        return Error::Of(ErrorCode::kCorrupt,
                         fmt::format("記錄庫前 {} 筆與複本 {} 的 {} 不符：內容被更改後重新簽署，checkpoint（{} 筆）不是其延續。未複製任何資料；請視為資安事件處理。", size,
                                     target_.address(), copied.name, sealed.size),
                         fmt::format("The vault's first {} records are not what {} in the copy {} seals: they were altered and signed anew, and the vault's "
                                     "checkpoint of {} is no continuation of it. Nothing was copied; treat it as an incident.",
                                     size, copied.name, target_.address(), sealed.size));
    }

    Result<void> CopySegments() {
        OPS_TRY(const CopiedFiles there, ListCopiedFiles(target_));
        for (const CopiedFile& segment : there.segments) there_.emplace(segment.first, segment);
        progress_.all = vault_.segments().stored_bytes();
        for (const Segment& segment : vault_.segments().segments()) {
            OPS_CHECK(CopySegment(segment));
            progress_.done += segment.stored_bytes();
        }
        return Ok();
    }

    /// Marks ranges that retention deleted: those whose records the copy still has (`is_in_copy`) once it has the event that says so, under a checkpoint.
    Result<void> MarkGone(bool is_in_copy) {
        for (const GoneRange& range : vault_.segments().gone().ranges()) {
            const auto segment = there_.lower_bound(range.first);
            const bool is_there = segment != there_.end() && segment->first < range.end();
            if (is_there == is_in_copy) OPS_CHECK(PutText(NameOfGone(range.first), GoneFileBytes(range)));
        }
        return Ok();
    }

    /// What was marked goes, unless something in the copy has to be looked at first.
    Result<void> RemoveDeleted() {
        if (!altered_.empty()) return Ok();
        for (auto segment = there_.begin(); segment != there_.end();) {
            const bool is_gone = vault_.segments().gone().Find(segment->first) != nullptr;
            if (is_gone) {
                OPS_CHECK(target_.Remove(segment->second.name()));
                ++summary_.removed;
            }
            segment = is_gone ? there_.erase(segment) : std::next(segment);
        }
        return Ok();
    }

    /// What the copy has under a segment's name.
    enum class Found { kNothing, kTheSame, kEarlierForm, kSomethingElse };

    Result<void> CopySegment(const Segment& segment) {
        OPS_TRY(const ByteSource source, ByteSource::OfSegment(segment));
        OPS_TRY(const Found found, Find(segment, source));
        const std::string name = CopiedFile{segment.first(), segment.stored_bytes(), segment.path().filename().string()}.name();
        if (found == Found::kSomethingElse) {
            altered_.push_back(name);
            // What it may have been merged from stays as well.
            there_.erase(there_.lower_bound(segment.first()), there_.lower_bound(segment.end()));
            return Ok();
        }
        if (found == Found::kTheSame) {
            ++summary_.skipped;
        } else {
            OPS_CHECK(Send(source, name));
        }
        return RemoveMerged(segment);
    }

    Result<Found> Find(const Segment& segment, const ByteSource& source) {
        const auto there = there_.extract(segment.first());
        if (!there.empty()) {
            OPS_TRY(const bool is_same, IsThere(source, there.mapped()));
            if (is_same) return Found::kTheSame;
        }
        // Damage here is not to be sent, nor to be blamed on the copy.
        OPS_CHECK(CheckBlocks(segment));
        if (there.empty()) return Found::kNothing;
        OPS_TRY(const bool is_earlier, IsEarlierFormOf(segment, there.mapped()));
        return is_earlier ? Found::kEarlierForm : Found::kSomethingElse;
    }

    Result<bool> IsThere(const ByteSource& source, const CopiedFile& copied) {
        if (source.bytes != copied.bytes) return false;
        return options_.compares_contents ? IsSame(source, target_, copied.name(), on_piece_) : true;
    }

    /// The segments whose records a merged one has, which is in its place by now.
    Result<void> RemoveMerged(const Segment& segment) {
        auto old = there_.upper_bound(segment.first());
        while (old != there_.end() && old->first < segment.end()) {
            OPS_TRY(const bool is_of_vault, IsEarlierFormOf(segment, old->second));
            if (is_of_vault) {
                OPS_CHECK(target_.Remove(old->second.name()));
                ++summary_.removed;
            } else {
                altered_.push_back(old->second.name());
            }
            old = there_.erase(old);
        }
        return Ok();
    }

    /// Whether a segment of the copy holds some of the records of one that was merged, as the vault holds them.
    Result<bool> IsEarlierFormOf(const Segment& merged, const CopiedFile& copied) {
        FolderTarget scratch(options_.scratch);
        OPS_CHECK(Transfer(ByteSource::OfTarget(target_, copied.name(), copied.bytes), scratch, copied.file_name, [this](std::uint64_t) { return GoesOn(); }));
        const auto fetched = Segment::Open(options_.scratch / copied.file_name);
        Result<bool> is_earlier = false;
        const bool is_part = fetched.ok() && fetched->end() <= merged.end() && fetched->end() - fetched->first() < merged.end() - merged.first();
        if (is_part) is_earlier = HoldsRecordsOf(vault_.segments(), *fetched);
        OPS_CHECK(scratch.Remove(copied.file_name));
        return is_earlier;
    }

    /// A small file that never changes.
    Result<void> PutText(std::string_view name, const std::string& text) {
        const ByteSource source = ByteSource::OfText(text);
        OPS_TRY(const bool is_same, IsSame(source, target_, name, on_piece_));
        if (is_same) {
            ++summary_.skipped;
            return Ok();
        }
        const auto there = target_.Read(name, 0, 1);
        if (there.ok()) {
            altered_.emplace_back(name);
            return Ok();
        }
        if (there.error().code != ErrorCode::kNotFound) return there.error();
        return Send(source, name);
    }

    Result<void> ReplaceCheckpoint(const std::string& text) {
        const ByteSource source = ByteSource::OfText(text);
        OPS_TRY(const bool is_same, IsSame(source, target_, kCopiedCheckpoint, on_piece_));
        if (!is_same) return Send(source, kCopiedCheckpoint);
        ++summary_.skipped;
        return Ok();
    }

    Result<void> Send(const ByteSource& source, std::string_view name) {
        OPS_CHECK(Transfer(source, target_, name, on_piece_));
        ++summary_.files;
        return Ok();
    }

    Error Altered() const {
        constexpr std::size_t kNamed = 5;
        std::string names = Join({altered_.begin(), altered_.begin() + static_cast<std::ptrdiff_t>(std::min(kNamed, altered_.size()))}, ", ");
        if (altered_.size() > kNamed) names += fmt::format(" (+{})", altered_.size() - kNamed);
        return Error::Of(ErrorCode::kCorrupt,
                         fmt::format("複本 {} 中的檔案與記錄庫不符，已損壞或被更改：{}。其餘均已複製，這些檔案未動；查明後移走，再執行一次。", target_.address(), names),
                         fmt::format("Files of the copy {} are not what the vault holds, damaged or altered: {}. All else was copied and these were left as they are; "
                                     "find out why, move them away, and run it again.",
                                     target_.address(), names));
    }

    bool GoesOn() const { return options_.on_progress(progress_); }

    const VaultReader& vault_;
    const NoteKey& key_;
    CopyTarget& target_;
    const CopyOptions& options_;
    std::map<std::uint64_t, CopiedFile> there_;  ///< in the copy, and not yet seen to belong there
    std::vector<std::string> altered_;
    CopyProgress progress_;
    CopySummary summary_;
    OnPiece on_piece_ = [this](std::uint64_t sent) {
        progress_.moved += sent;
        summary_.bytes += sent;
        return GoesOn();
    };
};

}  // namespace

Result<CopySummary> CopyVault(const VaultReader& vault, const NoteKey& key, CopyTarget& target, const CopyOptions& options) {
    return Copier(vault, key, target, options).Run();
}

}  // namespace opsteward::vault
