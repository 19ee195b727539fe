// The index of a segment: for each row, which blocks have a gram that falls on it. A query reads the rows of its grams and keeps the blocks that
// stand in all of them. Format: docs/formats/vault.md, "Index".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "vault/index/gram_set.hpp"
#include "vault/store/file.hpp"

namespace opsteward::vault {

/// Blocks of one segment, a bit each, the lowest for the first.
using BlockSet = std::uint64_t;
inline constexpr std::size_t kMaxBlocks = 64;

constexpr BlockSet AllBlocks(std::size_t count) { return count == kMaxBlocks ? ~BlockSet{0} : (BlockSet{1} << count) - 1; }

/// Where an index lies in its file, and its measure.
struct GramIndexPlace {
    std::uint64_t offset = 0;
    std::uint32_t rows = 0;    ///< at least 1
    std::size_t blocks = 0;    ///< 1 to kMaxBlocks

    /// Of the whole index in the file.
    std::uint64_t bytes() const;
};

/// The rows that keep a third of the bits set in the fullest block. `stored_bytes` is what the blocks take in the file: few are read in a moment, and their index
/// has at most an eighth of that, or one page.
std::uint32_t RowsFor(std::span<const GramSet> blocks, std::uint64_t stored_bytes);
/// The bytes of the index. Precondition: 1 to kMaxBlocks blocks.
std::string WriteGramIndex(std::span<const GramSet> blocks, std::uint32_t rows);

/// The blocks that may have all of these grams. Reads a page of the file for each row it asks for; kCorrupt, naming the page's offset, when one
/// is damaged: nothing is passed over on the word of a damaged index.
Result<BlockSet> BlocksWith(const File& file, const GramIndexPlace& place, std::span<const std::uint32_t> grams);

}  // namespace opsteward::vault
