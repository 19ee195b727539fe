// Merging the small segments that a day's writing leaves into few large ones, better compressed. Records and tree stay what they are.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <vector>

#include "base/civil_time.hpp"
#include "base/result.hpp"
#include "vault/store/segment.hpp"

namespace opsteward::vault {

/// Segments that follow one another and belong together: places from `begin` up to `end`.
struct SegmentRange {
    std::size_t begin = 0;
    std::size_t end = 0;

    bool operator==(const SegmentRange&) const = default;
};

/// What of a segment decides whether it can be merged with its neighbours.
struct SegmentMeasure {
    Date day{};  ///< in Taipei
    std::uint64_t message_bytes = 0;
    std::uint64_t count = 0;
    std::uint64_t first = 0;  ///< number of its first record
    bool is_kept = false;     ///< holds the records that say what was deleted, which stay when others go
};

SegmentMeasure MeasureOf(const Segment& segment);
/// What to merge: two or more of one day that fit into one segment, follow one another without a deleted record between them, and can be deleted together.
std::vector<SegmentRange> PlanCompaction(std::span<const SegmentMeasure> segments);

/// Writes the records of `segments` into one, in the place of the first. Each block is read again and held against what went into it before it counts.
/// `goes_on` is asked before each block, with how many records are read so far; kCancelled, with nothing changed, when it says no.
Result<std::filesystem::path> MergeSegments(std::span<const Segment> segments, const std::filesystem::path& folder, PackEffort effort,
                                            const std::function<bool(std::uint64_t records)>& goes_on);

}  // namespace opsteward::vault
