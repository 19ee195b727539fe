#include "vault/store/segment.hpp"

#include <fmt/format.h>

#include <optional>

#include "vault/store/crc32c.hpp"
#include "vault/store/little_endian.hpp"
#include "vault/store/numbered_file.hpp"
#include "vault/store/varint.hpp"

namespace opsteward::vault {

namespace {

constexpr std::string_view kHeader = "OPSSEG1\n";
constexpr std::string_view kEnd = "SEGEND1\n";
constexpr std::size_t kTrailer = 8 + 4 + 4 + kEnd.size();
constexpr std::size_t kEntry = 8 + 4 + 8 + 4 + 4 + 8 + 8;
constexpr std::size_t kFooterHead = 4 + 4;
constexpr std::size_t kMaxFooter = 64U << 20;

Error Damaged(const std::filesystem::path& path, std::uint64_t offset, std::string_view why) {
    Error error = Error::Of(ErrorCode::kCorrupt, fmt::format("區段檔 {} 在第 {} 位元組處損壞或被改過；請以異地複本還原該檔。", path.filename().string(), offset),
                            fmt::format("Segment {}, byte {}: damaged or altered; restore that file from the off-site copy.", path.filename().string(), offset));
    error.operator_text = fmt::format("{}: byte {}: {}", path.string(), offset, why);
    return error;
}

void AppendText(std::string& bytes, std::string_view text) {
    AppendVarint(bytes, text.size());
    bytes.append(text);
}

std::optional<std::string> TakeText(std::string_view& bytes) {
    const auto length = TakeVarint(bytes);
    if (!length || *length > bytes.size()) return std::nullopt;
    std::string text(bytes.substr(0, *length));
    bytes.remove_prefix(*length);
    return text;
}

std::string FooterOf(const std::vector<BlockEntry>& blocks, std::uint32_t rows, const std::map<SourceAndKind, BlockSet>& sources) {
    std::string footer;
    AppendNumber(footer, static_cast<std::uint32_t>(blocks.size()));
    AppendNumber(footer, rows);
    for (const BlockEntry& block : blocks) {
        AppendNumber(footer, block.offset);
        AppendNumber(footer, block.stored_bytes);
        AppendNumber(footer, block.facts.first);
        AppendNumber(footer, block.facts.count);
        AppendNumber(footer, block.facts.message_bytes);
        AppendNumber(footer, static_cast<std::int64_t>(ToMillis(block.facts.earliest)));
        AppendNumber(footer, static_cast<std::int64_t>(ToMillis(block.facts.latest)));
    }
    for (const auto& [stream, in_blocks] : sources) {
        AppendText(footer, stream.source);
        AppendText(footer, stream.kind);
        AppendNumber(footer, in_blocks);
    }
    return footer;
}

/// In rising order, each of some block; nothing when they do not fit.
std::optional<std::map<SourceAndKind, BlockSet>> SourcesOf(std::string_view bytes, BlockSet all) {
    std::map<SourceAndKind, BlockSet> sources;
    while (!bytes.empty()) {
        auto source = TakeText(bytes);
        auto kind = TakeText(bytes);
        if (!source || !kind || bytes.size() < sizeof(BlockSet)) return std::nullopt;
        const auto blocks = NumberAt<BlockSet>(bytes, 0);
        bytes.remove_prefix(sizeof(BlockSet));
        const SourceAndKind stream{*std::move(source), *std::move(kind)};
        if (blocks == 0 || (blocks & ~all) != 0 || (!sources.empty() && !(sources.rbegin()->first < stream))) return std::nullopt;
        sources.emplace_hint(sources.end(), stream, blocks);
    }
    return sources;
}

BlockEntry EntryAt(std::string_view footer, std::size_t at) {
    BlockEntry entry;
    entry.offset = NumberAt<std::uint64_t>(footer, at);
    entry.stored_bytes = NumberAt<std::uint32_t>(footer, at + 8);
    entry.facts.first = NumberAt<std::uint64_t>(footer, at + 12);
    entry.facts.count = NumberAt<std::uint32_t>(footer, at + 20);
    entry.facts.message_bytes = NumberAt<std::uint32_t>(footer, at + 24);
    entry.facts.earliest = FromMillis(NumberAt<std::int64_t>(footer, at + 28));
    entry.facts.latest = FromMillis(NumberAt<std::int64_t>(footer, at + 36));
    return entry;
}

/// Blocks fill the file from its header to its index, and their numbers have no gap.
bool FollowOneAnother(const std::vector<BlockEntry>& blocks, std::uint64_t first, std::uint64_t index_at) {
    std::uint64_t offset = kHeader.size();
    for (const BlockEntry& block : blocks) {
        if (block.offset != offset || block.facts.first != first || block.facts.count == 0) return false;
        offset += block.stored_bytes;
        first += block.facts.count;
    }
    return offset == index_at;
}

}  // namespace

Result<SegmentWriter> SegmentWriter::Create(const std::filesystem::path& folder, std::uint64_t first) {
    const std::filesystem::path beside = folder / (NumberedName(first, kSegmentSuffix) + ".new");
    std::error_code problem;
    std::filesystem::remove(beside, problem);  // of a writer that did not come to its end
    if (problem) return Error::System("remove " + beside.string(), problem.value());
    OPS_TRY(File file, File::Open(beside, File::Mode::kCreateNew));
    OPS_CHECK(file.WriteAt(0, kHeader));
    SegmentWriter writer(folder, first, std::move(file));
    writer.end_ = kHeader.size();
    return writer;
}

Result<void> SegmentWriter::Add(FinishedBlock block) {
    OPS_CHECK(file_.WriteAt(end_, block.bytes));
    const BlockSet bit = BlockSet{1} << blocks_.size();
    for (const SourceAndKind& stream : block.sources) {
        const auto [known, is_new] = sources_.try_emplace(stream, 0);
        known->second |= bit;
        if (is_new) name_bytes_ += stream.source.size() + stream.kind.size();
    }
    grams_.push_back(std::move(block.grams));
    blocks_.push_back({end_, static_cast<std::uint32_t>(block.bytes.size()), block.facts});
    end_ += block.bytes.size();
    return Ok();
}

Result<std::filesystem::path> SegmentWriter::Finish() {
    const std::uint32_t rows = RowsFor(grams_, end_ - kHeader.size());
    const std::string index = WriteGramIndex(grams_, rows);
    OPS_CHECK(file_.WriteAt(end_, index));
    end_ += index.size();
    std::string footer = FooterOf(blocks_, rows, sources_);
    std::string trailer;
    AppendNumber(trailer, end_);
    AppendNumber(trailer, static_cast<std::uint32_t>(footer.size()));
    AppendNumber(trailer, Crc32c(trailer, Crc32c(footer)));
    OPS_CHECK(file_.WriteAt(end_, footer.append(trailer).append(kEnd)));
    OPS_CHECK(file_.SyncData());
    const std::filesystem::path path = folder_ / NumberedName(first_, kSegmentSuffix);
    OPS_CHECK(MoveIntoPlace(file_.path(), path));
    return path;
}

Result<Segment> Segment::Open(const std::filesystem::path& path) {
    OPS_TRY(File file, File::Open(path, File::Mode::kRead));
    OPS_TRY(const std::uint64_t size, file.Size());
    if (size < kHeader.size() + kTrailer) return Damaged(path, 0, "shorter than header and trailer");
    OPS_TRY(const std::string header, file.ReadAt(0, kHeader.size()));
    OPS_TRY(const std::string trailer, file.ReadAt(size - kTrailer, kTrailer));
    if (header != kHeader) return Damaged(path, 0, "no segment's header");
    if (!trailer.ends_with(kEnd)) return Damaged(path, size - kEnd.size(), "no segment's end");
    const auto footer_at = NumberAt<std::uint64_t>(trailer, 0);
    const std::size_t footer_bytes = NumberAt<std::uint32_t>(trailer, 8);
    if (footer_bytes > kMaxFooter || footer_bytes < kFooterHead || footer_at != size - kTrailer - footer_bytes) {
        return Damaged(path, size - kTrailer, "the trailer does not fit the file");
    }
    OPS_TRY(const std::string footer, file.ReadAt(footer_at, footer_bytes));
    if (footer.size() != footer_bytes || NumberAt<std::uint32_t>(trailer, 12) != Crc32c(std::string_view(trailer).substr(0, 12), Crc32c(footer))) {
        return Damaged(path, footer_at, "the footer's checksum does not fit");
    }
    Segment segment(std::move(file), size);
    const std::size_t count = NumberAt<std::uint32_t>(footer, 0);
    segment.index_ = {0, NumberAt<std::uint32_t>(footer, 4), count};
    if (count == 0 || count > kMaxBlocks || footer.size() < kFooterHead + count * kEntry || segment.index_.rows == 0 || segment.index_.bytes() > footer_at) {
        return Damaged(path, footer_at, "the footer does not fit the file");
    }
    segment.index_.offset = footer_at - segment.index_.bytes();
    for (std::size_t i = 0; i < count; ++i) segment.blocks_.push_back(EntryAt(footer, kFooterHead + i * kEntry));
    const auto number = NumberOf(path, kSegmentSuffix);
    if (!number || !FollowOneAnother(segment.blocks_, *number, segment.index_.offset)) {
        return Damaged(path, footer_at, "its blocks do not follow one another, or the file was renamed");
    }
    auto sources = SourcesOf(std::string_view(footer).substr(kFooterHead + count * kEntry), segment.all_blocks());
    if (!sources) return Damaged(path, footer_at, "the footer's sources do not fit");
    segment.sources_ = *std::move(sources);
    return segment;
}

Result<BlockSet> Segment::BlocksWith(std::span<const std::uint32_t> grams) const {
    auto blocks = vault::BlocksWith(file_, index_, grams);
    if (!blocks.ok()) return Damaged(file_.path(), index_.offset, blocks.error().operator_text);
    return blocks;
}

Result<Block> Segment::Read(const BlockEntry& entry, const ChooseRows& choose) const {
    OPS_TRY(const std::string bytes, file_.ReadAt(entry.offset, entry.stored_bytes));
    auto block = Block::Parse(bytes, choose);
    if (!block.ok()) return Damaged(file_.path(), entry.offset, block.error().operator_text);
    if (block->facts() != entry.facts) return Damaged(file_.path(), entry.offset, "the block is not what the footer says of it");
    return block;
}

}  // namespace opsteward::vault
