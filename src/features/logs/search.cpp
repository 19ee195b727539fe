#include "features/logs/search.hpp"

#include "features/logs/line_fields.hpp"
#include "features/logs/segment_evidence.hpp"
#include "vault/query/matcher.hpp"

namespace opsteward::logs {

namespace {

using vault::BlockSet;

bool IsWithin(const SearchRequest& request, const vault::RecordView& record) {
    return (!request.from || record.received >= *request.from) && (!request.to || record.received < *request.to) &&
           (!request.source || record.source == *request.source) && (!request.kind || record.kind == *request.kind);
}

BlockSet BlocksInTime(const SearchRequest& request, const vault::Segment& segment) {
    BlockSet blocks = 0;
    for (std::size_t i = 0; i < segment.blocks().size(); ++i) {
        const vault::BlockFacts& facts = segment.blocks()[i].facts;
        const bool is_outside = (request.from && facts.latest < *request.from) || (request.to && facts.earliest >= *request.to);
        if (!is_outside) blocks |= BlockSet{1} << i;
    }
    return blocks;
}

BlockSet BlocksOfSource(const SearchRequest& request, const vault::Segment& segment) {
    if (!request.source && !request.kind) return segment.all_blocks();
    BlockSet blocks = 0;
    for (const auto& [stream, in_blocks] : segment.sources()) {
        if ((!request.source || stream.source == *request.source) && (!request.kind || stream.kind == *request.kind)) blocks |= in_blocks;
    }
    return blocks;
}

}  // namespace

Result<void> Search(const vault::VaultReader& vault, const SearchRequest& request, const vault::OnRecord& on_hit) {
    OPS_TRY(const auto query, vault::query::CompiledQuery::Compile(request.query));
    const vault::query::Requirement requirement = vault::query::RequirementOf(request.query);
    vault::Scan scan;
    scan.choose = [&](const vault::Segment& segment) -> Result<BlockSet> {
        const BlockSet candidates = BlocksInTime(request, segment) & BlocksOfSource(request, segment);
        if (candidates == 0) return candidates;
        OPS_TRY(const BlockSet may_match, vault::query::MayMatch(requirement, SegmentEvidence(segment)));
        return candidates & may_match;
    };
    scan.find = [&](std::span<const vault::RecordView> records) {
        std::vector<std::uint32_t> hits;
        LineFields fields;
        for (std::uint32_t i = 0; i < records.size(); ++i) {
            if (!IsWithin(request, records[i])) continue;
            fields.PointAt(records[i]);
            if (query.Matches(records[i], fields)) hits.push_back(i);
        }
        return hits;
    };
    return vault::ForEach(vault, scan, on_hit);
}

}  // namespace opsteward::logs
