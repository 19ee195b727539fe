// The index of a segment, made anew from its blocks and held against what lies in the file. Format: docs/formats/vault.md, "Index".
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "verifier/file.hpp"
#include "verifier/gram_rows.hpp"
#include "verifier/text.hpp"

namespace opsteward::verifier {

/// Where an index lies in its file, and its measure. Precondition for the measure: 1 to 64 blocks.
struct GramIndexPlace {
    static constexpr std::size_t kPage = 4096;
    static constexpr std::size_t kChecksum = 4;

    std::uint64_t offset = 0;
    std::uint32_t rows = 0;
    std::uint32_t blocks = 0;

    std::size_t row_bytes() const { return (blocks + 7) / 8; }
    std::size_t rows_per_page() const { return (kPage - kChecksum) / row_bytes(); }
    std::size_t pages() const { return (rows + rows_per_page() - 1) / rows_per_page(); }
    std::uint64_t bytes() const { return std::uint64_t{pages()} * kPage; }
};

class GramIndex {
  public:
    static constexpr std::size_t kMaxBlocks = 64;

    /// Precondition: 1 to kMaxBlocks blocks, at most GramRows::kMaxRows rows.
    explicit GramIndex(const GramIndexPlace& place) : place_(place) {}

    /// The rows of a block that could be read.
    void Add(std::size_t block, const GramRows& rows);

    struct Fault {
        std::uint64_t offset = 0;               ///< in the file
        std::optional<std::size_t> block = {};  ///< nothing where a whole page is to blame
        Text why;
    };
    /// What is wrong with the index in the file, as far as blocks were added. For a block the first row is named, and how many there are.
    std::vector<Fault> Compare(const File& file) const;

  private:
    /// Rows in which the bit of a block is not what it should be.
    struct Wrong {
        std::uint32_t first_row = 0;
        std::uint64_t offset = 0;
        std::uint64_t count = 0;
    };
    struct Found {
        std::vector<Fault> pages;
        std::array<Wrong, kMaxBlocks> missing = {};
        std::array<Wrong, kMaxBlocks> needless = {};
    };

    std::uint64_t RowAt(std::string_view bytes, std::size_t at) const;
    void ComparePage(std::string_view page, std::size_t number, Found& found) const;

    GramIndexPlace place_;
    std::string pages_;            ///< as they should be in the file, but for their checksums; empty until a block was added
    std::uint64_t added_ = 0;      ///< blocks, the lowest bit for the first
};

}  // namespace opsteward::verifier
