#include "vault/leaf_source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "vault/tree/node_files.hpp"

namespace opsteward::vault {

namespace {

constexpr std::uint64_t kGroup = std::uint64_t{1} << NodeFiles::kStep;

/// What there is to say when no kept hash takes the place of the leaf.
Error Deleted(std::uint64_t sequence, const GoneRange& range) {
    return Error::Of(ErrorCode::kNotFound,
                     fmt::format("第 {} 至 {} 筆已依保存規定刪除（見第 {} 筆），算不出終於其中（第 {} 筆之後）的樹根。", range.first, range.end() - 1, range.event, sequence),
                     fmt::format("Records {} to {} were deleted under retention (record {} says so): what ends among them, after record {}, can't be computed any more.",
                                 range.first, range.end() - 1, range.event, sequence));
}

}  // namespace

Result<std::vector<Hash>> LeafSource::Read(const SegmentSet& segments, const Tail& tail, std::uint64_t first, std::uint64_t count) {
    const std::uint64_t end = first + count;
    if (end > segments.end() + tail.size) return Error::Hidden(ErrorCode::kNotFound, "leaves beyond the end of the log");
    std::vector<Hash> hashes;
    hashes.reserve(count);
    std::uint64_t at = first;
    while (at < std::min(end, segments.end())) {
        if (const GoneRange* gone = segments.gone().Find(at)) return Deleted(at, *gone);
        const SegmentSet::Place place = segments.Find(at);
        const std::uint64_t block_end = std::min(end, place.block->facts.first + place.block->facts.count);
        if (at < first_ || block_end > first_ + leaves_.size()) OPS_CHECK(Keep(place, at, block_end));
        const auto begin = leaves_.begin() + static_cast<std::ptrdiff_t>(at - first_);
        hashes.insert(hashes.end(), begin, begin + static_cast<std::ptrdiff_t>(block_end - at));
        at = block_end;
    }
    for (; at < end; ++at) hashes.push_back(tail.leaf(at - segments.end()));
    return hashes;
}

Result<std::vector<Hash>> LeavesOf(const Block& block) {
    std::vector<Hash> leaves;
    leaves.reserve(block.records().size());
    LeafHasher hasher;
    std::string canonical;
    for (const RecordView& record : block.records()) {
        canonical.clear();
        OPS_CHECK(AppendRecord(canonical, record));
        leaves.push_back(hasher(canonical));
    }
    return leaves;
}

Result<void> LeafSource::Keep(const SegmentSet::Place& place, std::uint64_t begin, std::uint64_t end) {
    const BlockFacts& facts = place.block->facts;
    const std::uint64_t block_end = facts.first + facts.count;
    // The upper hashes are kept for every so many leaves: a proof asks for no others than those below the same one.
    const bool is_first = asked_ != facts.first;
    const std::uint64_t from = is_first ? std::max(facts.first, begin / kGroup * kGroup) : facts.first;
    const std::uint64_t to = is_first ? std::min(block_end, (end + kGroup - 1) / kGroup * kGroup) : block_end;
    asked_ = facts.first;
    leaves_.clear();
    OPS_TRY(const Block block, place.segment->Read(*place.block, [&](const MessageColumns& messages) {
        return RowSet::Range(messages.count(), from - facts.first, to - facts.first);
    }));
    OPS_TRY(leaves_, LeavesOf(block));
    first_ = from;
    return Ok();
}

}  // namespace opsteward::vault
