#include "verifier/block_workers.hpp"

#include <system_error>
#include <utility>

namespace opsteward::verifier {

BlockWorkers::BlockWorkers(unsigned threads, const WantedClaims& wanted) {
    for (unsigned i = 0; i < threads; ++i) {
        try {
            threads_.emplace_back([this, hasher = std::make_unique<BlockHasher>(wanted)] { Work(*hasher); });
        } catch (const std::system_error&) {
            if (threads_.empty()) throw;  // fewer than asked for will do
            return;
        }
    }
}

BlockWorkers::~BlockWorkers() {
    {
        const std::lock_guard lock(mutex_);
        is_ending_ = true;
        tasks_.clear();
    }
    is_more_.notify_all();
}

std::future<HashedBlock> BlockWorkers::Hash(std::shared_ptr<const File> file, std::uint64_t offset, std::uint64_t length,
                                            std::uint32_t index_rows) {
    Task task([file = std::move(file), offset, length, index_rows](BlockHasher& hasher) { return hasher(file->ReadAt(offset, length), index_rows); });
    auto result = task.get_future();
    {
        const std::lock_guard lock(mutex_);
        tasks_.push_back(std::move(task));
    }
    is_more_.notify_one();
    return result;
}

void BlockWorkers::Work(BlockHasher& hasher) {
    while (true) {
        Task task;
        {
            std::unique_lock lock(mutex_);
            is_more_.wait(lock, [this] { return is_ending_ || !tasks_.empty(); });
            if (is_ending_) return;
            task = std::move(tasks_.front());
            tasks_.pop_front();
        }
        task(hasher);
    }
}

}  // namespace opsteward::verifier
