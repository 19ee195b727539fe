// What the tests of the scheduler stand on: a database that can go away, effects that can be counted, changes that can be waited for.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "base/mutex.hpp"
#include "db/testing/test_databases.hpp"
#include "platform/audit/trail.hpp"
#include "platform/jobs/scheduler.hpp"

namespace opsteward::jobs {

/// Hands everything on to another database, unless told that it is away. Counts, so that tests can wait for what other threads do.
class FlakyDatabase final : public db::Database {
  public:
    explicit FlakyDatabase(db::Database& target) : target_(target) {}

    Result<void> ReadWith(const std::function<Result<void>(db::Session&)>& body) override {
        if (auto refusal = Refusal(nullptr)) return *refusal;
        auto result = target_.ReadWith(body);
        Count(reads_);
        return result;
    }
    Result<void> WriteWith(const std::function<Result<void>(db::Transaction&)>& body) override {
        if (auto refusal = Refusal(&writes_to_fail_)) return *refusal;
        auto result = target_.WriteWith(body);
        Count(writes_);
        return result;
    }
    Result<db::ResultSet> QueryRestricted(std::string_view sql, std::span<const db::Value> parameters,
                                          const db::QueryLimits& limits) override {
        return target_.QueryRestricted(sql, parameters, limits);
    }
    Result<void> BackUpTo(const std::filesystem::path& to) override { return target_.BackUpTo(to); }
    db::Dialect dialect() const override { return target_.dialect(); }
    Result<void> Ping() override {
        const MutexLock lock(mutex_);
        return is_away_ ? Result<void>(Away()) : Ok();
    }

    void SetAway(bool is_away) {
        const MutexLock lock(mutex_);
        is_away_ = is_away;
    }
    /// The next `count` writes fail with this code, and do nothing.
    void FailWrites(int count, ErrorCode code) {
        const MutexLock lock(mutex_);
        writes_to_fail_ = {count, code};
    }
    int reads() { return Get(reads_); }
    int writes() { return Get(writes_); }
    void AwaitRead(int beyond) { Await(reads_, beyond); }
    void AwaitWrite(int beyond) { Await(writes_, beyond); }
    void AwaitRefusal() { Await(refusals_, 0); }

  private:
    struct Failures {
        int count = 0;
        ErrorCode code = ErrorCode::kUnavailable;
    };

    static Error Away() { return Error::Hidden(ErrorCode::kUnavailable, "the test says that the database is away"); }
    std::optional<Error> Refusal(Failures* failures) {
        const MutexLock lock(mutex_);
        if (!is_away_ && (failures == nullptr || failures->count == 0)) return std::nullopt;
        ++refusals_;
        counted_.notify_all();
        if (is_away_) return Away();
        --failures->count;
        return Error::Hidden(failures->code, "the test lets this fail");
    }
    void Count(int& counter) {
        const MutexLock lock(mutex_);
        ++counter;
        counted_.notify_all();
    }
    int Get(const int& counter) {
        const MutexLock lock(mutex_);
        return counter;
    }
    void Await(const int& counter, int beyond) {
        MutexLock lock(mutex_);
        while (counter <= beyond) lock.Wait(counted_);
    }

    db::Database& target_;
    Mutex mutex_;
    std::condition_variable counted_;
    bool is_away_ = false;
    Failures writes_to_fail_;
    int reads_ = 0;
    int writes_ = 0;
    int refusals_ = 0;
};

/// The on_change of a scheduler, or of several.
class Changes {
  public:
    std::function<void(std::int64_t, std::string_view)> Listener() {
        return [this](std::int64_t id, std::string_view kind) {
            const MutexLock lock(mutex_);
            seen_.emplace_back(id, kind);
            changed_.notify_all();
        };
    }
    std::vector<std::pair<std::int64_t, std::string>> seen() {
        const MutexLock lock(mutex_);
        return seen_;
    }
    /// Waits until it holds; looks again after each change.
    void Until(const std::function<bool()>& holds) {
        for (std::size_t known = seen().size(); !holds(); known = seen().size()) {
            MutexLock lock(mutex_);
            while (seen_.size() == known) lock.Wait(changed_);
        }
    }

