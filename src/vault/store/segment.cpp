#include "vault/store/segment.hpp"

#include <fmt/format.h>

#include "vault/store/crc32c.hpp"
#include "vault/store/little_endian.hpp"
#include "vault/store/numbered_file.hpp"

namespace opsteward::vault {

namespace {

constexpr std::string_view kHeader = "OPSSEG1\n";
constexpr std::string_view kEnd = "SEGEND1\n";
constexpr std::size_t kTrailer = 8 + 4 + 4 + kEnd.size();
constexpr std::size_t kEntry = 8 + 4 + 8 + 4 + 4 + 8 + 8;
constexpr std::size_t kMaxFooter = 64U << 20;

Error Damaged(const std::filesystem::path& path, std::uint64_t offset, std::string_view why) {
    Error error = Error::Of(ErrorCode::kCorrupt, fmt::format("區段檔 {} 在第 {} 位元組處損壞或被改過；請以異地複本還原該檔。", path.filename().string(), offset),
                            fmt::format("Segment {}, byte {}: damaged or altered; restore that file from the off-site copy.", path.filename().string(), offset));
    error.operator_text = fmt::format("{}: byte {}: {}", path.string(), offset, why);
    return error;
}

std::string FooterOf(const std::vector<BlockEntry>& blocks) {
    std::string footer;
    for (const BlockEntry& block : blocks) {
        AppendNumber(footer, block.offset);
        AppendNumber(footer, block.stored_bytes);
        AppendNumber(footer, block.facts.first);
        AppendNumber(footer, block.facts.count);
        AppendNumber(footer, block.facts.message_bytes);
        AppendNumber(footer, static_cast<std::int64_t>(ToMillis(block.facts.earliest)));
        AppendNumber(footer, static_cast<std::int64_t>(ToMillis(block.facts.latest)));
    }
    return footer;
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

/// Blocks fill the file from its header to its footer, and their numbers have no gap.
bool FollowOneAnother(const std::vector<BlockEntry>& blocks, std::uint64_t first, std::uint64_t footer_at) {
    std::uint64_t offset = kHeader.size();
    for (const BlockEntry& block : blocks) {
        if (block.offset != offset || block.facts.first != first || block.facts.count == 0) return false;
        offset += block.stored_bytes;
        first += block.facts.count;
    }
    return offset == footer_at;
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

Result<void> SegmentWriter::Add(const BlockFacts& facts, std::string_view block) {
    OPS_CHECK(file_.WriteAt(end_, block));
    blocks_.push_back({end_, static_cast<std::uint32_t>(block.size()), facts});
    end_ += block.size();
    return Ok();
}

Result<std::filesystem::path> SegmentWriter::Finish() {
    std::string footer = FooterOf(blocks_);
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
    if (footer_bytes > kMaxFooter || footer_bytes % kEntry != 0 || footer_bytes == 0 || footer_at != size - kTrailer - footer_bytes) {
        return Damaged(path, size - kTrailer, "the trailer does not fit the file");
    }
    OPS_TRY(const std::string footer, file.ReadAt(footer_at, footer_bytes));
    if (footer.size() != footer_bytes || NumberAt<std::uint32_t>(trailer, 12) != Crc32c(std::string_view(trailer).substr(0, 12), Crc32c(footer))) {
        return Damaged(path, footer_at, "the footer's checksum does not fit");
    }
    Segment segment(std::move(file), size);
    for (std::size_t at = 0; at < footer.size(); at += kEntry) segment.blocks_.push_back(EntryAt(footer, at));
    const auto number = NumberOf(path, kSegmentSuffix);
    if (!number || !FollowOneAnother(segment.blocks_, *number, footer_at)) {
        return Damaged(path, footer_at, "its blocks do not follow one another, or the file was renamed");
    }
    return segment;
}

Result<Block> Segment::Read(const BlockEntry& entry) const {
    OPS_TRY(const std::string bytes, file_.ReadAt(entry.offset, entry.stored_bytes));
    auto block = Block::Parse(bytes);
    if (!block.ok()) return Damaged(file_.path(), entry.offset, block.error().operator_text);
    if (block->facts() != entry.facts) return Damaged(file_.path(), entry.offset, "the block is not what the footer says of it");
    return block;
}

}  // namespace opsteward::vault
