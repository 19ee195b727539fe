#include "verifier/vault_check.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "verifier/checkpoint.hpp"
#include "verifier/fault.hpp"
#include "verifier/gone_file.hpp"
#include "verifier/tree.hpp"
#include "verifier/utf8.hpp"
#include "verifier/write_ahead_log.hpp"

namespace opsteward::verifier {

namespace {

constexpr std::string_view kOwnCheckpoint = "checkpoint";
constexpr std::size_t kMaxKeyFile = 4096;

class VaultCheck {
  public:
    explicit VaultCheck(const VaultQuestion& question) : question_(question), folder_(question.folder) {
        report_.folder = Printable(question.folder.string());
        report_.log = Printable(question.key.name);
    }

    /// In this order nothing is missed while a server writes: what a checkpoint seals is in the log or in segments before it is signed, the
    /// stored hashes are of records that are in the log, and what leaves the log is in segments before it does.
    VaultReport Run() && {
        ReadCheckpoints();
        const std::vector<NumberedFile> before = ListSegments();
        for (const unsigned level : folder_.TreeLevels(report_)) tree_files_.Open(level, folder_.PathOf("tree/" + TreeFiles::NameOf(level)));
        const std::vector<GoneRange> gone = ReadGoneFiles(folder_, report_);
        WantedClaims wanted;
        for (const GoneRange& range : gone) wanted.insert(range.event);
        const WriteAheadLog log = WriteAheadLog::Read(folder_, report_, wanted);
        Tree tree(tree_files_, Sizes());
        RecordPass pass(folder_, log, tree, report_, gone, wanted, question_.threads, question_.on_progress);
        const std::vector<NumberedFile> segments = folder_.Segments(report_);
        pass.ReadSegments(segments);
        pass.ReadTail();

        report_.records = tree.size();
        if (const Node root = tree.Root(); root.is_known) report_.root = root.hash;
        // What was moved into segments after the log was read may be missing from it.
        JudgeEndOfLog(log, segments.size() > before.size() ? segments[before.size()].first : pass.segments_end());
        JudgeDeletions(gone, pass.claims(), log.claims());
        JudgeCheckpoints(tree, pass.places());
        JudgeStoredHashes(tree, pass.segments_end());
        JudgeUnsealed(log, pass.places());
        folder_.CheckTop(report_);
        JudgeKeysBesideVault();
        return std::move(report_);
    }

  private:
    struct Known {
        Checkpoint checkpoint;
        std::size_t row = 0;        ///< in the report
        bool is_in_folder = false;  ///< lies where an attacker would be: it proves nothing that the vault's own does not
    };

    void ReadCheckpoints() {
        if (!folder_.has_checkpoint()) {
            report_.Fail("no-checkpoint", {std::string(kOwnCheckpoint)},
                         Say("記錄庫沒有檢查點：沒有任何簽署可資比對。", "The vault has no checkpoint: nothing is signed that it could be held against."));
        } else {
            const File file(folder_.PathOf(kOwnCheckpoint));
            OpenOne(std::string(kOwnCheckpoint), file.ReadAt(0, Note::kMaxBytes + 1));
            if (!known_.empty()) own_ = known_.front().checkpoint;
        }
        for (const KeptCheckpoint& kept : question_.kept) OpenOne(kept.file, kept.note);
        for (const std::string& name : folder_.FurtherCheckpoints(report_)) {
            const File file(folder_.PathOf(name));
            OpenOne(name, file.ReadAt(0, Note::kMaxBytes + 1), true);
        }
    }

    void OpenOne(const std::string& file, std::string_view note, bool is_in_folder = false) {
        report_.checkpoints.push_back({file});
        try {
            known_.push_back({OpenCheckpoint(note, question_.key), report_.checkpoints.size() - 1, is_in_folder});
            report_.checkpoints.back().size = known_.back().checkpoint.size;
        } catch (const Malformed& fault) {
            report_.Fail("checkpoint-malformed", {file}, Say("檢查點不可信：{0}", "The checkpoint can't be trusted: {1}", {fault.why.zh, fault.why.en}));
        }
    }

    /// Without a word of what else is there: that is said when they are listed for the pass.
    std::vector<NumberedFile> ListSegments() const {
        VaultReport unread;
        return folder_.Segments(unread);
    }

    std::set<std::uint64_t> Sizes() const {
        std::set<std::uint64_t> sizes;
        for (const Known& known : known_) sizes.insert(known.checkpoint.size);
        return sizes;
    }

    bool IsOwn(const Known& known) const { return own_ && known.row == 0; }
    std::uint64_t sealed() const { return own_ ? own_->size : 0; }

