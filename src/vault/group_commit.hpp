// Many threads' way into a vault: what they hand over at about the same time is written and synced together, by one thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "base/mutex.hpp"
#include "base/result.hpp"
#include "vault/vault_writer.hpp"

namespace opsteward::vault {

/// Bytes are those of the canonical records with their lengths.
struct GroupCommitOptions {
    std::size_t group_bytes = 256U << 10;             ///< a group is written as soon as so many bytes wait
    std::chrono::milliseconds gathering{2};           ///< and at the latest when its first submission has waited so long
    std::size_t max_group_bytes = 1U << 20;           ///< of several submissions; one alone may have up to WriteAheadLog::kMaxGroup
    std::size_t max_unanswered_bytes = 32U << 20;     ///< with so many, submitting waits
    std::chrono::milliseconds seal_period{1000};      ///< from the first record that is not sealed
};

/// Safe from any number of threads. The thread it starts is the only one that may use the vault as long as it lives: for everything else that is to be
/// done with it there is Run().
class GroupCommit {
  public:
    /// What the thread calls, one after the other.
    struct Vault {
        std::function<Result<std::uint64_t>(std::span<const RecordView>)> append;  ///< as VaultWriter::Append
        std::function<Result<void>()> seal;
    };
    /// Called once, on the committing thread, with no lock held: the number of the submission's first record, now that all of them are on the disk, or why
    /// none was kept. Everybody waits for it: it passes the news on and returns, it does not throw, and it calls nothing here that may wait.
    using Answer = std::function<void(const Result<std::uint64_t>& first)>;

    explicit GroupCommit(Vault vault, GroupCommitOptions options = {});
    /// `vault` outlives it.
    explicit GroupCommit(VaultWriter& vault, GroupCommitOptions options = {});
    ~GroupCommit();
    GroupCommit(const GroupCommit&) = delete;
    GroupCommit& operator=(const GroupCommit&) = delete;

    /// Hands over copies of the records, which are kept together or not at all. Whoever calls it again after it returned is kept in that order.
    ///
    /// While too much is unanswered it waits. A receiver that waits does not read: the sender is slowed down by its connection, and of datagrams the kernel
    /// counts what it drops. To be refused instead would leave a receiver with bytes it has taken from the sender and has no place for.
    ///
    /// After an error nothing was taken, and `answer` is never called: kInvalidInput or kTooLarge for the records, kCancelled when `stop` ended the wait,
    /// kUnavailable after Stop().
    Result<void> Submit(std::span<const RecordView> records, Answer answer, const std::stop_token& stop = {}) OPS_EXCLUDES(mutex_);
    /// Submits and waits for the answer.
    Result<std::uint64_t> Append(std::span<const RecordView> records, const std::stop_token& stop = {}) OPS_EXCLUDES(mutex_);

    /// Runs the job on the committing thread and returns what it returns, or throws what it throws. What was submitted before it is written before it, what
    /// is submitted meanwhile waits. A job that appends to the vault by itself also seals it. kUnavailable after Stop().
    Result<void> Run(std::function<Result<void>()> job) OPS_EXCLUDES(mutex_);

    /// Takes nothing in any more, writes and answers what waits, seals, and ends the thread. Tells whether everything is sealed. Not from two threads at a time.
    Result<void> Stop() OPS_EXCLUDES(mutex_);

  private:
    using Clock = std::chrono::steady_clock;
    struct Submission {
        std::string records;  ///< each as its length in 4 bytes and its canonical bytes
        std::size_t count = 0;
        Answer answer;
        Clock::time_point since;
    };
    using Group = std::vector<Submission>;
    using Job = std::packaged_task<Result<void>()>;
    struct SealNow {};
    using Step = std::variant<Group, Job, SealNow>;

    void Work() OPS_EXCLUDES(mutex_);
    /// Waits for it; nothing when all is done and nothing more can come.
    std::optional<Step> Next() OPS_EXCLUDES(mutex_);
    std::optional<Step> TakeStep(Clock::time_point now) OPS_REQUIRES(mutex_);
    bool IsGroupDue(Clock::time_point now) const OPS_REQUIRES(mutex_);
    Group TakeGroup() OPS_REQUIRES(mutex_);
    std::optional<Clock::time_point> NextDeadline() const OPS_REQUIRES(mutex_);

    void CarryOut(Group& group) OPS_EXCLUDES(mutex_);
    void CarryOut(Job& job) { job(); }
    void CarryOut(SealNow& /*due*/) { Seal(); }
    Result<std::uint64_t> Write(const Group& group);
    void Seal();

    const Vault vault_;
    const GroupCommitOptions options_;

    Mutex mutex_;
    std::condition_variable work_;
    std::condition_variable room_;
    std::deque<std::variant<Submission, Job>> waiting_ OPS_GUARDED_BY(mutex_);
    std::size_t waiting_bytes_ OPS_GUARDED_BY(mutex_) = 0;
    std::size_t waiting_jobs_ OPS_GUARDED_BY(mutex_) = 0;
    std::size_t unanswered_bytes_ OPS_GUARDED_BY(mutex_) = 0;  ///< those and the ones of the group being written
    bool is_stopping_ OPS_GUARDED_BY(mutex_) = false;

    // The committing thread's alone.
    std::vector<RecordView> records_;           ///< of the group being written
    std::optional<Clock::time_point> seal_at_;  ///< when something is not sealed
    Result<void> sealed_;                       ///< how the last sealing went

    std::thread thread_;
};

}  // namespace opsteward::vault
