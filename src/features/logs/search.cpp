#include "features/logs/search.hpp"

#include <atomic>
#include <utility>

#include "features/logs/block_rows.hpp"
#include "features/logs/field_names.hpp"
#include "features/logs/line_fields.hpp"
#include "features/logs/scope.hpp"
#include "features/logs/segment_evidence.hpp"
#include "vault/query/matcher.hpp"

namespace opsteward::logs {

namespace {

using vault::BlockSet;

bool IsInTime(const SearchRequest& request, const vault::RecordView& record) {
    return (!request.from || record.received >= *request.from) && (!request.to || record.received < *request.to);
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

/// A request made ready for the blocks and records of a vault.
class PreparedSearch {
  public:
    static Result<PreparedSearch> Prepare(const SearchRequest& request) {
        OPS_TRY(auto query, vault::query::CompiledQuery::Compile(request.query));
        return PreparedSearch(request, std::move(query));
    }

    /// Keeps a reference to this.
    vault::Scan MakeScan() const {
        vault::Scan scan;
        scan.choose = [this](const vault::Segment& segment) { return ChooseBlocks(segment); };
        scan.choose_rows = [this](vault::MessageColumns& messages) { return ChooseRows(messages); };
        scan.find = [this](std::span<const vault::RecordView> records) { return Find(records); };
        return scan;
    }

    Result<vault::RowSet> ChooseRows(vault::MessageColumns& messages) const { return rows_.Choose(messages); }
    /// Whether the chosen rows are the hits.
    bool IsDecidedByRows() const {
        return !request_.from && !request_.to && scope_.IsAll() && IsToldByMessages(request_.query);
    }

  private:
    PreparedSearch(const SearchRequest& request, vault::query::CompiledQuery query)
        : request_(request), scope_{request.source, request.kind}, query_(std::move(query)), requirement_(vault::query::RequirementOf(request.query, IsVerbatim)),
          rows_(requirement_) {}

    Result<BlockSet> ChooseBlocks(const vault::Segment& segment) const {
        const BlockSet candidates = BlocksInTime(request_, segment) & BlocksOf(scope_, segment).with;
        if (candidates == 0) return candidates;
        OPS_TRY(const BlockSet may_match, vault::query::MayMatch(requirement_, SegmentEvidence(segment)));
        return candidates & may_match;
    }

    std::vector<std::uint32_t> Find(std::span<const vault::RecordView> records) const {
        std::vector<std::uint32_t> hits;
        LineFields fields;
        for (std::uint32_t i = 0; i < records.size(); ++i) {
            if (!IsInTime(request_, records[i]) || !scope_.Has(records[i].source, records[i].kind)) continue;
            fields.PointAt(records[i]);
            if (query_.Matches(records[i], fields)) hits.push_back(i);
        }
        return hits;
    }

    const SearchRequest& request_;
    Scope scope_;
    vault::query::CompiledQuery query_;
    vault::query::Requirement requirement_;
    RowChooser rows_;
};

}  // namespace

Result<void> Search(const vault::VaultReader& vault, const SearchRequest& request, const vault::OnRecord& on_hit) {
    OPS_TRY(const auto search, PreparedSearch::Prepare(request));
    return vault::ForEach(vault, search.MakeScan(), on_hit);
}

Result<std::uint64_t> Count(const vault::VaultReader& vault, const SearchRequest& request) {
    OPS_TRY(const auto search, PreparedSearch::Prepare(request));
    vault::Scan scan = search.MakeScan();
    std::atomic<std::uint64_t> count = 0;  // blocks are counted by several threads
    if (search.IsDecidedByRows()) {
        scan.choose_rows = [&](vault::MessageColumns& messages) -> Result<vault::RowSet> {
            OPS_TRY(const vault::RowSet hits, search.ChooseRows(messages));
            count += hits.Count();
            return vault::RowSet(messages.count());
        };
    }
    OPS_CHECK(vault::ForEach(vault, scan, [&](std::uint64_t, const vault::RecordView&) {
        ++count;
        return true;
    }));
    return count.load();
}

}  // namespace opsteward::logs
