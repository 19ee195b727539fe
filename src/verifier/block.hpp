// A run of records by columns, compressed. Format: docs/formats/vault.md, "Block".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "verifier/block_grams.hpp"
#include "verifier/envelope.hpp"
#include "verifier/message_columns.hpp"
#include "verifier/unpacker.hpp"

namespace opsteward::verifier {

/// What the footer of a segment says of a block.
struct BlockFacts {
    std::uint64_t first = 0;  ///< number of its first record
    std::uint32_t count = 0;
    std::uint32_t message_bytes = 0;
    std::int64_t earliest = 0;
    std::int64_t latest = 0;

    bool operator==(const BlockFacts&) const = default;
};

/// The 36 bytes before envelope and columns.
struct BlockHeader {
    static constexpr std::size_t kBytes = 36;
    static constexpr std::uint32_t kMaxCount = 1U << 16;
    static const std::uint64_t kMaxBlockBytes;

    std::uint64_t first = 0;
    std::uint32_t count = 0;
    std::uint32_t envelope = 0;         ///< bytes, as the next three
    std::uint32_t packed_envelope = 0;
    std::uint32_t messages = 0;
    std::uint32_t columns = 0;
    std::uint32_t checksum = 0;

    std::uint64_t block_bytes() const { return kBytes + std::uint64_t{packed_envelope} + columns; }

    /// Nothing when the bytes begin with no block, or its numbers are out of their bounds. The checksum is not looked at.
    static std::optional<BlockHeader> Parse(std::string_view bytes);
};

/// Reads one block after the other; keeps its buffers. Not for use from two threads at a time.
class BlockReader {
  public:
    /// Malformed when anything in `bytes` does not fit: checksum, sizes, what is left over, a form that is not the shortest. `index_rows` as
    /// BlockGrams::Begin has it.
    const BlockFacts& Open(std::string_view bytes, std::uint32_t index_rows = 0);

    /// Of the block that was opened last; the views end with the next one.
    const Envelope& envelope() const { return envelope_; }
    /// The message of the next record, until the next call. Malformed when it does not fit. Precondition: called once at most for each record.
    std::string_view NextMessage();
    /// The rows on which the grams of the block fall; once, after the last message.
    GramRows TakeRows() { return grams_.Take(); }

  private:
    Unpacker unpacker_;
    std::string envelope_buffer_;
    Envelope envelope_;
    MessageColumns messages_;
    BlockGrams grams_;
    BlockFacts facts_;
    std::size_t message_bytes_ = 0;  ///< of the records that were given
};

}  // namespace opsteward::verifier
