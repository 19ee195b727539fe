#include "vault/leaf_source.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace opsteward::vault {

namespace {

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
        const BlockFacts& facts = place.block->facts;
        OPS_CHECK(ReadBlock(place));
        const std::uint64_t block_end = std::min(end, facts.first + facts.count);
        const auto begin = leaves_.begin() + static_cast<std::ptrdiff_t>(at - facts.first);
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

Result<void> LeafSource::ReadBlock(const SegmentSet::Place& place) {
    if (block_ == place.block->facts.first) return Ok();
    OPS_TRY(const Block block, place.segment->Read(*place.block));
    block_.reset();
    OPS_TRY(leaves_, LeavesOf(block));
    block_ = place.block->facts.first;
    return Ok();
}

}  // namespace opsteward::vault
