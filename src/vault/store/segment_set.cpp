#include "vault/store/segment_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "vault/store/numbered_file.hpp"

namespace opsteward::vault {

Result<SegmentSet> SegmentSet::Open(const std::filesystem::path& folder) {
    SegmentSet set;
    OPS_TRY(const std::vector<NumberedFile> files, ListNumbered(folder, kSegmentSuffix));
    for (const NumberedFile& file : files) OPS_CHECK(set.Add(file.path));
    return set;
}

Result<void> SegmentSet::Add(const std::filesystem::path& path) {
    OPS_TRY(Segment segment, Segment::Open(path));
    if (segment.first() != end()) {
        return Error::Of(ErrorCode::kCorrupt, fmt::format("缺少第 {} 至 {} 筆的區段檔；請以異地複本還原。", end(), segment.first() - 1),
                         fmt::format("The segment with records {} to {} is missing; restore it from the off-site copy.", end(), segment.first() - 1));
    }
    segments_.push_back(std::move(segment));
    return Ok();
}

std::uint64_t SegmentSet::stored_bytes() const {
    return std::accumulate(segments_.begin(), segments_.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const Segment& segment) { return sum + segment.stored_bytes(); });
}

SegmentSet::Place SegmentSet::Find(std::uint64_t sequence) const {
    const auto segment = std::ranges::upper_bound(segments_, sequence, {}, &Segment::first) - 1;
    const auto block = std::ranges::upper_bound(segment->blocks(), sequence, {}, [](const BlockEntry& entry) { return entry.facts.first; }) - 1;
    return {&*segment, &*block};
}

}  // namespace opsteward::vault
