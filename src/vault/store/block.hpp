// A run of records, by columns and compressed: the unit that is read and unpacked. Format: docs/formats/vault.md, "Block".
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/result.hpp"
#include "vault/columns/message_columns.hpp"
#include "vault/columns/message_columns_writer.hpp"
#include "vault/index/gram_set.hpp"
#include "vault/store/record.hpp"

namespace opsteward::vault {

/// What can be said of a block without decompressing it.
struct BlockFacts {
    std::uint64_t first = 0;          ///< number of its first record
    std::uint32_t count = 0;
    std::uint32_t message_bytes = 0;  ///< of all its records, as they came
    Instant earliest{};
    Instant latest{};

    bool operator==(const BlockFacts&) const = default;
};

/// Whose records a block holds, as searches narrow them down.
struct SourceAndKind {
    std::string source;
    std::string kind;

    auto operator<=>(const SourceAndKind&) const = default;
};

/// A block ready to be written, with what the segment's index and footer say of it.
struct FinishedBlock {
    BlockFacts facts;
    std::string bytes;
    GramSet grams;
    std::set<SourceAndKind> sources;
};

class BlockBuilder {
  public:
    static constexpr std::size_t kMessageBytes = 8U << 20;  ///< a block is full when it has more
    static constexpr std::uint32_t kMaxCount = 1U << 16;

    explicit BlockBuilder(std::uint64_t first) { facts_.first = first; }

    /// Precondition: !is_full(), and the record is within the bounds of AppendRecord.
    void Add(const RecordView& record);
    bool is_full() const { return messages_.size() > kMessageBytes || facts_.count == kMaxCount; }
    const BlockFacts& facts() const { return facts_; }
    /// Whether its records are of this source and kind. Precondition: all of them are or none is, and there is one.
    bool IsOf(const SourceAndKind& stream) const;
    /// Precondition: at least one record.
    FinishedBlock Finish(PackEffort effort) const;
    /// The same, read back and held against what went in: what is given up for a block is given up on its word. kInternal when they differ.
    Result<FinishedBlock> FinishChecked(PackEffort effort) const;

  private:
    using Stream = std::tuple<Transport, std::string, std::string, std::string>;  ///< with source, kind, peer

    BlockFacts facts_;
    std::map<Stream, std::uint64_t, std::less<>> streams_;  ///< looked up by views: nearly every record is of one that is known
    std::string stream_column_;   ///< of each stream, in the order they came
    std::string number_column_;   ///< which stream each record is of
    std::string time_column_;
    std::vector<std::uint32_t> lengths_;
    std::string messages_;
    std::int64_t last_time_ = 0;
};

/// Which of a block's messages are wanted, found out before they are put together.
using ChooseRows = std::function<Result<RowSet>(MessageColumns& messages)>;

/// Records of a block. Views into the block's own bytes.
class Block {
  public:
    /// The records that are chosen; without `choose` all. kCorrupt when anything that is looked at does not fit: checksum, sizes, order, what is left over.
    static Result<Block> Parse(std::string_view bytes, const ChooseRows& choose = {});

    const BlockFacts& facts() const { return facts_; }  ///< of the whole block
    const std::vector<RecordView>& records() const { return records_; }
    std::uint64_t SequenceOf(std::size_t record) const { return facts_.first + rows_[record]; }

  private:
    Block() = default;
    Result<void> ReadEnvelope();

    BlockFacts facts_;
    std::unique_ptr<std::string> envelope_;  ///< stays where it is when the block is moved, for the records are views into it
    JoinedMessages messages_{0};
    std::vector<std::uint32_t> rows_;        ///< of the records, in the block
    std::vector<RecordView> records_;
};

}  // namespace opsteward::vault