    /// The log's last group may be torn, but only if nobody was ever told that its records were kept.
    void JudgeEndOfLog(const WriteAheadLog& log, std::uint64_t segments_end) {
        if (!log.has_files()) return;
        const std::uint64_t kept = std::max(segments_end, sealed());
        if (log.torn() && log.end() >= kept) {
            report_.Note("torn-group", *log.torn(),
                         Say("最後一組紀錄寫到一半，從未回覆收妥；下次啟動時會被截去。", "The last group was being written and never acknowledged; it is cut off at the next start."));
        } else if (log.torn()) {
            report_.Fail("log-malformed", *log.torn(),
                         Say("最後一組紀錄損壞，而其中的紀錄先前已收妥。", "The last group is damaged, and its records had been acknowledged."));
        } else if (log.end() < segments_end) {
            report_.Fail("log-short", {log.FileOf(log.end()), {}, {}, log.end(), segments_end - 1},
                         Say("寫入日誌在區段檔的最後一筆之前就結束：被截斷。", "The write-ahead log ends before the last record of the segments: it was cut off."));
        }
    }

    /// Whoever deletes has to say so in a record that is sealed; else a segment is missing, whatever stands in its place.
    void JudgeDeletions(const std::vector<GoneRange>& gone, const Claims& in_segments, const Claims& in_log) {
        for (const GoneRange& range : gone) {
            const Place place{range.file, {}, {}, range.first, range.end() - 1};
            const auto stored = in_segments.find(range.event);
            const auto logged = in_log.find(range.event);
            const bool is_said = stored != in_segments.end() ? stored->second.starts_with(range.Claim())
                                                             : logged != in_log.end() && logged->second.starts_with(range.Claim());
            if (!is_said) {
                report_.Fail("deletion-unsaid", place,
                             Say("缺少這個區段檔，而第 {0} 筆並未說明這些紀錄與其雜湊已刪除。",
                                 "The segment is missing, and record {0} does not say that just these records, with these hashes, were deleted.", {range.event}));
            } else if (own_ && range.event >= own_->size) {
                report_.Fail("deletion-unsaid", place,
                             Say("說明刪除的第 {0} 筆不在檢查點之內，未受簽署。", "Record {0}, which says that these were deleted, is not under the checkpoint.", {range.event}));
            } else {
                report_.Note("deleted", place, Say("已依保存規定刪除，見第 {0} 筆。", "Deleted under retention; record {0} says so.", {range.event}));
            }
        }
    }

    /// Why no root was taken of a checkpoint that is not longer than the vault.
    void NameCheckpointInGone(const Known& known) {
        if (known.checkpoint.size > report_.records) return;
        const std::string& file = report_.checkpoints[known.row].file;
        if (known.is_in_folder) {
            report_.Note("checkpoint-deleted", {file},
                         Say("此檢查點終於已刪除的紀錄之中，無從比對。", "This checkpoint ends among records that were deleted: it can't be held against the vault any more."));
            return;
        }
        report_.Fail("checkpoint-deleted", {file},
                     Say("檢查點 {0}（{1} 筆）終於已刪除的紀錄之中，無從比對；請改用較新的檢查點。",
                         "{0} ends after {1} records, among some that were deleted: it can't be held against the vault any more. Use a newer one.",
                         {file, known.checkpoint.size}));
    }

    void JudgeCheckpoints(const Tree& tree, const Places& places) {
        std::vector<const Known*> wrong;
        bool is_located = false;
        for (const Known& known : known_) {
            JudgeSize(known);
            const auto roots = tree.roots().find(known.checkpoint.size);
            if (roots == tree.roots().end()) {  // longer than the vault, which JudgeSize says, or within what was deleted
                NameCheckpointInGone(known);
                continue;
            }
            const bool fits = roots->second.own.Is(known.checkpoint.root);
            report_.checkpoints[known.row].is_ok = fits && known.checkpoint.size <= sealed();
            if (fits) {
                fitting_.insert(known.checkpoint.size);
            } else if (roots->second.stored.Is(known.checkpoint.root)) {
                located_ = std::max(located_, known.checkpoint.size);
                is_located = true;
            } else {
                wrong.push_back(&known);
                if (roots->second.own.is_known) first_wrong_ = std::min(first_wrong_, known.checkpoint.size);
            }
        }
        if (is_located) NameAlteredRecords(tree, places);
        for (const Known* known : wrong) NameWrongRoot(*known, tree.roots().at(known->checkpoint.size).own.is_known, places);
    }

