#include "vault/leaf_source.hpp"

#include <algorithm>

namespace opsteward::vault {

Result<std::vector<Hash>> SegmentLeaves::Read(const SegmentSet& segments, std::uint64_t first, std::uint64_t count) {
    std::vector<Hash> hashes;
    hashes.reserve(count);
    const std::uint64_t end = first + count;
    for (std::uint64_t at = first; at < end;) {
        const auto [segment, entry] = segments.Find(at);
        if (block_ != entry->facts.first) {
            OPS_TRY(const Block block, segment->Read(*entry));
            LeafHasher hasher;
            std::string record;
            leaves_.clear();
            for (const RecordView& view : block.records()) {
                record.clear();
                OPS_CHECK(AppendRecord(record, view));
                leaves_.push_back(hasher(record));
            }
            block_ = entry->facts.first;
        }
        const std::uint64_t block_end = std::min(end, entry->facts.first + entry->facts.count);
        const auto begin = leaves_.begin() + static_cast<std::ptrdiff_t>(at - entry->facts.first);
        hashes.insert(hashes.end(), begin, begin + static_cast<std::ptrdiff_t>(block_end - at));
        at = block_end;
    }
    return hashes;
}

}  // namespace opsteward::vault
