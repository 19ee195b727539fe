// The scheduler with its threads, and several of them on one database.
#include <barrier>
#include <future>
#include <latch>
#include <set>

#include "platform/jobs/scheduler.hpp"
#include "platform/jobs/scheduler_test_support.hpp"

namespace opsteward::jobs {
namespace {

using std::chrono::seconds;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class SchedulerThreadsTest : public SchedulerTestBase {
  protected:
    bool HasEnded(std::int64_t id) { return Find(id).finished_at.has_value(); }
};

TEST_P(SchedulerThreadsTest, RunsWhatIsQueuedAfterTheStart) {
    Changes changes;
    Scheduler scheduler(flaky(), clock_, {Leaving("a", "ran")}, changes.Listener());
    scheduler.Start();
    const std::int64_t id = Queue("a");
    scheduler.Wake();
    changes.Until([&] { return HasEnded(id); });
    EXPECT_THAT(Marks(), ElementsAre("ran"));
}

TEST_P(SchedulerThreadsTest, RunsAsManyJobsAtATimeAsItHasWorkers) {
    Changes changes;
    std::barrier all_at_once(3);
    Scheduler scheduler(flaky(), clock_, {Kind("a", [&](JobContext&) -> Result<Effect> {
        all_at_once.arrive_and_wait();
        return Effect();
    })}, changes.Listener());
    for (int i = 0; i < 3; ++i) Queue("a");
    scheduler.Start(3);
    changes.Until([&] { return std::ranges::all_of(Jobs(), [](const Job& job) { return job.state == JobState::kSucceeded; }); });
    EXPECT_THAT(Jobs(), SizeIs(3));
}

TEST_P(SchedulerThreadsTest, LooksForWorkAgainWhenABusyWorkerGetsFree) {
    Changes changes;
    std::latch has_started(1);
    std::latch may_end(1);
    Scheduler scheduler(flaky(), clock_, {Kind("long", [&](JobContext&) -> Result<Effect> {
        has_started.count_down();
        may_end.wait();
        return Effect();
    }), Leaving("short", "short")}, changes.Listener());
    Queue("long");
    scheduler.Start(1);
    has_started.wait();
    const std::int64_t id = Queue("short");
    may_end.count_down();
    changes.Until([&] { return HasEnded(id); });
    EXPECT_THAT(Marks(), ElementsAre("short"));
}

TEST_P(SchedulerThreadsTest, QueuesAgainWhatStoppingInterruptedWithoutCountingIt) {
    Changes changes;
    std::latch has_started(1);
    std::optional<Scheduler> scheduler;
    scheduler.emplace(flaky(), clock_, std::vector{Kind("a", [&](JobContext& context) -> Result<Effect> {
        has_started.count_down();
        AwaitCancellation(context, *scheduler);
        return Stopped();
    })}, changes.Listener());
    const std::int64_t id = Queue("a");
    scheduler->Start();
    has_started.wait();
    scheduler->Stop();
    const Job job = Find(id);
    EXPECT_EQ(job.state, JobState::kQueued);
    EXPECT_EQ(job.attempts, 0);
    EXPECT_EQ(job.run_at, clock_.Now());
    EXPECT_TRUE(job.error.empty());

    Scheduler next(database(), clock_, {Leaving("a", "next")});
    EXPECT_EQ(RunAll(next), 1);
    EXPECT_THAT(Marks(), ElementsAre("next"));
}

TEST_P(SchedulerThreadsTest, WritesTheEffectOfAJobThatIsDoneBeforeItStops) {
    std::latch has_started(1);
    Scheduler scheduler(flaky(), clock_, {Kind("a", [&](JobContext& context) -> Result<Effect> {
        has_started.count_down();
        AwaitCancellation(context, scheduler);
        return Leaves("done nevertheless");
    })});
    const std::int64_t id = Queue("a");
    scheduler.Start();
    has_started.wait();
    scheduler.Stop();
    EXPECT_EQ(Find(id).state, JobState::kSucceeded);
    EXPECT_THAT(Marks(), ElementsAre("done nevertheless"));
}

TEST_P(SchedulerThreadsTest, StartsAgainAfterAStop) {
    Changes changes;
    Scheduler scheduler(flaky(), clock_, {Leaving("a", "ran")}, changes.Listener());
    scheduler.Start();
    scheduler.Stop();
    scheduler.Stop();
    const std::int64_t id = Queue("a");
    scheduler.Start();
    changes.Until([&] { return HasEnded(id); });
    EXPECT_THAT(Marks(), ElementsAre("ran"));
}

TEST_P(SchedulerThreadsTest, WaitsForADatabaseThatIsAwayAtTheStart) {
    Changes changes;
    Scheduler scheduler(flaky(), clock_, {Leaving("a", "ran")}, changes.Listener());
    const std::int64_t id = Queue("a");
    flaky().SetAway(true);
    scheduler.Start();
    flaky().AwaitRefusal();
    flaky().SetAway(false);
    scheduler.Wake();
    changes.Until([&] { return HasEnded(id); });
    EXPECT_THAT(Marks(), ElementsAre("ran"));
}

TEST_P(SchedulerThreadsTest, WritesTheEndOnceTheDatabaseIsBack) {
    Changes changes;
    Scheduler scheduler(flaky(), clock_, {Kind("a", [&](JobContext&) -> Result<Effect> {
        flaky().SetAway(true);
        return Leaves("ran");
    })}, changes.Listener());
    const std::int64_t id = Queue("a");
    scheduler.Start(1);
    flaky().AwaitRefusal();
    flaky().SetAway(false);
    scheduler.Wake();
    changes.Until([&] { return HasEnded(id); });
    EXPECT_EQ(Find(id).state, JobState::kSucceeded);
    EXPECT_EQ(Find(id).attempts, 1);
    EXPECT_THAT(Marks(), ElementsAre("ran"));
}

TEST_P(SchedulerThreadsTest, StopsWhileTheDatabaseIsAway) {
    std::latch has_started(1);
    Scheduler scheduler(flaky(), clock_, {Kind("a", [&](JobContext&) -> Result<Effect> {
        flaky().SetAway(true);
        has_started.count_down();
        return Leaves("never written");
    })});
    const std::int64_t id = Queue("a");
    scheduler.Start(1);
    has_started.wait();
    scheduler.Stop();
    EXPECT_EQ(Find(id).state, JobState::kRunning);
    EXPECT_THAT(Marks(), IsEmpty());

    clock_.Advance(seconds(61));
    Scheduler next(database(), clock_, {Leaving("a", "next")});
    EXPECT_EQ(RunAll(next), 1);
    EXPECT_THAT(Marks(), ElementsAre("next"));
}

OPS_ON_EVERY_DATABASE(SchedulerThreadsTest);

// ---- Where transactions stand beside each other (SQLite has one writer)

class LongEffectTest : public SchedulerTestBase {};

TEST_P(LongEffectTest, DoesNotKeepOtherLeasesFromBeingRenewed) {
    Changes changes;
    std::latch other_has_started(1);
    std::latch other_may_end(1);
    std::optional<Scheduler> scheduler;
    const auto effect = [&](db::Transaction&) -> Result<void> {
        const int writes = flaky().writes();
        clock_.Advance(seconds(20));
        scheduler->Wake();
        flaky().AwaitWrite(writes);
        other_may_end.count_down();
        return Ok();
    };
    std::int64_t other = 0;
    const JobKind first = Kind("first", [&](JobContext&) -> Result<Effect> {
        other = Queue("other");
        scheduler->Wake();
        other_has_started.wait();
        return Effect(effect);
    });
    const JobKind second = Kind("other", [&](JobContext&) -> Result<Effect> {
        other_has_started.count_down();
        other_may_end.wait();
        return Leaves("other");
    });
    const std::int64_t id = Queue("first");
    scheduler.emplace(flaky(), clock_, std::vector{first, second}, changes.Listener());
    scheduler->Start(2);
    changes.Until([&] { return Find(id).finished_at.has_value() && Find(other).finished_at.has_value(); });
    scheduler->Stop();
    EXPECT_EQ(Find(id).state, JobState::kSucceeded);
    EXPECT_THAT(Marks(), ElementsAre("other"));
}

OPS_ON_DATABASES(LongEffectTest, db::testing::Kind::kPostgres);

// ---- Several servers

class SeveralSchedulersTest : public SchedulerTestBase {
  protected:
    void SetUp() override {
        SchedulerTestBase::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        auto opened = made().OpenAgain();
        ASSERT_TRUE(opened.ok());
        other_ = std::move(opened).value();
    }
    db::Database& other() { return *other_; }

