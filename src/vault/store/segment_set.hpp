// All segments of a vault: one run of records without a gap, in which whole segments may have been deleted.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/result.hpp"
#include "vault/store/numbered_file.hpp"
#include "vault/store/segment.hpp"
#include "vault/tree/gone_ranges.hpp"

namespace opsteward::vault {

class SegmentSet {
  public:
    /// kCorrupt, naming the place, when a segment is damaged or missing between others, or the first one is. Segments all of whose records the one before
    /// them has are left over from a merge that did not come to its end: they are passed over, as are those that were deleted and not removed yet. Beside a
    /// writer that is merging or deleting it looks anew until it sees the folder at rest.
    static Result<SegmentSet> Open(const std::filesystem::path& folder);

    /// Takes in a segment that was just written. Precondition: it begins at end().
    Result<void> Add(const std::filesystem::path& path);

    /// Puts the segment at `path`, which holds just what those in places begin … end-1 hold, in their place.
    Result<void> Replace(std::size_t begin, std::size_t end, const std::filesystem::path& path);
    /// What stands in the place of the segment, which is passed over from now on. Precondition: it is of just its records.
    void TakeAway(std::size_t place, GoneRange range);
    /// Files of a merge that were passed over.
    const std::vector<std::filesystem::path>& left_over() const { return left_over_; }
    /// Files of segments that were deleted and not removed yet.
    const std::vector<std::filesystem::path>& deleted() const { return deleted_; }

    const std::vector<Segment>& segments() const { return segments_; }
    /// Records that were deleted. They keep their numbers.
    const GoneRanges& gone() const { return gone_; }
    std::uint64_t end() const { return end_; }  ///< number of the record after the last
    std::uint64_t stored_bytes() const;

    struct Place {
        const Segment* segment;
        const BlockEntry* block;
    };
    /// The block that holds the record. Precondition: sequence < end(), and it was not deleted.
    Place Find(std::uint64_t sequence) const;

  private:
    /// The files of a folder, each kind in rising order.
    struct Files {
        std::vector<NumberedFile> gone;
        std::vector<NumberedFile> segments;

        bool operator==(const Files&) const = default;
    };

    static Result<Files> List(const std::filesystem::path& folder);
    Result<void> AddAll(const Files& files);
    Result<void> AddGone(const NumberedFile& file);
    Result<void> AddOrPassOver(const NumberedFile& file);

    std::vector<Segment> segments_;
    GoneRanges gone_;
    std::uint64_t end_ = 0;
    std::vector<std::filesystem::path> left_over_;
    std::vector<std::filesystem::path> deleted_;
};

}  // namespace opsteward::vault
