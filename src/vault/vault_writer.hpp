// The one writer of a vault: takes records in, keeps them, grows the tree over them and signs it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "db/data_folder.hpp"
#include "vault/layout.hpp"
#include "vault/leaf_source.hpp"
#include "vault/seal/checkpoint.hpp"
#include "vault/seal/key_files.hpp"
#include "vault/store/segment_set.hpp"
#include "vault/store/write_ahead_log.hpp"
#include "vault/tree/frontier.hpp"
#include "vault/tree/node_files.hpp"

namespace opsteward::vault {

struct VaultOptions {
    std::uint64_t segment_bytes = 64U << 20;  ///< of messages that lie in the write-ahead log alone: then segments are due
    PackEffort effort = {};                   ///< for new segments
    WriteAheadLogOptions log = {};
};

/// Not for use from two threads at a time.
class VaultWriter {
  public:
    /// Opens the vault in `folder`, or begins one. Refuses, naming what is wrong: a folder that another process writes to (kConflict); damage; a log
    /// that is shorter than its checkpoint says, or whose root is another (kCorrupt).
    static Result<std::unique_ptr<VaultWriter>> Open(const std::filesystem::path& folder, VaultIdentity identity, VaultOptions options = {});

    /// Keeps the records together and returns the number of the first once they are on the disk. After an error none of them is kept.
    Result<std::uint64_t> Append(std::span<const RecordView> records);
    /// Signs the tree as it is and puts the checkpoint into its place.
    Result<Checkpoint> Seal();
    /// Moves what lies in the write-ahead log alone into segments, one for each day (Taipei), and shortens the log.
    Result<void> WriteSegments();

    bool is_segment_due() const { return tail_bytes_ >= options_.segment_bytes; }

    std::uint64_t size() const { return frontier_.size(); }

  private:
    VaultWriter(const std::filesystem::path& folder, VaultIdentity identity, VaultOptions options)
        : layout_{folder}, identity_(std::move(identity)), options_(options), nodes_(layout_.tree()) {}

    Result<void> Load();
    Result<void> LoadLog();
    NodeReader Nodes() const;
    Result<void> CheckAgainstCheckpoint() const;
    void TakeIn(std::string_view canonical, const RecordView& record);

    Layout layout_;
    VaultIdentity identity_;
    VaultOptions options_;
    std::unique_ptr<db::DataFolderLock> lock_;
    SegmentSet segments_;
    std::optional<WriteAheadLog> log_;
    NodeFiles nodes_;
    Frontier frontier_;
    LeafHasher hasher_;
    std::vector<BlockBuilder> tail_;   ///< of the records after the segments
    std::vector<Hash> tail_leaves_;
    std::uint64_t tail_bytes_ = 0;     ///< of their messages
};

}  // namespace opsteward::vault
