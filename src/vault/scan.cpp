#include "vault/scan.hpp"

#include <algorithm>
#include <bit>
#include <deque>
#include <future>
#include <numeric>
#include <thread>

namespace opsteward::vault {

namespace {

std::vector<std::uint32_t> Find(const Scan& scan, std::span<const RecordView> records) {
    if (scan.find) return scan.find(records);
    std::vector<std::uint32_t> all(records.size());
    std::iota(all.begin(), all.end(), 0U);
    return all;
}

struct ReadBlock {
    Block block;
    std::vector<std::uint32_t> wanted;
};

/// Blocks that are being read, in their order.
class BlockQueue {
  public:
    explicit BlockQueue(const Scan& scan)
        : scan_(scan), room_(2 * std::max(1U, scan.threads != 0 ? scan.threads : std::thread::hardware_concurrency())) {}

    bool is_empty() const { return reading_.empty(); }
    bool is_full() const { return reading_.size() == room_; }
    void Begin(const Segment& segment, const BlockEntry& entry) {
        reading_.push_back(std::async(std::launch::async, [this, &segment, &entry]() -> Result<ReadBlock> {
            OPS_TRY(Block block, segment.Read(entry, scan_.choose_rows));
            auto wanted = Find(scan_, block.records());
            return ReadBlock{std::move(block), std::move(wanted)};
        }));
    }
    Result<ReadBlock> Take() {
        auto next = std::move(reading_.front());
        reading_.pop_front();
        return next.get();
    }

  private:
    const Scan& scan_;
    std::size_t room_;
    std::deque<std::future<Result<ReadBlock>>> reading_;
};

/// Whether to go on.
Result<bool> HandOverNext(BlockQueue& queue, const OnRecord& on_record) {
    OPS_TRY(const ReadBlock read, queue.Take());
    return std::ranges::all_of(read.wanted, [&](std::uint32_t at) { return on_record(read.block.SequenceOf(at), read.block.records()[at]); });
}

Result<bool> ScanSegments(const VaultReader& vault, const Scan& scan, const OnRecord& on_record) {
    BlockQueue queue(scan);
    for (const Segment& segment : vault.segments().segments()) {
        BlockSet rest = segment.all_blocks();
        if (scan.choose) {
            OPS_TRY(rest, scan.choose(segment));
        }
        for (; rest != 0; rest &= rest - 1) {
            if (queue.is_full()) {
                OPS_TRY(const bool goes_on, HandOverNext(queue, on_record));
                if (!goes_on) return false;
            }
            queue.Begin(segment, segment.blocks()[static_cast<std::size_t>(std::countr_zero(rest))]);
        }
    }
    while (!queue.is_empty()) {
        OPS_TRY(const bool goes_on, HandOverNext(queue, on_record));
        if (!goes_on) return false;
    }
    return true;
}

Result<bool> ScanTail(const VaultReader& vault, const Scan& scan, const OnRecord& on_record) {
    std::vector<RecordView> records;
    records.reserve(vault.tail().size());
    for (const std::string_view canonical : vault.tail()) {
        OPS_TRY(const RecordView record, ParseRecord(canonical));
        records.push_back(record);
    }
    return std::ranges::all_of(Find(scan, records), [&](std::uint32_t at) { return on_record(vault.segments().end() + at, records[at]); });
}

}  // namespace

Result<void> ForEach(const VaultReader& vault, const Scan& scan, const OnRecord& on_record) {
    OPS_TRY(const bool goes_on, ScanSegments(vault, scan, on_record));
    if (goes_on) OPS_CHECK(ScanTail(vault, scan, on_record));
    return Ok();
}

}  // namespace opsteward::vault
