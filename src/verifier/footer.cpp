#include "verifier/footer.hpp"

#include <algorithm>
#include <string_view>

#include "verifier/bytes.hpp"
#include "verifier/crc32c.hpp"
#include "verifier/fault.hpp"
#include "verifier/record.hpp"

namespace opsteward::verifier {

namespace {

constexpr std::string_view kEnd = "SEGEND1\n";
constexpr std::size_t kTrailer = 16 + kEnd.size();
constexpr std::size_t kHead = 8;
constexpr std::size_t kEntry = 44;
constexpr std::size_t kMaxFooter = 64U << 20;

struct FooterBytes {
    std::uint64_t offset = 0;
    std::string bytes;
};

FooterBytes FindFooter(const File& file) {
    if (file.size() < kSegmentHeader.size() + kTrailer) throw Malformed(Say("檔案比檔頭與檔尾還短。", "the file is shorter than header and trailer."));
    const std::uint64_t trailer_at = file.size() - kTrailer;
    const std::string trailer = file.ReadAt(trailer_at, kTrailer);
    if (!trailer.ends_with(kEnd)) throw Malformed(Say("檔案沒有結尾：被截斷或被改過。", "the file has no end: cut off or altered."), trailer_at);
    const auto footer_at = Number<std::uint64_t>(trailer, 0);
    const std::size_t footer_bytes = Number<std::uint32_t>(trailer, 8);
    const bool fits = footer_bytes >= kHead + kEntry && footer_bytes <= std::min<std::uint64_t>(kMaxFooter, trailer_at) &&
                      footer_at == trailer_at - footer_bytes;
    if (!fits) throw Malformed(Say("檔尾與檔案不符。", "the trailer does not fit the file."), trailer_at);
    std::string footer = file.ReadAt(footer_at, footer_bytes);
    if (footer.size() != footer_bytes || Number<std::uint32_t>(trailer, 12) != Crc32c(std::string_view(trailer).substr(0, 12), Crc32c(footer))) {
        throw Malformed(Say("區塊目錄的檢查碼不符。", "the checksum of the footer does not fit."), footer_at);
    }
    return {footer_at, std::move(footer)};
}

BlockPlace PlaceOf(std::string_view entry) {
    BlockFacts facts;
    facts.first = Number<std::uint64_t>(entry, 12);
    facts.count = Number<std::uint32_t>(entry, 20);
    facts.message_bytes = Number<std::uint32_t>(entry, 24);
    facts.earliest = Number<std::int64_t>(entry, 28);
    facts.latest = Number<std::int64_t>(entry, 36);
    return {Number<std::uint64_t>(entry, 0), Number<std::uint32_t>(entry, 8), facts.first, facts.count, facts};
}

/// One after the other from the header on, their records without a gap.
std::vector<BlockPlace> ReadBlocks(const FooterBytes& footer, std::size_t count, std::uint64_t first) {
    std::vector<BlockPlace> blocks;
    std::uint64_t offset = kSegmentHeader.size();
    for (std::size_t at = kHead; at < kHead + count * kEntry; at += kEntry) {
        const BlockPlace place = PlaceOf(std::string_view(footer.bytes).substr(at, kEntry));
        const bool is_sound = place.count > 0 && place.count <= BlockHeader::kMaxCount && place.length <= BlockHeader::kMaxBlockBytes;
        if (place.offset != offset || place.first != first || !is_sound) {
            throw Malformed(Say("區塊目錄的區塊未彼此相接，或檔名被改過。", "the blocks of the footer do not follow one another, or the file was renamed."),
                            footer.offset + at);
        }
        blocks.push_back(place);
        offset += place.length;
        first += place.count;
    }
    return blocks;
}

std::optional<std::string> TakeName(Cursor& rest) {
    const auto length = rest.Varint();
    const auto name = length && *length <= kMaxName ? rest.Take(*length) : std::nullopt;
    return name ? std::optional(std::string(*name)) : std::nullopt;
}

std::map<SourceAndKind, std::uint64_t> ReadSources(const FooterBytes& footer, std::size_t at, std::size_t blocks) {
    std::map<SourceAndKind, std::uint64_t> sources;
    const std::uint64_t all = ~std::uint64_t{0} >> (GramIndex::kMaxBlocks - blocks);
    for (Cursor rest(std::string_view(footer.bytes).substr(at)); !rest.rest().empty();) {
        const std::uint64_t offset = footer.offset + footer.bytes.size() - rest.rest().size();
        const auto source = TakeName(rest);
        const auto kind = TakeName(rest);
        const auto bytes = rest.Take(sizeof(std::uint64_t));
        const std::uint64_t in_blocks = bytes ? Number<std::uint64_t>(*bytes, 0) : 0;
        if (!source || !kind || in_blocks == 0 || (in_blocks & ~all) != 0) {
            throw Malformed(Say("區塊目錄的來源不正確。", "a source in the footer is malformed."), offset);
        }
        const SourceAndKind key{*source, *kind};
        if (!sources.empty() && !(sources.rbegin()->first < key)) {
            throw Malformed(Say("區塊目錄的來源未依序排列。", "the sources in the footer do not stand in their order."), offset);
        }
        sources.emplace_hint(sources.end(), key, in_blocks);
    }
    return sources;
}

}  // namespace

SegmentFooter ReadFooter(const File& file, std::uint64_t first) {
    const FooterBytes bytes = FindFooter(file);
    const auto count = Number<std::uint32_t>(bytes.bytes, 0);
    const auto rows = Number<std::uint32_t>(bytes.bytes, 4);
    if (count == 0 || count > GramIndex::kMaxBlocks || bytes.bytes.size() < kHead + count * kEntry || rows == 0 || rows > GramRows::kMaxRows) {
        throw Malformed(Say("區塊目錄的區塊數或索引列數不符。", "the footer's number of blocks or of rows does not fit."), bytes.offset);
    }
    SegmentFooter footer{bytes.offset, ReadBlocks(bytes, count, first), {0, rows, count}, ReadSources(bytes, kHead + count * kEntry, count)};
    footer.index.offset = footer.blocks.back().offset + footer.blocks.back().length;
    if (footer.index.offset + footer.index.bytes() != bytes.offset) {
        throw Malformed(Say("區塊、索引與區塊目錄未彼此相接。", "blocks, index and footer do not follow one another."), footer.index.offset);
    }
    return footer;
}

}  // namespace opsteward::verifier
