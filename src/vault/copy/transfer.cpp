#include "vault/copy/transfer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace opsteward::vault {

namespace {

constexpr std::size_t kPiece = 1U << 20;

Result<void> GoOn(const OnPiece& on_piece, std::uint64_t sent) {
    if (on_piece(sent)) return Ok();
    return Error::Of(ErrorCode::kCancelled, "已中斷。", "Interrupted.");
}

/// How far a target's file goes with the source.
struct Agreement {
    std::uint64_t end = 0;      ///< the bytes before it are the same
    bool is_followed = false;   ///< by what the source does not have there

    bool IsOfAll(const ByteSource& source) const { return end == source.bytes && !is_followed; }
};

Result<Agreement> CompareFrom(std::uint64_t begin, const ByteSource& source, CopyTarget& target, std::string_view name, const OnPiece& on_piece) {
    Agreement agreement{begin};
    while (true) {
        OPS_TRY(const std::string there, target.Read(name, agreement.end, kPiece));
        if (there.empty()) return agreement;
        const std::uint64_t left = source.bytes - agreement.end;
        OPS_TRY(const std::string wanted, source.read(agreement.end, std::min<std::uint64_t>(left, there.size())));
        agreement.is_followed = there != wanted;
        if (agreement.is_followed) return agreement;
        agreement.end += there.size();
        OPS_CHECK(GoOn(on_piece, 0));
    }
}

Result<Agreement> Compare(const ByteSource& source, CopyTarget& target, std::string_view name, const OnPiece& on_piece) {
    auto agreement = CompareFrom(0, source, target, name, on_piece);
    if (!agreement.ok() && agreement.error().code == ErrorCode::kNotFound) return Agreement{};
    return agreement;
}

Result<void> WriteFrom(std::uint64_t begin, const ByteSource& source, CopyTarget& target, std::string_view name, const OnPiece& on_piece) {
    if (source.bytes == 0) return target.Write(name, 0, "");
    for (std::uint64_t at = begin; at < source.bytes;) {
        OPS_TRY(const std::string bytes, source.read(at, std::min<std::uint64_t>(source.bytes - at, kPiece)));
        if (bytes.empty()) {
            return Error::Of(ErrorCode::kCorrupt, fmt::format("{} 的來源在第 {} 位元組處就結束，應有 {} 位元組。", name, at, source.bytes),
                             fmt::format("What {} is copied from ends at byte {}, and should have {} bytes.", name, at, source.bytes));
        }
        OPS_CHECK(target.Write(name, at, bytes));
        at += bytes.size();
        OPS_CHECK(GoOn(on_piece, bytes.size()));
    }
    return Ok();
}

}  // namespace

ByteSource ByteSource::OfText(std::string text) {
    const std::uint64_t bytes = text.size();
    return {bytes, [text = std::move(text)](std::uint64_t offset, std::size_t length) -> Result<std::string> { return text.substr(offset, length); }};
}

ByteSource ByteSource::OfTarget(CopyTarget& target, std::string name, std::uint64_t bytes) {
    return {bytes, [&target, name = std::move(name)](std::uint64_t offset, std::size_t length) { return target.Read(name, offset, length); }};
}

Result<ByteSource> ByteSource::OfSegment(const Segment& segment) {
    const auto merged = [&] {
        return Error::Of(ErrorCode::kConflict, "複製期間區段檔被合併，請再執行一次。", "Segments were merged meanwhile; run it again.");
    };
    auto opened = File::Open(segment.path(), File::Mode::kRead);
    if (!opened.ok() && opened.error().code == ErrorCode::kNotFound) return merged();
    if (!opened.ok()) return std::move(opened).error();
    const auto file = std::make_shared<const File>(*std::move(opened));
    // In this order: what lies there after the file was opened is what was opened.
    OPS_TRY(const Segment now, Segment::Open(segment.path()));
    OPS_TRY(const std::uint64_t bytes, file->Size());
    if (bytes != segment.stored_bytes() || now.blocks() != segment.blocks()) return merged();
    return ByteSource{bytes, [file](std::uint64_t offset, std::size_t length) { return file->ReadAt(offset, length); }};
}

Result<bool> IsSame(const ByteSource& source, CopyTarget& target, std::string_view name, const OnPiece& on_piece) {
    OPS_TRY(const Agreement agreement, Compare(source, target, name, on_piece));
    return agreement.IsOfAll(source);
}

Result<void> Transfer(const ByteSource& source, CopyTarget& target, std::string_view name, const OnPiece& on_piece) {
    const std::string beside = std::string(name) + ".new";
    OPS_TRY(Agreement begun, Compare(source, target, beside, on_piece));
    if (begun.is_followed) {
        OPS_CHECK(target.Remove(beside));
        begun = {};
    }
    OPS_CHECK(WriteFrom(begun.end, source, target, beside, on_piece));
    OPS_CHECK(target.Sync(beside));
    OPS_TRY(const Agreement written, CompareFrom(begun.end, source, target, beside, on_piece));
    if (!written.IsOfAll(source)) {
        OPS_CHECK(target.Remove(beside));
        return Error::Of(ErrorCode::kCorrupt, fmt::format("{} 寫入 {} 後讀回的內容不同（第 {} 位元組起），已刪除。", name, target.address(), written.end),
                         fmt::format("{} was written to {} and reads back otherwise from byte {} on; it was removed.", name, target.address(), written.end));
    }
    return target.Rename(beside, name);
}

}  // namespace opsteward::vault
