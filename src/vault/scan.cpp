#include "vault/scan.hpp"

#include <algorithm>
#include <bit>
#include <condition_variable>
#include <deque>
#include <future>
#include <numeric>
#include <optional>
#include <thread>

#include "base/mutex.hpp"

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

/// Threads that read blocks one after the other, the longest waiting first. They are begun with the first: many searches need none.
class BlockReaders {
  public:
    using Task = std::packaged_task<Result<ReadBlock>()>;

    explicit BlockReaders(std::size_t count) : count_(count) {}
    ~BlockReaders() {
        {
            const MutexLock lock(mutex_);
            is_ending_ = true;
        }
        is_waiting_.notify_all();
        for (std::thread& thread : threads_) thread.join();
    }
    BlockReaders(const BlockReaders&) = delete;
    BlockReaders& operator=(const BlockReaders&) = delete;

    void Do(Task task) OPS_EXCLUDES(mutex_) {
        {
            const MutexLock lock(mutex_);
            waiting_.push_back(std::move(task));
        }
        is_waiting_.notify_one();
        if (threads_.size() < count_) threads_.emplace_back([this] { Work(); });
    }

  private:
    void Work() {
        while (auto task = Next()) (*task)();
    }
    /// Nothing once it ends: nobody wants the rest.
    std::optional<Task> Next() OPS_EXCLUDES(mutex_) {
        MutexLock lock(mutex_);
        while (waiting_.empty() && !is_ending_) lock.Wait(is_waiting_);
        if (is_ending_) return std::nullopt;
        Task task = std::move(waiting_.front());
        waiting_.pop_front();
        return task;
    }

    const std::size_t count_;
    Mutex mutex_;
    std::condition_variable is_waiting_;
    std::deque<Task> waiting_ OPS_GUARDED_BY(mutex_);
    bool is_ending_ OPS_GUARDED_BY(mutex_) = false;
    std::vector<std::thread> threads_;
};

/// Blocks that are being read, in their order.
class BlockQueue {
  public:
    explicit BlockQueue(const Scan& scan) : BlockQueue(scan, std::max(1U, scan.threads != 0 ? scan.threads : std::thread::hardware_concurrency())) {}

    bool is_empty() const { return reading_.empty(); }
    bool is_full() const { return reading_.size() == room_; }
    void Begin(const Segment& segment, const BlockEntry& entry) {
        BlockReaders::Task task([this, &segment, &entry]() -> Result<ReadBlock> {
            OPS_TRY(Block block, segment.Read(entry, scan_.choose_rows));
            auto wanted = Find(scan_, block.records());
            return ReadBlock{std::move(block), std::move(wanted)};
        });
        reading_.push_back(task.get_future());
        readers_.Do(std::move(task));
    }
    Result<ReadBlock> Take() {
        auto next = std::move(reading_.front());
        reading_.pop_front();
        return next.get();
    }

  private:
    BlockQueue(const Scan& scan, std::size_t threads) : scan_(scan), room_(2 * threads), readers_(threads) {}

    const Scan& scan_;
    std::size_t room_;
    std::deque<std::future<Result<ReadBlock>>> reading_;
    BlockReaders readers_;
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
