// Threads that read and hash blocks; the results are taken in the order the blocks were given.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "verifier/block_hasher.hpp"
#include "verifier/file.hpp"

namespace opsteward::verifier {

class BlockWorkers {
  public:
    /// `wanted` outlives it.
    BlockWorkers(unsigned threads, const WantedClaims& wanted);
    /// Blocks that nobody has begun with are let go.
    ~BlockWorkers();
    BlockWorkers(const BlockWorkers&) = delete;
    BlockWorkers& operator=(const BlockWorkers&) = delete;

    /// Parameters as BlockHasher; the future throws what that and File do.
    std::future<HashedBlock> Hash(std::shared_ptr<const File> file, std::uint64_t offset, std::uint64_t length, std::uint32_t index_rows);

  private:
    using Task = std::packaged_task<HashedBlock(BlockHasher&)>;
    void Work(BlockHasher& hasher);

    std::mutex mutex_;
    std::condition_variable is_more_;
    std::deque<Task> tasks_;
    bool is_ending_ = false;
    std::vector<std::jthread> threads_;
};

}  // namespace opsteward::verifier