    void JudgeSize(const Known& known) {
        const std::uint64_t size = known.checkpoint.size;
        const std::string& file = report_.checkpoints[known.row].file;
        if (own_ && size > own_->size) {
            report_.Fail("checkpoint-older", {std::string(kOwnCheckpoint), {}, {}, own_->size, size - 1},
                         Say("記錄庫自己的檢查點只到 {0} 筆，早於另存的 {1}（{2} 筆）：記錄庫被截短，或換回舊的內容。",
                             "The vault's own checkpoint is of {0} records, older than {1} of {2}, kept elsewhere: the vault was cut short or put back.",
                             {own_->size, file, size}));
        }
        if (size > report_.records) {
            report_.Fail("records-missing", {file, {}, {}, report_.records, size - 1},
                         Say("檢查點簽署了 {0} 筆，記錄庫只有 {1} 筆。", "The checkpoint seals {0} records, and the vault holds {1}.", {size, report_.records}));
        }
    }

    /// The stored hashes are those that were sealed: what differs from them was altered, and all else is proven.
    void NameAlteredRecords(const Tree& tree, const Places& places) {
        for (const Tree::Difference& difference : tree.differences()) {
            if (difference.level != kGroupLevel || !difference.is_known || difference.end() > located_) continue;
            Place place = places.Find(difference.first());
            if (place.file.empty()) place.file = "log";
            place.record = difference.first();
            place.last_record = difference.end() - 1;
            report_.Fail("records-altered", place,
                         Say("這一段紀錄中有被更改、調換、刪除或插入的：其雜湊不是當初簽署的。",
                             "Among these are records that were altered, reordered, deleted or inserted: their hash is not the one that was sealed."));
        }
        NameNeighboursOfUnreadable(tree);
        report_.Note("rest-proven", {std::string(kOwnCheckpoint)},
                     Say("除上列紀錄外，前 {0} 筆皆與檢查點相符。", "Apart from the records named here, the first {0} are proven by the checkpoint.", {located_}));
    }

    /// A stored hash stands for a whole group: of one that can't be read throughout, the readable records are not proven either.
    void NameNeighboursOfUnreadable(const Tree& tree) {
        std::optional<Place> place;
        const auto fail = [&] {
            if (!place) return;
            report_.Fail("not-proven", *place,
                         Say("這些紀錄無法讀取，或與無法讀取的紀錄共用一個雜湊，未能證明未被更改。",
                             "These records can't be read, or share a hash with some that can't: they are not proven unaltered."));
        };
        for (const Tree::Difference& difference : tree.differences()) {
            if (difference.level != kGroupLevel || difference.is_known || difference.end() > located_) continue;
            if (!place || *place->last_record + 1 != difference.first()) {
                fail();
                place = Place{std::string(kOwnCheckpoint), {}, {}, difference.first()};
            }
            place->last_record = difference.end() - 1;
        }
        fail();
    }

    void NameWrongRoot(const Known& known, bool is_computed, const Places& places) {
        const std::uint64_t size = known.checkpoint.size;
        const std::string& file = report_.checkpoints[known.row].file;
        // As near as the checkpoints allow: behind the last one that fits, before the first one that does not.
        const auto after = fitting_.lower_bound(size);
        const std::uint64_t first = after == fitting_.begin() ? 0 : *std::prev(after);
        const std::uint64_t end = is_computed ? std::max(first, std::min(size, first_wrong_)) : size;
        Place range{file};
        if (end > first) range = {file, {}, {}, first, end - 1};
        if (!is_computed) {
            report_.Fail("not-proven", range,
                         Say("因有無法讀取的紀錄，前 {0} 筆的根雜湊無從計算；未能證明其餘紀錄未被更改。",
                             "Some records can't be read, so the root over the first {0} can't be computed; the others are not proven unaltered.", {size}));
        } else if (!IsOwn(known) && own_ && fitting_.contains(own_->size)) {
            report_.Fail("forked", range,
                         Say("記錄庫與自己的檢查點相符，卻與另存的檢查點不符：內容被更改後以同一把金鑰重新簽署。",
                             "The vault fits its own checkpoint and not this one, kept elsewhere: it was altered and signed anew with the same key."));
        } else {
            if (const Place place = places.Find(first); !place.file.empty()) range.file = place.file;
            report_.Fail("root", range,
                         Say("前 {0} 筆的根雜湊不是檢查點 {1} 簽署的：這些紀錄中有被更改、調換、刪除或插入的。",
                             "The root over the first {0} records is not the one that {1} seals: among these are records that were altered, "
                             "reordered, deleted or inserted.",
                             {size, file}));
        }
    }

