#include "features/vulnerabilities/snapshot/intake.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <optional>
#include <utility>

#include "base/mutex.hpp"
#include "base/work_together.hpp"
#include "features/vulnerabilities/feed/feed_file.hpp"
#include "features/vulnerabilities/feed/record_file.hpp"
#include "features/vulnerabilities/snapshot/snapshot_parts.hpp"

namespace opsteward::vuln {

namespace {

struct FeedTask {
    FeedRole role;
    FeedLocation location;
    std::uint64_t bytes = 0;
    std::size_t number = 0;  ///< in the order in which they were given
};

template <typename Read>
Result<FeedCount> ReadWhole(const FeedLocation& location, const RecordSink& sink, const Read& read) {
    OPS_TRY(std::string text, ReadFeedFile(location));
    auto count = read(text, sink);
    if (count.ok()) return count;
    return InFile(location.Label(), std::move(count).error());
}

Result<FeedCount> ReadFeed(FeedRole role, const FeedLocation& location, const RecordSink& sink) {
    switch (role) {
        case FeedRole::kNvd: return ReadWhole(location, sink, ReadNvd);
        case FeedRole::kCve5: return ReadCve5File(location, sink);
        case FeedRole::kKev: return ReadWhole(location, sink, ReadKev);
        case FeedRole::kEpss: return ReadWhole(location, sink, ReadEpss);
        case FeedRole::kOsv: return ReadOsvFile(location, sink);
        case FeedRole::kDebian: return ReadWhole(location, sink, ReadDebianTracker);
    }
    return FeedCount{};
}

class Intake {
  public:
    Intake(RecordStore& store, const IntakeOptions& options) : store_(store), options_(options) {}

    Result<IntakeReport> Run(const std::vector<FeedInput>& inputs, const Bundle* bundle) {
        OPS_CHECK(Plan(inputs, bundle));
        WorkTogether(options_.threads, tasks_.size(), [this] {
            return [this](std::size_t i) { return !has_failed_ && !options_.is_cancelled() && Read(tasks_[i]); };
        });
        const MutexLock lock(mutex_);
        if (failure_) return std::move(*failure_);
        if (options_.is_cancelled()) return Cancelled();
        return std::move(report_);
    }

  private:
    Result<void> Plan(const std::vector<FeedInput>& inputs, const Bundle* bundle) {
        const MutexLock lock(mutex_);
        for (std::size_t role = 0; bundle != nullptr && role < kFeedRoles; ++role) {
            for (const FeedLocation& location : bundle->SourcesOf(static_cast<FeedRole>(role))) AddTask(static_cast<FeedRole>(role), location, location.size.value_or(0));
        }
        for (const FeedInput& input : inputs) {
            OPS_TRY(const auto files, FeedFilesIn(input.path, &report_.ignored));
            for (const auto& file : files) {
                std::error_code error;
                const std::uint64_t bytes = std::filesystem::file_size(file, error);
                AddTask(input.role, file, error ? 0 : bytes);
            }
        }
        // The largest first, so that the threads end together.
        std::ranges::stable_sort(tasks_, [](const FeedTask& a, const FeedTask& b) { return a.bytes > b.bytes; });
        return Ok();
    }

    void AddTask(FeedRole role, const FeedLocation& location, std::uint64_t bytes) OPS_REQUIRES(mutex_) {
        auto known = std::ranges::find(report_.feeds, role, &IntakeReport::Feed::role);
        if (known == report_.feeds.end()) known = report_.feeds.insert(known, {role, 0, {}});
        ++known->files;
        tasks_.push_back({role, location, bytes, tasks_.size()});
        total_bytes_ += bytes;
    }

    /// False when it failed.
    bool Read(const FeedTask& task) {
        std::optional<Error> refused;
        auto count = ReadFeed(task.role, task.location, [&](Vulnerability&& record) {
            auto added = store_.Add(record, task.number);
            if (!added.ok() && !refused) refused = std::move(added).error();
        });
        const MutexLock lock(mutex_);
        if (!count.ok() || refused) {
            if (!failure_) failure_ = refused ? std::move(*refused) : std::move(count).error();
            has_failed_ = true;
            return false;
        }
        std::ranges::find(report_.feeds, task.role, &IntakeReport::Feed::role)->count += *count;
        done_bytes_ += task.bytes;
        options_.progress(done_bytes_, total_bytes_);
        return true;
    }

    RecordStore& store_;
    const IntakeOptions& options_;
    std::vector<FeedTask> tasks_;
    std::uint64_t total_bytes_ = 0;
    std::atomic<bool> has_failed_ = false;
    Mutex mutex_;
    std::uint64_t done_bytes_ OPS_GUARDED_BY(mutex_) = 0;
    IntakeReport report_ OPS_GUARDED_BY(mutex_);
    std::optional<Error> failure_ OPS_GUARDED_BY(mutex_);
};

}  // namespace

Result<IntakeReport> TakeIn(const std::vector<FeedInput>& inputs, const Bundle* bundle, RecordStore& store, const IntakeOptions& options) {
    return Intake(store, options).Run(inputs, bundle);
}

}  // namespace opsteward::vuln
