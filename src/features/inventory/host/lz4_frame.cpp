#include "features/inventory/host/lz4_frame.hpp"

#include <algorithm>

namespace opsteward::inventory::host {
namespace {

constexpr std::uint32_t kFrameMagic = 0x184D2204;
constexpr std::uint32_t kSkippableMagic = 0x184D2A50;  // and the 15 that follow it
constexpr std::size_t kWindowBytes = 64 * 1024;
constexpr std::uint32_t kStoredBlock = 0x80000000;

Error Corrupt() { return Error::Of(ErrorCode::kCorrupt, "LZ4 資料毀損。", "The LZ4 data is damaged."); }

std::uint32_t LittleEndian32(std::string_view bytes) {
    std::uint32_t value = 0;
    for (int i = 3; i >= 0; --i) value = value << 8 | static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)]);
    return value;
}

/// A length that goes on in further bytes while they are 255; false when they end too early or it passes `limit`.
bool ReadLength(std::string_view block, std::size_t& at, std::size_t limit, std::size_t& length) {
    if (length != 15) return true;
    for (;;) {
        if (at == block.size()) return false;
        const auto byte = static_cast<unsigned char>(block[at++]);
        length += byte;
        if (length > limit) return false;
        if (byte != 255) return true;
    }
}

}  // namespace

Result<void> Lz4Unpacker::Feed(std::string_view packed) {
    packed_.erase(0, used_);
    used_ = 0;
    packed_.append(packed);
    for (;;) {
        OPS_TRY(const Need need, Step());
        if (need == Need::kMore) return Ok();
    }
}

Result<void> Lz4Unpacker::Finish() {
    if (in_frame_ || skip_ > 0 || used_ != packed_.size()) return Corrupt();
    return Ok();
}

Result<Lz4Unpacker::Need> Lz4Unpacker::Step() {
    if (skip_ > 0) {
        const std::uint64_t passed = std::min<std::uint64_t>(skip_, packed_.size() - used_);
        used_ += static_cast<std::size_t>(passed);
        skip_ -= passed;
        return skip_ > 0 ? Need::kMore : Need::kNext;
    }
    return in_frame_ ? ReadBlock() : ReadFrameHeader();
}

Result<Lz4Unpacker::Need> Lz4Unpacker::ReadFrameHeader() {
    const std::string_view rest = std::string_view(packed_).substr(used_);
    if (rest.size() < 8) return Need::kMore;
    const std::uint32_t magic = LittleEndian32(rest);
    if ((magic & 0xFFFFFFF0) == kSkippableMagic) {
        skip_ = LittleEndian32(rest.substr(4));
        used_ += 8;
        return Need::kNext;
    }
    if (magic != kFrameMagic) return Corrupt();
    const auto flags = static_cast<unsigned char>(rest[4]);
    const unsigned block_kind = static_cast<unsigned char>(rest[5]) >> 4 & 7;
    const bool has_content_size = (flags & 0x08) != 0;
    const bool needs_dictionary = (flags & 0x01) != 0;
    if (flags >> 6 != 1 || needs_dictionary || block_kind < 4) return Corrupt();
    const std::size_t header = 7 + (has_content_size ? 8 : 0);
    if (rest.size() < header) return Need::kMore;
    blocks_are_independent_ = (flags & 0x20) != 0;
    has_block_checksums_ = (flags & 0x10) != 0;
    has_content_checksum_ = (flags & 0x04) != 0;
    max_block_ = std::size_t{1} << (8 + 2 * block_kind);
    window_.clear();
    emitted_ = 0;
    in_frame_ = true;
    used_ += header;
    return Need::kNext;
}

Result<Lz4Unpacker::Need> Lz4Unpacker::ReadBlock() {
    const std::string_view rest = std::string_view(packed_).substr(used_);
    if (rest.size() < 4) return Need::kMore;
    const std::uint32_t head = LittleEndian32(rest);
    if (head == 0) {
        const std::size_t end = 4 + (has_content_checksum_ ? 4 : 0);
        if (rest.size() < end) return Need::kMore;
        used_ += end;
        in_frame_ = false;
        return Need::kNext;
    }
    const std::size_t size = head & ~kStoredBlock;
    if (size > max_block_) return Corrupt();
    const std::size_t whole = 4 + size + (has_block_checksums_ ? 4 : 0);
    if (rest.size() < whole) return Need::kMore;
    if (blocks_are_independent_) window_.clear(), emitted_ = 0;
    if ((head & kStoredBlock) != 0) {
        window_.append(rest.substr(4, size));
    } else {
        OPS_CHECK(Decode(rest.substr(4, size)));
    }
    used_ += whole;
    Emit();
    return Need::kNext;
}

Result<void> Lz4Unpacker::Decode(std::string_view block) {
    const std::size_t limit = window_.size() + max_block_;
    std::size_t at = 0;
    while (at < block.size()) {
        const auto token = static_cast<unsigned char>(block[at++]);
        std::size_t literals = token >> 4;
        if (!ReadLength(block, at, max_block_, literals)) return Corrupt();
        if (literals > block.size() - at || window_.size() + literals > limit) return Corrupt();
        window_.append(block.substr(at, literals));
        at += literals;
        if (at == block.size()) return Ok();  // the last sequence has no match

        if (block.size() - at < 2) return Corrupt();
        const std::size_t offset = static_cast<unsigned char>(block[at]) | static_cast<unsigned char>(block[at + 1]) << 8;
        at += 2;
        std::size_t length = token & 15;
        if (!ReadLength(block, at, max_block_, length)) return Corrupt();
        length += 4;
        if (offset == 0 || offset > window_.size() || window_.size() + length > limit) return Corrupt();
        // Byte by byte where the copy overlaps what it writes: that is how runs are coded.
        if (offset >= length) {
            window_.append(window_, window_.size() - offset, length);
        } else {
            for (std::size_t i = 0; i < length; ++i) window_.push_back(window_[window_.size() - offset]);
        }
    }
    return Ok();
}

void Lz4Unpacker::Emit() {
    take_(std::string_view(window_).substr(emitted_));
    if (window_.size() > kWindowBytes) window_.erase(0, window_.size() - kWindowBytes);
    emitted_ = window_.size();
}

}  // namespace opsteward::inventory::host
