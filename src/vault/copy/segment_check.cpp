#include "vault/copy/segment_check.hpp"

#include "vault/leaf_source.hpp"

namespace opsteward::vault {

Result<void> CheckBlocks(const Segment& segment) {
    for (const BlockEntry& entry : segment.blocks()) OPS_CHECK(segment.Read(entry));
    return Ok();
}

Result<bool> HoldsRecordsOf(const SegmentSet& vault, const Segment& segment) {
    if (segment.end() > vault.end()) return false;
    LeafSource source;
    for (const BlockEntry& entry : segment.blocks()) {
        const auto block = segment.Read(entry);
        if (!block.ok()) return false;
        OPS_TRY(const std::vector<Hash> leaves, LeavesOf(*block));
        OPS_TRY(const std::vector<Hash> wanted, source.Read(vault, {}, entry.facts.first, entry.facts.count));
        if (leaves != wanted) return false;
    }
    return true;
}

}  // namespace opsteward::vault
