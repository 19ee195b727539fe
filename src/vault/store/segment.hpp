// Blocks in a file that is never changed once it has its name. Format: docs/formats/vault.md, "Segment".
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "vault/index/gram_index.hpp"
#include "vault/store/block.hpp"
#include "vault/store/file.hpp"

namespace opsteward::vault {

/// Where a block lies, and its facts: the footer's row for it.
struct BlockEntry {
    std::uint64_t offset = 0;
    std::uint32_t stored_bytes = 0;
    BlockFacts facts;

    bool operator==(const BlockEntry&) const = default;
};

/// Writes beside the segment's place; until Finish the segment is not there.
class SegmentWriter {
  public:
    /// Of sources and kinds: a segment with more takes no further block, so that its footer stays within its limit.
    static constexpr std::size_t kNameBytes = 8U << 20;

    static Result<SegmentWriter> Create(const std::filesystem::path& folder, std::uint64_t first);

    /// Blocks follow one another without a gap. Precondition: !is_full().
    Result<void> Add(FinishedBlock block);
    bool is_full() const { return blocks_.size() == kMaxBlocks || name_bytes_ > kNameBytes; }
    /// Index, footer, sync, rename, sync of the folder: now the segment is there, as a whole, and its path is returned.
    Result<std::filesystem::path> Finish();

  private:
    SegmentWriter(std::filesystem::path folder, std::uint64_t first, File file) : folder_(std::move(folder)), first_(first), file_(std::move(file)) {}

    std::filesystem::path folder_;
    std::uint64_t first_;
    File file_;
    std::uint64_t end_ = 0;
    std::vector<BlockEntry> blocks_;
    std::vector<GramSet> grams_;
    std::map<SourceAndKind, BlockSet> sources_;
    std::size_t name_bytes_ = 0;
};

/// A segment that was opened: its footer is read and fits. Reading is safe from several threads.
class Segment {
  public:
    /// kCorrupt, naming the file, when header, footer or the file's name do not fit.
    static Result<Segment> Open(const std::filesystem::path& path);

    const std::filesystem::path& path() const { return file_.path(); }
    std::uint64_t first() const { return blocks_.front().facts.first; }
    std::uint64_t end() const { return blocks_.back().facts.first + blocks_.back().facts.count; }
    const std::vector<BlockEntry>& blocks() const { return blocks_; }
    std::uint64_t stored_bytes() const { return stored_bytes_; }
    /// Which blocks hold records of whom.
    const std::map<SourceAndKind, BlockSet>& sources() const { return sources_; }
    std::uint64_t index_offset() const { return index_.offset; }
    BlockSet all_blocks() const { return AllBlocks(blocks_.size()); }
    /// The blocks that may hold a record with all of these grams. kCorrupt, naming file and place, when the index is damaged.
    Result<BlockSet> BlocksWith(std::span<const std::uint32_t> grams) const;
    /// The records of a block that are chosen; without `choose` all. kCorrupt, naming file and place, when the block is damaged or is not what the
    /// footer says of it.
    Result<Block> Read(const BlockEntry& entry, const ChooseRows& choose = {}) const;

  private:
    Segment(File file, std::uint64_t stored_bytes) : file_(std::move(file)), stored_bytes_(stored_bytes) {}

    File file_;
    std::uint64_t stored_bytes_;
    std::vector<BlockEntry> blocks_;
    GramIndexPlace index_;
    std::map<SourceAndKind, BlockSet> sources_;
};

inline constexpr std::string_view kSegmentSuffix = ".seg";

}  // namespace opsteward::vault
