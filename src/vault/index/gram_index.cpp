#include "vault/index/gram_index.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "vault/store/crc32c.hpp"
#include "vault/store/little_endian.hpp"

namespace opsteward::vault {

namespace {

/// Rows stand in pages, each with a checksum of its own, so that a query need not read what it does not ask for.
constexpr std::size_t kPage = 4096;
constexpr std::size_t kChecksum = 4;

/// Of blocks: milliseconds to read.
constexpr std::uint64_t kFewBytes = 1U << 20;

struct Measure {
    std::size_t row_bytes;
    std::size_t rows_per_page;
    std::size_t pages;
};

Measure MeasureOf(std::uint32_t rows, std::size_t blocks) {
    const std::size_t row_bytes = (blocks + 7) / 8;
    const std::size_t rows_per_page = (kPage - kChecksum) / row_bytes;
    return {row_bytes, rows_per_page, (rows + rows_per_page - 1) / rows_per_page};
}

/// The row of a gram that is known by its first GramSet::kBits bits.
std::uint32_t RowOf(std::uint32_t gram, std::uint32_t rows) { return static_cast<std::uint32_t>(std::uint64_t{gram} * rows >> GramSet::kBits); }

}  // namespace

std::uint64_t GramIndexPlace::bytes() const { return MeasureOf(rows, blocks).pages * kPage; }

std::uint32_t RowsFor(std::span<const GramSet> blocks, std::uint64_t stored_bytes) {
    std::uint64_t most = 0;
    for (const GramSet& grams : blocks) most = std::max(most, grams.count());
    // Of n grams thrown into 5n/2 rows, 1 - e^(-2/5), a third, are hit.
    const std::uint64_t rows = std::clamp<std::uint64_t>(most * 5 / 2, 1, std::uint64_t{1} << GramSet::kBits);
    if (stored_bytes >= kFewBytes) return static_cast<std::uint32_t>(rows);
    const std::uint64_t pages = std::max<std::uint64_t>(1, stored_bytes / 8 / kPage);
    return static_cast<std::uint32_t>(std::min(rows, pages * MeasureOf(1, blocks.size()).rows_per_page));
}

std::string WriteGramIndex(std::span<const GramSet> blocks, std::uint32_t rows) {
    const Measure measure = MeasureOf(rows, blocks.size());
    std::string index(measure.pages * kPage, '\0');
    for (std::size_t block = 0; block < blocks.size(); ++block) {
        blocks[block].ForEach([&](std::uint32_t gram) {
            const std::uint32_t row = RowOf(gram, rows);
            const std::size_t at = row / measure.rows_per_page * kPage + row % measure.rows_per_page * measure.row_bytes + block / 8;
            index[at] = static_cast<char>(static_cast<unsigned char>(index[at]) | 1U << (block % 8));
        });
    }
    for (std::size_t page = 0; page < index.size(); page += kPage) {
        PutNumber(index, page + kPage - kChecksum, Crc32c(std::string_view(index).substr(page, kPage - kChecksum)));
    }
    return index;
}

Result<BlockSet> BlocksWith(const File& file, const GramIndexPlace& place, std::span<const std::uint32_t> grams) {
    const Measure measure = MeasureOf(place.rows, place.blocks);
    BlockSet blocks = AllBlocks(place.blocks);
    for (const std::uint32_t gram : grams) {
        const std::uint32_t row = RowOf(gram >> (32 - GramSet::kBits), place.rows);
        const std::uint64_t offset = place.offset + row / measure.rows_per_page * kPage;
        OPS_TRY(const std::string page, file.ReadAt(offset, kPage));
        if (page.size() != kPage || NumberAt<std::uint32_t>(page, kPage - kChecksum) != Crc32c(std::string_view(page).substr(0, kPage - kChecksum))) {
            return Error::Hidden(ErrorCode::kCorrupt, fmt::format("byte {}: a page of the index is damaged", offset));
        }
        BlockSet in_row = 0;
        for (std::size_t i = 0; i < measure.row_bytes; ++i) {
            in_row |= BlockSet{static_cast<unsigned char>(page[row % measure.rows_per_page * measure.row_bytes + i])} << (8 * i);
        }
        blocks &= in_row;
        if (blocks == 0) break;
    }
    return blocks;
}

}  // namespace opsteward::vault
