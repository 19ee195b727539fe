#include "vault/leaf_source.hpp"

#include <algorithm>

namespace opsteward::vault {

Result<std::vector<Hash>> LeafSource::Read(const SegmentSet& segments, const Tail& tail, std::uint64_t first, std::uint64_t count) {
    const std::uint64_t end = first + count;
    if (end > segments.end() + tail.size) return Error::Hidden(ErrorCode::kNotFound, "leaves beyond the end of the log");
    std::vector<Hash> hashes;
    hashes.reserve(count);
    std::uint64_t at = first;
    while (at < std::min(end, segments.end())) {
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

Result<void> LeafSource::ReadBlock(const SegmentSet::Place& place) {
    if (block_ == place.block->facts.first) return Ok();
    OPS_TRY(const Block block, place.segment->Read(*place.block));
    block_.reset();
    leaves_.clear();
    LeafHasher hasher;
    std::string canonical;
    for (const RecordView& record : block.records()) {
        canonical.clear();
        OPS_CHECK(AppendRecord(canonical, record));
        leaves_.push_back(hasher(canonical));
    }
    block_ = place.block->facts.first;
    return Ok();
}

}  // namespace opsteward::vault