  private:
    std::unique_ptr<db::Database> other_;
};

TEST_P(SeveralSchedulersTest, NeverRunAJobTwice) {
    constexpr int kJobs = 60;
    Changes changes;
    Mutex mutex;
    std::multiset<std::int64_t> runs;
    const JobKind kind = Kind("a", [&](JobContext& context) -> Result<Effect> {
        const MutexLock lock(mutex);
        runs.insert(context.id());
        return Leaves(std::to_string(context.id()));
    });
    std::set<std::int64_t> queued;
    std::set<std::string> expected;
    for (int i = 0; i < kJobs; ++i) {
        const std::int64_t id = Queue("a");
        queued.insert(id);
        expected.insert(std::to_string(id));
    }
    Scheduler first(database(), clock_, {kind}, changes.Listener());
    Scheduler second(other(), clock_, {kind}, changes.Listener());
    first.Start(2);
    second.Start(2);
    changes.Until([&] { return std::ranges::all_of(Jobs(), [](const Job& job) { return job.state == JobState::kSucceeded; }); });
    first.Stop();
    second.Stop();

    EXPECT_THAT(runs, testing::ElementsAreArray(queued));
    const auto marks = Marks();
    EXPECT_EQ(marks.size(), expected.size());
    EXPECT_EQ(std::set<std::string>(marks.begin(), marks.end()), expected);
    std::vector<int> attempts;
    for (const Job& job : Jobs()) attempts.push_back(job.attempts);
    EXPECT_THAT(attempts, Each(1));
}

TEST_P(SeveralSchedulersTest, QueueAScheduledRunOnce) {
    constexpr int kRuns = 10;
    Changes changes;
    JobKind kind = Leaving("often", "ran");
    kind.schedule = "every 60s";
    Scheduler first(database(), clock_, {kind}, changes.Listener());
    Scheduler second(other(), clock_, {kind}, changes.Listener());
    first.Start(2);
    second.Start(2);
    for (std::size_t run = 1; run <= kRuns; ++run) {
        changes.Until([&] { return Marks().size() >= run; });
        clock_.Advance(seconds(60));
        first.Wake();
        second.Wake();
    }
    changes.Until([&] { return Marks().size() > kRuns; });
    first.Stop();
    second.Stop();
    EXPECT_THAT(Marks(), SizeIs(kRuns + 1));
    EXPECT_THAT(Jobs(), SizeIs(kRuns + 1));
}

OPS_ON_DATABASES(SeveralSchedulersTest, db::testing::Kind::kSqliteFile, db::testing::Kind::kPostgres);

}  // namespace
}  // namespace opsteward::jobs
