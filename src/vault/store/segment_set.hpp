// All segments of a vault: one run of records without a gap.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/result.hpp"
#include "vault/store/segment.hpp"

namespace opsteward::vault {

class SegmentSet {
  public:
    /// kCorrupt, naming the place, when a segment is damaged or missing between others, or the first one is.
    static Result<SegmentSet> Open(const std::filesystem::path& folder);

    /// Takes in a segment that was just written. Precondition: it begins at end().
    Result<void> Add(const std::filesystem::path& path);

    const std::vector<Segment>& segments() const { return segments_; }
    std::uint64_t end() const { return segments_.empty() ? 0 : segments_.back().end(); }  ///< number of the record after the last
    std::uint64_t stored_bytes() const;

    struct Place {
        const Segment* segment;
        const BlockEntry* block;
    };
    /// The block that holds the record. Precondition: sequence < end().
    Place Find(std::uint64_t sequence) const;

  private:
    std::vector<Segment> segments_;
};

}  // namespace opsteward::vault
