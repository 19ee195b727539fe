// A vault of small blocks: what a full one has only with millions of records (many blocks, several segments, a tail) with a few hundred.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "vault/layout.hpp"
#include "vault/store/segment.hpp"
#include "vault/store/write_ahead_log.hpp"

namespace opsteward::vault::testing {

/// How many records each block of each segment has.
using BlockSizes = std::vector<std::vector<std::size_t>>;

/// A segment beginning at `first`, of as many blocks as there are sizes; the blocks take their records off the front of `records`.
inline std::filesystem::path WriteSegment(const std::filesystem::path& folder, std::uint64_t first, const std::vector<std::size_t>& sizes,
                                          std::span<const RecordView>& records) {
    auto writer = SegmentWriter::Create(folder, first).value();
    for (const std::size_t size : sizes) {
        BlockBuilder block(first);
        for (const RecordView& record : records.first(size)) block.Add(record);
        EXPECT_TRUE(writer.Add(block.Finish({1})).ok());
        records = records.subspan(size);
        first += size;
    }
    return writer.Finish().value();
}

/// Lays down the parts that a reader looks for: segments of these sizes, and in the write-ahead log what is left of the records.
inline void WriteSmallVault(const std::filesystem::path& folder, std::span<const RecordView> records, const BlockSizes& segments) {
    const Layout layout{folder};
    std::filesystem::create_directory(layout.segments());
    std::filesystem::create_directory(layout.log());
    const std::size_t all = records.size();
    for (const std::vector<std::size_t>& sizes : segments) WriteSegment(layout.segments(), all - records.size(), sizes, records);
    auto log = WriteAheadLog::Open(layout.log(), all - records.size(), [](std::uint64_t, std::string_view) { return Ok(); }).value();
    for (const RecordView& record : records) {
        std::string canonical;
        EXPECT_TRUE(AppendRecord(canonical, record).ok());
        EXPECT_TRUE(log.Append(canonical).ok());
    }
    EXPECT_TRUE(log.Commit().ok());
}

}  // namespace opsteward::vault::testing
