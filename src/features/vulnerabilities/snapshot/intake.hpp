// Reads the files of feeds into a store, several at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "base/result.hpp"
#include "features/vulnerabilities/feed/bundle.hpp"
#include "features/vulnerabilities/feed/feed.hpp"
#include "features/vulnerabilities/snapshot/record_store.hpp"

namespace opsteward::vuln {

struct IntakeOptions {
    unsigned threads = 0;  ///< ThreadCount (base/work_together.hpp)
    std::function<bool()> is_cancelled = [] { return false; };
    /// So many bytes of files are read, of so many. Called from several threads at a time.
    std::function<void(std::uint64_t done, std::uint64_t total)> progress = [](std::uint64_t, std::uint64_t) {};
};

struct IntakeReport {
    struct Feed {
        FeedRole role;
        std::uint64_t files = 0;
        FeedCount count;
    };
    std::vector<Feed> feeds;                      ///< of each role that was given
    std::vector<std::filesystem::path> ignored;  ///< files in the folders that are no feed by their names
};

/// The files and folders of `inputs`, and those of `bundle` where there is one. kNotFound, kInvalidInput, kTooLarge: names the file; the store may hold a part
/// then. kCancelled.
Result<IntakeReport> TakeIn(const std::vector<FeedInput>& inputs, const Bundle* bundle, RecordStore& store, const IntakeOptions& options);

}  // namespace opsteward::vuln
