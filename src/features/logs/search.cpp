#include "features/logs/search.hpp"

#include "features/logs/line_fields.hpp"
#include "vault/query/matcher.hpp"

namespace opsteward::logs {

namespace {

bool IsWithin(const SearchRequest& request, const vault::RecordView& record) {
    return (!request.from || record.received >= *request.from) && (!request.to || record.received < *request.to) &&
           (!request.source || record.source == *request.source) && (!request.kind || record.kind == *request.kind);
}

}  // namespace

Result<void> Search(const vault::VaultReader& vault, const SearchRequest& request, const OnHit& on_hit) {
    OPS_TRY(const auto query, vault::query::CompiledQuery::Compile(request.query));
    LineFields fields;
    const auto on_record = [&](std::uint64_t sequence, const vault::RecordView& record) {
        if (!IsWithin(request, record)) return true;
        fields.PointAt(record);
        return !query.Matches(record, fields) || on_hit(sequence, record);
    };
    const auto is_outside = [&](const vault::BlockFacts& facts) {
        return (request.from && facts.latest < *request.from) || (request.to && facts.earliest >= *request.to);
    };
    return vault.ForEach(on_record, is_outside);
}

}  // namespace opsteward::logs