  private:
    Mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::pair<std::int64_t, std::string>> seen_;
};

class SchedulerTestBase : public db::testing::DatabaseTest {
  protected:
    void SetUp() override {
        DatabaseTest::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        std::vector<db::Migration> migrations(audit::Migrations().begin(), audit::Migrations().end());
        migrations.insert(migrations.end(), Migrations().begin(), Migrations().end());
        ASSERT_TRUE(Migrate(migrations).ok());
        flaky_.emplace(database());
    }

    FlakyDatabase& flaky() { return *flaky_; }

    /// An effect that can be found again by its mark.
    Effect Leaves(std::string mark) {
        return [mark = std::move(mark), now = clock_.Now()](db::Transaction& transaction) {
            return audit::Append(transaction, {}, {"test.effect", "test", mark, mark, std::nullopt, nullptr, nullptr}, now);
        };
    }
    std::vector<std::string> Marks() {
        audit::Filter filter;
        filter.subject_kind = "test";
        filter.limit = 1000;
        const auto entries = database().Read<std::vector<audit::Entry>>([&](db::Session& session) { return audit::Search(session, filter); });
        EXPECT_TRUE(entries.ok());
        std::vector<std::string> marks;
        for (const audit::Entry& entry : *entries) marks.push_back(entry.change.subject_id);
        std::ranges::reverse(marks);
        return marks;
    }

    static JobKind Kind(std::string key, std::function<Result<Effect>(JobContext&)> handler) {
        JobKind kind;
        kind.key = std::move(key);
        kind.title = {"測試", "Test"};
        kind.handler = std::move(handler);
        return kind;
    }
    JobKind Leaving(std::string key, std::string mark) {
        return Kind(std::move(key), [this, mark = std::move(mark)](JobContext&) -> Result<Effect> { return Leaves(mark); });
    }

    std::int64_t Queue(std::string_view kind, const json::value& payload = nullptr) {
        const auto id = database().Write<std::int64_t>(
            [&](db::Transaction& transaction) { return Enqueue(transaction, kind, payload, "", clock_.Now(), {}); });
        EXPECT_TRUE(id.ok());
        return id.value_or(0);
    }
    Result<void> Cancel(std::int64_t id) {
        return database().WriteWith([&](db::Transaction& transaction) { return CancelJob(transaction, id, {}, clock_.Now()); });
    }
    Result<void> Retry(std::int64_t id) {
        return database().WriteWith([&](db::Transaction& transaction) { return RetryJob(transaction, id, {}, clock_.Now()); });
    }
    Job Find(std::int64_t id) {
        const auto job = database().Read<Job>([&](db::Session& session) { return FindJob(session, id); });
        EXPECT_TRUE(job.ok()) << "job " << id;
        return job.value_or(Job());
    }
    std::vector<Job> Jobs() {
        return database().Read<std::vector<Job>>([](db::Session& session) { return ListJobs(session, "", std::nullopt, 0, 1000); }).value();
    }
    std::vector<std::string> LogOf(std::int64_t id) {
        const auto lines = database().Read<std::vector<LogLine>>([&](db::Session& session) { return JobLog(session, id); });
        std::vector<std::string> texts;
        for (const LogLine& line : *lines) texts.push_back(line.text.en);
        return texts;
    }
    static int RunAll(Scheduler& scheduler) {
        const auto ran = scheduler.RunDue();
        EXPECT_TRUE(ran.ok());
        return ran.value_or(-1);
    }
    /// Waits inside a handler: each look of the keeper may be the one that brings the news.
    static void AwaitCancellation(const JobContext& context, Scheduler& scheduler) {
        while (!context.is_cancelled()) {
            scheduler.Wake();
            std::this_thread::yield();
        }
    }

    ManualClock clock_{Instant(std::chrono::seconds(1'754'373'780))};  // 2025-08-05T14:03:00+08:00

  private:
    std::optional<FlakyDatabase> flaky_;
};

inline Error Stopped() { return Error::Of(ErrorCode::kCancelled, "已取消。", "Cancelled."); }
inline Error Broken() { return Error::Of(ErrorCode::kInternal, "壞了。", "It broke."); }

}  // namespace opsteward::jobs
