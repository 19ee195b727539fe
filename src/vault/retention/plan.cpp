#include "vault/retention/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "vault/earlier_checkpoint.hpp"
#include "vault/retention/deletion_record.hpp"

namespace opsteward::vault {

namespace {

/// Earliest and latest time of receipt of the blocks that have some of a set.
struct Span {
    Instant earliest = Instant::max();
    Instant latest = Instant::min();
};

Span SpanOf(const Segment& segment, BlockSet blocks) {
    Span span;
    for (std::size_t i = 0; i < segment.blocks().size(); ++i) {
        if ((blocks >> i & 1) == 0) continue;
        span.earliest = std::min(span.earliest, segment.blocks()[i].facts.earliest);
        span.latest = std::max(span.latest, segment.blocks()[i].facts.latest);
    }
    return span;
}

Date DaysAfter(Date day, unsigned days) { return std::chrono::sys_days(day) + std::chrono::days(days); }

SegmentFate Describe(const Segment& segment) {
    SegmentFate fate;
    fate.first = segment.first();
    fate.count = segment.end() - segment.first();
    fate.stored_bytes = segment.stored_bytes();
    for (const BlockEntry& block : segment.blocks()) fate.message_bytes += block.facts.message_bytes;
    const Span span = SpanOf(segment, segment.all_blocks());
    fate.from = TaipeiDate(span.earliest);
    fate.to = TaipeiDate(span.latest);
    for (const auto& [stream, blocks] : segment.sources()) fate.streams.push_back(stream);
    return fate;
}

/// Of the records of one segment, none of which counts as received before `not_before`.
Fate Decide(SegmentFate& described, const Segment& segment, const RetentionRules& rules, Instant not_before, std::uint64_t sealed, Instant now) {
    if (segment.sources().contains(kDeletionRecords)) return Fate::kIsEvidence;
    for (const auto& [stream, blocks] : segment.sources()) {
        const auto days = rules.DaysFor(stream);
        if (!days) return Fate::kKeptByNoRule;
        const Date due = DaysAfter(TaipeiDate(std::max(SpanOf(segment, blocks).latest, not_before)), *days + 1);
        described.due = std::max(described.due.value_or(due), due);
    }
    for (const Hold& hold : rules.holds) {
        const bool covers = std::ranges::any_of(segment.sources(), [&](const auto& part) {
            const Span span = SpanOf(segment, part.second);
            return hold.Covers(part.first, TaipeiDate(span.earliest), TaipeiDate(std::max(span.latest, not_before)));
        });
        if (!covers) continue;
        described.hold = hold.reason;
        return Fate::kHeld;
    }
    if (!described.due || TaipeiDate(now) < *described.due) return Fate::kYounger;
    return segment.end() > sealed ? Fate::kUnsealed : Fate::kDelete;
}

}  // namespace

Result<RetentionState> ReadRetentionState(const VaultReader& vault, const Layout& layout, const NoteKey& key) {
    RetentionState state;
    OPS_TRY(const auto own, ReadCheckpoint(layout.checkpoint(), key));
    OPS_TRY(const auto witnessed, ReadCheckpoint(layout.witnessed(), key));
    if (own) state.sealed = witnessed ? std::min(own->size, witnessed->size) : own->size;

    std::optional<Instant> newest_own;
    const auto take = [&](bool is_own, Instant received) {
        auto& newest = is_own ? newest_own : state.newest;
        newest = std::max(newest.value_or(received), received);
    };
    for (const Segment& segment : vault.segments().segments()) {
        for (const auto& [stream, blocks] : segment.sources()) take(stream.source == kDeletionRecords.source, SpanOf(segment, blocks).latest);
    }
    for (const std::string_view canonical : vault.tail()) {
        OPS_TRY(const RecordView record, ParseRecord(canonical));
        take(record.source == kDeletionRecords.source, record.received);
    }
    if (!state.newest) state.newest = newest_own;
    return state;
}

Result<void> CheckClock(const RetentionState& state, Instant now) {
    if (!state.newest || now <= *state.newest + std::chrono::days(kMostSilentDays)) return Ok();
    return Error::Of(ErrorCode::kForbidden,
                     fmt::format("最新的紀錄收於 {}，系統時鐘卻是 {}，相差超過 {} 日：時鐘可能走快了。未刪除任何資料；確認時鐘無誤後，加上 --clock-is-right 再執行。",
                                 FormatTime(*state.newest, Language::kZhHant), FormatTime(now, Language::kZhHant), kMostSilentDays),
                     fmt::format("The newest record was received on {} and the clock says {}, which is more than {} days later: the clock may have run ahead. Nothing "
                                 "was deleted; when the clock is right, say so with --clock-is-right.",
                                 FormatTime(*state.newest, Language::kEnglish), FormatTime(now, Language::kEnglish), kMostSilentDays));
}

std::vector<SegmentFate> PlanRetention(const SegmentSet& segments, const RetentionRules& rules, std::uint64_t sealed, Instant now) {
    std::vector<SegmentFate> fates;
    Instant not_before = Instant::min();
    for (const Segment& segment : segments.segments()) {
        SegmentFate fate = Describe(segment);
        fate.fate = Decide(fate, segment, rules, not_before, sealed, now);
        fates.push_back(std::move(fate));
        for (const BlockEntry& block : segment.blocks()) {
            if (block.facts.latest <= now) not_before = std::max(not_before, block.facts.latest);
        }
    }
    return fates;
}

}  // namespace opsteward::vault
