// The one writer of a vault: takes records in, keeps them, grows the tree over them and signs it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/language.hpp"
#include "base/result.hpp"
#include "db/data_folder.hpp"
#include "vault/layout.hpp"
#include "vault/leaf_source.hpp"
#include "vault/retention/deletion_record.hpp"
#include "vault/retention/rules.hpp"
#include "vault/seal/checkpoint.hpp"
#include "vault/seal/key_files.hpp"
#include "vault/space.hpp"
#include "vault/store/reserve.hpp"
#include "vault/store/segment_set.hpp"
#include "vault/store/write_ahead_log.hpp"
#include "vault/tree/frontier.hpp"
#include "vault/tree/node_files.hpp"

namespace opsteward::vault {

struct VaultOptions {
    std::uint64_t segment_bytes = 64U << 20;  ///< of messages that lie in the write-ahead log alone: then segments are written
    PackEffort effort = {3, Cutting::kBySample};  ///< for new segments
    WriteAheadLogOptions log = {};
};

struct CompactionOptions {
    PackEffort effort = {9, Cutting::kIfSmaller};
    /// Asked before each block, with how many of how many records are packed: false ends it with kCancelled and leaves what is not merged as it is.
    std::function<bool(std::uint64_t done, std::uint64_t all)> goes_on = {};
};

/// Not for use from two threads at a time.
class VaultWriter {
  public:
    /// Opens the vault in `folder`, or begins one. Refuses, naming what is wrong: a folder that another process writes to (kConflict); damage; a log
    /// that is shorter than its checkpoint or the witnessed one says, or whose root is another (kCorrupt). Too little room for the reserve is no error here.
    static Result<std::unique_ptr<VaultWriter>> Open(const std::filesystem::path& folder, VaultIdentity identity, VaultOptions options = {});

    /// Keeps the records together and returns the number of the first once they are on the disk. After an error none of them is kept. kFull when there is no
    /// room for them, or none for a reserve: what is kept can be sealed, so without it nothing is kept.
    Result<std::uint64_t> Append(std::span<const RecordView> records);
    /// Signs the tree as it is and puts the checkpoint into its place; on a full disk, with the room of the reserve.
    Result<Checkpoint> Seal();
    /// Moves what lies in the write-ahead log alone into segments, one for each day (Taipei), and shortens the log. Append has it done beside itself whenever
    /// enough has gathered; if that failed, this tries again and tells.
    Result<void> WriteSegments();

    /// Merges the segments of each day into as few as they fit in. What was written stays readable throughout.
    Result<void> Compact(const CompactionOptions& options = {});

    /// Deletes the segment that begins with this record: says so in a record, signs that, keeps what the tree needs, and then removes the file. Cut short,
    /// FinishDeletion goes on. kNotFound when no segment begins there; kConflict when it is not sealed, or holds records that say what was deleted; kCorrupt,
    /// with nothing changed, when it is damaged or does not fit the tree.
    Result<GoneRange> DeleteSegment(std::uint64_t first, const RetentionRules& rules, Instant now);
    /// Carries out what was said and signed and then cut short. kCorrupt when a file says a segment is deleted and no record does.
    Result<void> FinishDeletion();

    std::uint64_t size() const { return frontier_.size(); }
    /// Whether room is set aside for sealing. If not, Append and Seal try again.
    bool has_reserve() const { return reserve_.is_held(); }
    Result<Space> MeasureSpace(Instant now) const { return vault::MeasureSpace(layout_, segments_, now); }

  private:
    VaultWriter(const std::filesystem::path& folder, VaultIdentity identity, VaultOptions options)
        : layout_{folder}, identity_(std::move(identity)), options_(options), due_bytes_(options.segment_bytes), reserve_(layout_.reserve()), nodes_(layout_.tree()) {}

    /// Blocks that are being written to segments beside everything else; they are not changed meanwhile.
    struct Writing {
        std::shared_ptr<const std::vector<BlockBuilder>> blocks;
        std::future<Result<std::vector<std::filesystem::path>>> paths;
    };

    Result<void> Load();
    Result<void> LoadLog();
    NodeReader Nodes() const;
    Result<void> MakeReserveIfThereIsRoom();
    Result<void> WithReserve(const std::function<Result<void>()>& step);
    Result<std::uint64_t> Keep(std::span<const RecordView> records);
    Result<void> CheckAgainst(const std::filesystem::path& file, Phrase which) const;
    void TakeIn(std::string_view canonical, const RecordView& record);
    Result<void> BeginSegments();
    Result<void> FinishSegments();
    void WriteSegmentsBeside();
    Result<void> CheckEvents() const;
    Result<void> CarryOut(std::size_t place, GoneRange range);
    Result<void> TakeInSegments(const std::vector<std::filesystem::path>& paths);
    void PutBack(const std::vector<BlockBuilder>& blocks);

    Layout layout_;
    VaultIdentity identity_;
    VaultOptions options_;
    std::uint64_t due_bytes_;          ///< so many in tail_ are written to segments
    std::unique_ptr<db::DataFolderLock> lock_;
    Reserve reserve_;
    SegmentSet segments_;
    std::optional<WriteAheadLog> log_;
    NodeFiles nodes_;
    Frontier frontier_;
    LeafHasher hasher_;
    std::optional<Writing> writing_;
    std::vector<BlockBuilder> tail_;   ///< of the records after those
    std::vector<Hash> tail_leaves_;    ///< of all records after the segments
    std::uint64_t tail_bytes_ = 0;     ///< of the messages in tail_
    bool may_have_unfinished_deletion_ = true;
};

}  // namespace opsteward::vault
