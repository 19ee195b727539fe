#include "vault/last_record.hpp"

#include <bit>
#include <ranges>

namespace opsteward::vault {

namespace {

Result<std::optional<FoundRecord>> LastInTail(const VaultReader& vault, const Stream& stream) {
    for (std::size_t at = vault.tail().size(); at-- > 0;) {
        OPS_TRY(const RecordView record, ParseRecord(vault.tail()[at]));
        if (stream.Holds(record)) return std::optional(FoundRecord{vault.segments().end() + at, std::string(record.message)});
    }
    return std::optional<FoundRecord>();
}

Result<std::optional<FoundRecord>> LastInSegment(const Segment& segment, const Stream& stream) {
    for (BlockSet rest = stream.BlocksOf(segment); rest != 0;) {
        const auto last = static_cast<std::size_t>(std::bit_width(rest) - 1);
        rest &= ~(BlockSet{1} << last);
        OPS_TRY(const Block block, segment.Read(segment.blocks()[last]));
        for (std::size_t at = block.records().size(); at-- > 0;) {
            const RecordView& record = block.records()[at];
            if (stream.Holds(record)) return std::optional(FoundRecord{block.facts().first + at, std::string(record.message)});
        }
    }
    return std::optional<FoundRecord>();
}

}  // namespace

BlockSet Stream::BlocksOf(const Segment& segment) const {
    const auto found = segment.sources().find(SourceAndKind{source, kind});
    return found == segment.sources().end() ? BlockSet{0} : found->second;
}

Result<std::optional<FoundRecord>> LastRecord(const VaultReader& vault, const Stream& stream) {
    OPS_TRY(auto found, LastInTail(vault, stream));
    if (found) return found;
    for (const Segment& segment : vault.segments().segments() | std::views::reverse) {
        OPS_TRY(found, LastInSegment(segment, stream));
        if (found) return found;
    }
    return found;
}

}  // namespace opsteward::vault
