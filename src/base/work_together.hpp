// Pieces of work for several threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace opsteward {

/// `wanted`; 0: as many as there are processors, at most 8.
inline unsigned ThreadCount(unsigned wanted) {
    constexpr unsigned kMostThreads = 8;
    return wanted != 0 ? wanted : std::clamp(std::thread::hardware_concurrency(), 1U, kMostThreads);
}

/// `begin()` makes what one thread works with, which is called with pieces 0 … count - 1 and says whether that thread goes on. `threads` as of ThreadCount; the
/// calling thread is one of them.
template <typename Begin>
void WorkTogether(unsigned threads, std::size_t count, const Begin& begin) {
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        auto piece = begin();
        for (std::size_t i = next++; i < count; i = next++) {
            if (!piece(i)) return;
        }
    };
    std::vector<std::thread> others;
    for (unsigned i = 1; i < ThreadCount(threads) && i < count; ++i) others.emplace_back(work);
    work();
    for (std::thread& other : others) other.join();
}

}  // namespace opsteward
