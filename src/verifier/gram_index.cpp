#include "verifier/gram_index.hpp"

#include <algorithm>

#include "verifier/bytes.hpp"
#include "verifier/crc32c.hpp"

namespace opsteward::verifier {

namespace {

constexpr std::size_t kPage = GramIndexPlace::kPage;
constexpr std::size_t kChecksumAt = kPage - GramIndexPlace::kChecksum;
constexpr std::size_t kPagesAtOnce = 64;

}  // namespace

std::uint64_t GramIndex::RowAt(std::string_view bytes, std::size_t at) const {
    std::uint64_t blocks = 0;
    for (std::size_t i = 0; i < place_.row_bytes(); ++i) blocks |= std::uint64_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
    return blocks;
}

void GramIndex::Add(std::size_t block, const GramRows& rows) {
    if (pages_.empty()) pages_.assign(place_.bytes(), '\0');
    added_ |= std::uint64_t{1} << block;
    const std::size_t row_bytes = place_.row_bytes();
    const std::size_t rows_per_page = place_.rows_per_page();
    const auto bit = static_cast<unsigned char>(1U << (block % 8));
    char* const bytes = pages_.data() + block / 8;
    // Rows come in rising order: their page is followed, not computed.
    std::size_t page = 0;
    std::size_t first_row = 0;
    rows.ForEach([&](std::uint32_t row) {
        for (; row - first_row >= rows_per_page; first_row += rows_per_page) page += kPage;
        char& byte = bytes[page + (row - first_row) * row_bytes];
        byte = static_cast<char>(static_cast<unsigned char>(byte) | bit);
    });
}

std::vector<GramIndex::Fault> GramIndex::Compare(const File& file) const {
    Found found;
    if (pages_.empty()) return {};
    for (std::size_t first = 0; first < place_.pages(); first += kPagesAtOnce) {
        const std::size_t count = std::min(kPagesAtOnce, place_.pages() - first);
        std::string pages = file.ReadAt(place_.offset + first * kPage, count * kPage);
        pages.resize(count * kPage);  // a file that was cut off meanwhile
        for (std::size_t i = 0; i < count; ++i) ComparePage(std::string_view(pages).substr(i * kPage, kPage), first + i, found);
    }
    for (std::size_t block = 0; block < place_.blocks; ++block) {
        if (const Wrong& wrong = found.missing[block]; wrong.count > 0) {
            found.pages.push_back({wrong.offset, block,
                                   Say("索引第 {0} 列未列此區塊，搜尋會漏掉其中的紀錄（共 {1} 列）。",
                                       "Row {0} of the index does not name this block: a search would miss records in it (rows: {1}).",
                                       {wrong.first_row, wrong.count})});
        }
        if (const Wrong& wrong = found.needless[block]; wrong.count > 0) {
            found.pages.push_back({wrong.offset, block,
                                   Say("索引第 {0} 列列有此區塊，其中卻無所指的內容（共 {1} 列）。",
                                       "Row {0} of the index names this block, which holds nothing of the kind (rows: {1}).", {wrong.first_row, wrong.count})});
        }
    }
    return std::move(found.pages);
}

void GramIndex::ComparePage(std::string_view page, std::size_t number, Found& found) const {
    const std::uint64_t offset = place_.offset + number * kPage;
    if (Number<std::uint32_t>(page, kChecksumAt) != Crc32c(page.substr(0, kChecksumAt))) {
        found.pages.push_back({offset, {}, Say("索引第 {0} 頁的檢查碼不符。", "The checksum of page {0} of the index does not fit.", {number})});
        return;
    }
    const std::string_view expected = std::string_view(pages_).substr(number * kPage, kPage);
    if (page.substr(0, kChecksumAt) == expected.substr(0, kChecksumAt)) return;
    const std::size_t first_row = number * place_.rows_per_page();
    const std::size_t rows = std::min(place_.rows_per_page(), place_.rows - first_row);
    // A bit beyond the last block belongs to none, and is wrong whatever could be read.
    const std::uint64_t beyond = place_.blocks < kMaxBlocks ? ~std::uint64_t{0} << place_.blocks : 0;
    bool is_filled = !std::ranges::all_of(page.substr(rows * place_.row_bytes(), kChecksumAt - rows * place_.row_bytes()), [](char c) { return c == '\0'; });
    for (std::size_t i = 0; i < rows; ++i) {
        const std::size_t at = i * place_.row_bytes();
        const std::uint64_t is = RowAt(page, at);
        const std::uint64_t should = RowAt(expected, at);
        is_filled = is_filled || (is & beyond) != 0;
        for (std::uint64_t wrong = (is ^ should) & added_; wrong != 0; wrong &= wrong - 1) {
            const auto block = static_cast<std::size_t>(std::countr_zero(wrong));
            Wrong& place = ((should >> block) & 1) != 0 ? found.missing[block] : found.needless[block];
            if (place.count++ == 0) place = {static_cast<std::uint32_t>(first_row + i), offset + at + block / 8, 1};
        }
    }
    if (is_filled) found.pages.push_back({offset, {}, Say("索引第 {0} 頁有不屬於任何列的位元。", "Page {0} of the index has bits that belong to no row.", {number})});
}

}  // namespace opsteward::verifier
