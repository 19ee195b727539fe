// The bytes of a write-ahead log file: its header and its frames, one for each group. Format: docs/formats/vault.md, "Write-ahead log".
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace opsteward::vault {

struct LogFileHeader {
    static constexpr std::size_t kBytes = 24;

    std::uint64_t first = 0;  ///< number of the file's first record
    /// Random; every checksum of the file begins from it, so that nobody can send a record that would pass for a frame.
    std::uint32_t salt = 0;

    std::string ToBytes() const;
    static std::optional<LogFileHeader> Parse(std::string_view bytes);
};

struct LogFrame {
    static constexpr std::size_t kHeaderBytes = 20;
    static constexpr std::size_t kMaxRecordBytes = 64U << 20;  ///< of what follows the header

    std::uint64_t first = 0;
    std::uint32_t count = 0;
    std::string_view records;  ///< each as its length in 4 bytes and its canonical bytes
    std::size_t bytes = 0;     ///< of the frame as a whole
};

/// Fills in the header of a frame whose first kHeaderBytes are free and whose records follow.
void SealFrame(std::string& frame, std::uint64_t first, std::uint32_t count, std::uint32_t salt);
/// The whole, undamaged frame that `bytes` begin with, if there is one.
std::optional<LogFrame> ParseFrame(std::string_view bytes, std::uint32_t salt);
/// Whether an undamaged frame numbered after `sequence` begins anywhere in `bytes`.
bool HoldsLaterFrame(std::string_view bytes, std::uint64_t sequence, std::uint32_t salt);
/// Takes the next record off `records`; nothing when they end or do not fit.
std::optional<std::string_view> TakeRecord(std::string_view& records);

}  // namespace opsteward::vault
