#include "vault/store/log_frame.hpp"

#include "vault/store/crc32c.hpp"
#include "vault/store/little_endian.hpp"

namespace opsteward::vault {

namespace {

constexpr std::string_view kMagic = "OPSWAL1\n";
constexpr std::size_t kLengthAt = 0;
constexpr std::size_t kCountAt = 4;
constexpr std::size_t kFirstAt = 8;
constexpr std::size_t kChecksumAt = 16;

std::uint32_t ChecksumOf(std::string_view frame, std::uint32_t salt) {
    return Crc32c(frame.substr(LogFrame::kHeaderBytes), Crc32c(frame.substr(0, kChecksumAt), salt));
}

bool AreWhole(std::string_view records, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
        if (!TakeRecord(records)) return false;
    }
    return records.empty();
}

}  // namespace

std::string LogFileHeader::ToBytes() const {
    std::string bytes(kMagic);
    AppendNumber(bytes, first);
    AppendNumber(bytes, salt);
    AppendNumber(bytes, Crc32c(bytes));
    return bytes;
}

std::optional<LogFileHeader> LogFileHeader::Parse(std::string_view bytes) {
    if (bytes.size() < kBytes || !bytes.starts_with(kMagic)) return std::nullopt;
    if (NumberAt<std::uint32_t>(bytes, kBytes - 4) != Crc32c(bytes.substr(0, kBytes - 4))) return std::nullopt;
    return LogFileHeader{NumberAt<std::uint64_t>(bytes, kMagic.size()), NumberAt<std::uint32_t>(bytes, kMagic.size() + 8)};
}

void SealFrame(std::string& frame, std::uint64_t first, std::uint32_t count, std::uint32_t salt) {
    PutNumber(frame, kLengthAt, static_cast<std::uint32_t>(frame.size() - LogFrame::kHeaderBytes));
    PutNumber(frame, kCountAt, count);
    PutNumber(frame, kFirstAt, first);
    PutNumber(frame, kChecksumAt, ChecksumOf(frame, salt));
}

std::optional<LogFrame> ParseFrame(std::string_view bytes, std::uint32_t salt) {
    if (bytes.size() < LogFrame::kHeaderBytes) return std::nullopt;
    const std::size_t length = NumberAt<std::uint32_t>(bytes, kLengthAt);
    const auto count = NumberAt<std::uint32_t>(bytes, kCountAt);
    if (count == 0 || length > LogFrame::kMaxRecordBytes || length > bytes.size() - LogFrame::kHeaderBytes) return std::nullopt;
    const std::string_view frame = bytes.substr(0, LogFrame::kHeaderBytes + length);
    if (NumberAt<std::uint32_t>(bytes, kChecksumAt) != ChecksumOf(frame, salt)) return std::nullopt;
    const std::string_view records = frame.substr(LogFrame::kHeaderBytes);
    if (!AreWhole(records, count)) return std::nullopt;
    return LogFrame{NumberAt<std::uint64_t>(bytes, kFirstAt), count, records, frame.size()};
}

bool HoldsLaterFrame(std::string_view bytes, std::uint64_t sequence, std::uint32_t salt) {
    // Looking at the number first spares nearly all of the checksums.
    constexpr std::uint64_t kFarthest = std::uint64_t{1} << 32;
    for (std::size_t at = 0; at + LogFrame::kHeaderBytes <= bytes.size(); ++at) {
        const auto first = NumberAt<std::uint64_t>(bytes, at + kFirstAt);
        if (first <= sequence || first - sequence > kFarthest) continue;
        if (ParseFrame(bytes.substr(at), salt)) return true;
    }
    return false;
}

std::optional<std::string_view> TakeRecord(std::string_view& records) {
    if (records.size() < 4) return std::nullopt;
    const std::size_t length = NumberAt<std::uint32_t>(records, 0);
    if (length > records.size() - 4) return std::nullopt;
    const std::string_view record = records.substr(4, length);
    records.remove_prefix(4 + length);
    return record;
}

}  // namespace opsteward::vault
