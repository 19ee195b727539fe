#include "vault/compaction.hpp"

#include <algorithm>
#include <deque>
#include <future>
#include <thread>

#include "vault/retention/deletion_record.hpp"

namespace opsteward::vault {

namespace {

/// Blocks end when they are above their limits, so this many are never too many for one segment.
bool FitTogether(std::uint64_t bytes, std::uint64_t count) {
    constexpr std::uint64_t kBlocks = kMaxBlocks - 2;
    return bytes / BlockBuilder::kMessageBytes + count / BlockBuilder::kMaxCount < kBlocks;
}

bool CanFollow(const SegmentMeasure& before, const SegmentMeasure& segment) {
    return segment.day == before.day && segment.is_kept == before.is_kept && segment.first == before.first + before.count;
}

/// Packs blocks by several threads and adds them to the segment in their order.
class BlockPacker {
  public:
    BlockPacker(SegmentWriter& segment, PackEffort effort) : segment_(segment), effort_(effort) {}

    Result<void> Add(BlockBuilder block) {
        while (packing_.size() >= std::max(1U, std::thread::hardware_concurrency())) OPS_CHECK(TakeFirst());
        packing_.push_back(std::async(std::launch::async, [block = std::move(block), effort = effort_] { return block.FinishChecked(effort); }));
        return Ok();
    }
    Result<void> Finish() {
        while (!packing_.empty()) OPS_CHECK(TakeFirst());
        return Ok();
    }

  private:
    Result<void> TakeFirst() {
        auto next = std::move(packing_.front());
        packing_.pop_front();
        OPS_TRY(FinishedBlock block, next.get());
        return segment_.Add(std::move(block));
    }

    SegmentWriter& segment_;
    PackEffort effort_;
    std::deque<std::future<Result<FinishedBlock>>> packing_;
};

}  // namespace

SegmentMeasure MeasureOf(const Segment& segment) {
    SegmentMeasure measure{TaipeiDate(segment.blocks().front().facts.earliest), 0, segment.end() - segment.first(), segment.first(), segment.sources().contains(kDeletionRecords)};
    for (const BlockEntry& block : segment.blocks()) measure.message_bytes += block.facts.message_bytes;
    return measure;
}

std::vector<SegmentRange> PlanCompaction(std::span<const SegmentMeasure> segments) {
    std::vector<SegmentRange> ranges;
    for (std::size_t begin = 0; begin < segments.size();) {
        std::size_t end = begin;
        std::uint64_t bytes = 0;
        std::uint64_t count = 0;
        for (; end < segments.size() && (end == begin || CanFollow(segments[end - 1], segments[end])); ++end) {
            if (!FitTogether(bytes + segments[end].message_bytes, count + segments[end].count)) break;
            bytes += segments[end].message_bytes;
            count += segments[end].count;
        }
        if (end > begin + 1) ranges.push_back({begin, end});
        begin = std::max(end, begin + 1);
    }
    return ranges;
}

Result<std::filesystem::path> MergeSegments(std::span<const Segment> segments, const std::filesystem::path& folder, PackEffort effort,
                                            const std::function<bool(std::uint64_t records)>& goes_on) {
    OPS_TRY(SegmentWriter merged, SegmentWriter::Create(folder, segments.front().first()));
    BlockPacker packer(merged, effort);
    std::uint64_t next = segments.front().first();
    BlockBuilder filling(next);
    for (const Segment& segment : segments) {
        for (const BlockEntry& entry : segment.blocks()) {
            if (!goes_on(next - segments.front().first())) return Error::Of(ErrorCode::kCancelled, "已中斷，未變更任何資料。", "Interrupted; nothing was changed.");
            OPS_TRY(const Block block, segment.Read(entry));
            for (const RecordView& record : block.records()) {
                if (filling.is_full()) {
                    OPS_CHECK(packer.Add(std::move(filling)));
                    filling = BlockBuilder(next);
                }
                filling.Add(record);
                ++next;
            }
        }
    }
    OPS_CHECK(packer.Add(std::move(filling)));
    OPS_CHECK(packer.Finish());
    return merged.Finish();
}

}  // namespace opsteward::vault
