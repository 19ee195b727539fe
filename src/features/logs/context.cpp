#include "features/logs/context.hpp"

#include <optional>

namespace opsteward::logs {

Result<bool> ContextWalker::TakeHit(std::uint64_t sequence, const vault::RecordView& record) {
    OPS_TRY(std::vector<std::uint64_t> around, After(sequence));
    const bool may_be_more = !has_hit_ || around.size() == count_;
    const std::uint64_t begin = around.empty() ? next_ : around.back() + 1;
    std::optional<std::uint64_t> group;
    if (may_be_more) {
        // With one more than is shown it is known whether any is left out.
        OPS_TRY(std::vector<std::uint64_t> before, neighbours_.Last(begin, sequence, count_ + 1));
        if (before.size() > count_) {
            before.erase(before.begin());
            if (has_hit_) group = before.empty() ? sequence : before.front();
        }
        around.insert(around.end(), before.begin(), before.end());
    }
    OPS_TRY(const bool goes_on,
            neighbours_.Read(around, {sequence + 1, sequence + 1 + count_}, [&](std::uint64_t number, const vault::RecordView& neighbour) {
                return on_record_({number, neighbour, false, number == group});
            }));
    has_hit_ = true;
    next_ = sequence + 1;
    return goes_on && on_record_({sequence, record, true, sequence == group});
}

Result<void> ContextWalker::Finish() {
    OPS_TRY(const std::vector<std::uint64_t> after, After(end_));
    OPS_CHECK(neighbours_.Read(after, {}, [&](std::uint64_t number, const vault::RecordView& neighbour) { return on_record_({number, neighbour}); }));
    return Ok();
}

Result<void> SearchWithContext(const vault::VaultReader& vault, const SearchRequest& request, const ContextSize& size, const OnRecordInContext& on_record) {
    ContextWalker walker(vault, {.source = request.source, .kind = request.kind}, size.records, on_record);
    std::uint64_t hits = 0;
    Result<bool> goes_on = true;
    OPS_CHECK(Search(vault, request, [&](std::uint64_t sequence, const vault::RecordView& record) {
        goes_on = walker.TakeHit(sequence, record);
        return goes_on.ok() && *goes_on && ++hits != size.max_hits;
    }));
    OPS_CHECK(goes_on);
    return *goes_on ? walker.Finish() : Ok();
}

}  // namespace opsteward::logs
