#include "vault/store/segment_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "vault/store/gone_file.hpp"

namespace opsteward::vault {

namespace {

Error Missing(std::uint64_t first, std::uint64_t end) {
    return Error::Of(ErrorCode::kCorrupt, fmt::format("缺少第 {} 至 {} 筆的區段檔；請以異地複本還原。", first, end - 1),
                     fmt::format("The segment with records {} to {} is missing; restore it from the off-site copy.", first, end - 1));
}

}  // namespace

Result<SegmentSet> SegmentSet::Open(const std::filesystem::path& folder) {
    OPS_TRY(Files files, List(folder));
    while (true) {
        SegmentSet set;
        auto added = set.AddAll(files);
        if (added.ok()) return set;
        OPS_TRY(Files files_now, List(folder));
        if (files_now == files) return added.error();
        files = std::move(files_now);
    }
}

Result<SegmentSet::Files> SegmentSet::List(const std::filesystem::path& folder) {
    Files files;
    OPS_TRY(files.gone, ListNumbered(folder, kGoneSuffix));
    OPS_TRY(files.segments, ListNumbered(folder, kSegmentSuffix));
    return files;
}

Result<void> SegmentSet::AddAll(const Files& files) {
    auto gone = files.gone.begin();
    for (const NumberedFile& segment : files.segments) {
        for (; gone != files.gone.end() && gone->first <= segment.first; ++gone) OPS_CHECK(AddGone(*gone));
        OPS_CHECK(AddOrPassOver(segment));
    }
    for (; gone != files.gone.end(); ++gone) OPS_CHECK(AddGone(*gone));
    return Ok();
}

Result<void> SegmentSet::AddGone(const NumberedFile& file) {
    OPS_TRY(GoneRange range, ReadGoneFile(file.path));
    if (range.first > end_) return Missing(end_, range.first);
    if (range.first < end_) {
        return Error::Of(ErrorCode::kCorrupt, fmt::format("第 {} 筆既標示為已刪除，又在其他區段檔中；請以異地複本還原。", range.first),
                         fmt::format("Record {} is said to be deleted, and lies in another segment; restore the off-site copy.", range.first));
    }
    end_ = range.end();
    gone_.Add(std::move(range));
    return Ok();
}

Result<void> SegmentSet::AddOrPassOver(const NumberedFile& file) {
    if (file.first < end_) {
        OPS_TRY(const Segment segment, Segment::Open(file.path));
        const GoneRange* gone = gone_.Find(segment.first());
        const bool is_deleted = gone != nullptr && gone->first == segment.first() && gone->end() == segment.end();
        if (is_deleted || segment.end() <= end_) {
            (is_deleted ? deleted_ : left_over_).push_back(file.path);
            return Ok();
        }
    }
    return Add(file.path);
}

Result<void> SegmentSet::Replace(std::size_t begin, std::size_t end, const std::filesystem::path& path) {
    OPS_TRY(Segment merged, Segment::Open(path));
    if (merged.first() != segments_[begin].first() || merged.end() != segments_[end - 1].end()) {
        return Error::Hidden(ErrorCode::kInternal, path.string() + ": the merged segment has other records than those it replaces");
    }
    segments_[begin] = std::move(merged);
    segments_.erase(segments_.begin() + static_cast<std::ptrdiff_t>(begin + 1), segments_.begin() + static_cast<std::ptrdiff_t>(end));
    return Ok();
}

void SegmentSet::TakeAway(std::size_t place, GoneRange range) {
    gone_.Add(std::move(range));
    segments_.erase(segments_.begin() + static_cast<std::ptrdiff_t>(place));
}

Result<void> SegmentSet::Add(const std::filesystem::path& path) {
    OPS_TRY(Segment segment, Segment::Open(path));
    if (segment.first() != end_) return Missing(end_, segment.first());
    end_ = segment.end();
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