    /// Whether the records below were named as altered, so that the stored hash is the right one.
    bool IsNamed(const Tree& tree, const Tree::Difference& difference) const {
        return difference.end() <= located_ && std::ranges::any_of(tree.differences(), [&](const Tree::Difference& group) {
                   return group.level == kGroupLevel && group.first() >= difference.first() && group.end() <= difference.end();
               });
    }

    void JudgeStoredHashes(const Tree& tree, std::uint64_t segments_end) {
        for (const Tree::Difference& difference : tree.differences()) {
            if (!difference.is_known || IsNamed(tree, difference)) continue;
            const std::string name = "tree/" + TreeFiles::NameOf(difference.level);
            report_.Fail("tree-hash", {name, difference.index * sizeof(Hash), {}, difference.first(), difference.end() - 1},
                         Say("所存的雜湊不是這些紀錄的。", "The stored hash is not that of these records."));
        }
        for (const Tree::Difference& difference : tree.gone_differences()) {
            report_.Fail("tree-hash", {"tree/" + TreeFiles::NameOf(difference.level), difference.index * sizeof(Hash), {}, difference.first()},
                         Say("由此起，已刪除紀錄所存的雜湊與刪除時保留的雜湊不符。", "From here on, the stored hashes of deleted records do not make the hash that was kept of them."));
        }
        for (unsigned level = TreeFiles::kStep; level <= TreeFiles::kHighest; level += TreeFiles::kStep) {
            const std::uint64_t stored = tree_files_.bytes(level);
            const std::string name = "tree/" + TreeFiles::NameOf(level);
            if (stored > (tree.size() >> level) * sizeof(Hash)) {
                report_.Fail("tree-long", {name, (tree.size() >> level) * sizeof(Hash)},
                             Say("檔案比完整的子樹還長。", "The file is longer than there are complete subtrees."));
            } else if (stored < (segments_end >> level) * sizeof(Hash)) {
                report_.Note("tree-short", {name, stored},
                             Say("缺少部分雜湊；可由紀錄重新算出。", "Hashes are missing; they can be made again from the records."));
            }
        }
    }

    void JudgeUnsealed(const WriteAheadLog& log, const Places& places) {
        report_.sealed = std::min(sealed(), report_.records);
        report_.unsealed = report_.records - report_.sealed;
        if (report_.unsealed == 0 || !own_) return;  // without a checkpoint that alone is the failure
        Place place = places.Find(report_.sealed);
        if (place.file.empty()) place.file = log.FileOf(report_.sealed);
        place.record = report_.sealed;
        place.last_record = report_.records - 1;
        report_.Fail("unsealed", place,
                     Say("自第 {1} 筆起有 {0} 筆不在檢查點之內，未受簽署；若伺服器正在執行，請稍後再查，或查驗複本。",
                         "{0} records from record {1} on are not under the checkpoint: nothing seals them. If the server is running, check again, "
                         "or check a copy.",
                         {report_.unsealed, report_.sealed}));
    }

    void JudgeKeysBesideVault() {
        std::filesystem::path folder = std::filesystem::absolute(question_.folder).lexically_normal();
        if (!folder.has_filename()) folder = folder.parent_path();
        JudgeKey(folder.parent_path() / "vault.pub", "../vault.pub");
        JudgeKey(folder / "vault.pub", "vault.pub");
    }

    void JudgeKey(const std::filesystem::path& path, const std::string& name) {
        std::error_code problem;
        if (!std::filesystem::is_regular_file(path, problem)) return;
        bool is_same = false;
        try {
            is_same = PublicKey::Parse(ReadSmallFile(path, kMaxKeyFile)) == question_.key;
        } catch (const Malformed&) {
        }
        if (is_same) return;
        report_.Fail("public-key", {name},
                     Say("記錄庫旁的公鑰檔不是查驗所用的公鑰：被更改或更換。", "The public key beside the vault is not the one it was checked by: altered or replaced."));
    }

    const VaultQuestion& question_;
    VaultFolder folder_;
    VaultReport report_;
    TreeFiles tree_files_;
    std::vector<Known> known_;
    std::optional<Checkpoint> own_;
    std::set<std::uint64_t> fitting_;           ///< sizes whose root fits
    std::uint64_t first_wrong_ = UINT64_MAX;    ///< the smallest size whose root does not
    std::uint64_t located_ = 0;                 ///< the largest size whose root fits with the stored hashes
};

}  // namespace

VaultReport CheckVault(const VaultQuestion& question) { return VaultCheck(question).Run(); }

}  // namespace opsteward::verifier
