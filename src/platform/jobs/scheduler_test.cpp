// The scheduler on one thread: RunDue() with a clock that stands still.
#include "platform/jobs/scheduler.hpp"

#include <stdexcept>

#include "base/civil_time.hpp"
#include "platform/jobs/scheduler_test_support.hpp"

namespace opsteward::jobs {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

class SchedulerTest : public SchedulerTestBase {};

TEST_P(SchedulerTest, RunsAJobWithItsPayloadAndWritesItsEffect) {
    Changes changes;
    const JobKind kind = Kind("a", [&](JobContext& context) -> Result<Effect> {
        EXPECT_EQ(Find(context.id()).state, JobState::kRunning);
        EXPECT_EQ(context.now(), clock_.Now());
        return Leaves(std::string(context.payload().at("mark").as_string()));
    });
    Scheduler scheduler(flaky(), clock_, {kind}, changes.Listener());
    const std::int64_t id = Queue("a", json::object{{"mark", "done"}});

    EXPECT_EQ(RunAll(scheduler), 1);
    EXPECT_THAT(Marks(), ElementsAre("done"));
    const Job job = Find(id);
    EXPECT_EQ(job.state, JobState::kSucceeded);
    EXPECT_EQ(job.attempts, 1);
    EXPECT_EQ(job.progress, 1);
    EXPECT_EQ(job.started_at, clock_.Now());
    EXPECT_EQ(job.finished_at, clock_.Now());
    EXPECT_TRUE(job.error.empty());
    EXPECT_THAT(changes.seen(), ElementsAre(Pair(id, "a"), Pair(id, "a")));
    EXPECT_EQ(RunAll(scheduler), 0);
}

TEST_P(SchedulerTest, RunsInTheOrderOfTheirTimesAndNotBefore) {
    std::vector<std::int64_t> order;
    Scheduler scheduler(flaky(), clock_, {Kind("a", [&](JobContext& context) -> Result<Effect> {
        order.push_back(context.id());
        return Effect();
    })});
    const Instant start = clock_.Now();
    clock_.Set(start + seconds(20));
    const std::int64_t later = Queue("a");
    clock_.Set(start + seconds(10));
    const std::int64_t sooner = Queue("a");
    clock_.Set(start);
    EXPECT_EQ(RunAll(scheduler), 0);
    clock_.Set(start + seconds(20));
    EXPECT_EQ(RunAll(scheduler), 2);
    EXPECT_THAT(order, ElementsAre(sooner, later));
}

TEST_P(SchedulerTest, LeavesKindsItDoesNotKnowAlone) {
    Scheduler scheduler(flaky(), clock_, {Leaving("a", "a")});
    const std::int64_t id = Queue("of another program");
    EXPECT_EQ(RunAll(scheduler), 0);
    EXPECT_EQ(Find(id).state, JobState::kQueued);
}

// ---- Leases

TEST_P(SchedulerTest, TakesEffectOnceWhenTheLeaseIsLostInTheMiddle) {
    Scheduler second(database(), clock_, {Leaving("a", "second")});
    std::optional<Scheduler> first;
    first.emplace(flaky(), clock_, std::vector{Kind("a", [&](JobContext& context) -> Result<Effect> {
        context.Log({"第一", "from the first"});
        flaky().SetAway(true);
        clock_.Advance(seconds(61));
        EXPECT_EQ(RunAll(second), 1);
        flaky().SetAway(false);
        return Leaves("first");
    })});
    const std::int64_t id = Queue("a");

    EXPECT_EQ(RunAll(*first), 1);
    EXPECT_THAT(Marks(), ElementsAre("second"));
    EXPECT_EQ(Find(id).state, JobState::kSucceeded);
    EXPECT_EQ(Find(id).attempts, 2);
    EXPECT_THAT(LogOf(id), IsEmpty());
}

TEST_P(SchedulerTest, TellsTheHandlerThatItsLeaseIsLost) {
    Scheduler second(database(), clock_, {Leaving("a", "second")});
    std::optional<Scheduler> first;
    bool has_heard = false;
    first.emplace(flaky(), clock_, std::vector{Kind("a", [&](JobContext& context) -> Result<Effect> {
        flaky().SetAway(true);
        clock_.Advance(seconds(61));
        EXPECT_EQ(RunAll(second), 1);
        flaky().SetAway(false);
        AwaitCancellation(context, *first);
        has_heard = true;
        return Stopped();
    })});
    const std::int64_t id = Queue("a");
    EXPECT_EQ(RunAll(*first), 1);
    EXPECT_TRUE(has_heard);
    EXPECT_EQ(Find(id).state, JobState::kSucceeded);
}

TEST_P(SchedulerTest, KeepsTheLeaseOfAHandlerThatSaysNothing) {
    Scheduler second(database(), clock_, {Leaving("a", "second")});
    std::optional<Scheduler> first;
    first.emplace(flaky(), clock_, std::vector{Kind("a", [&](JobContext&) -> Result<Effect> {
        for (int third = 0; third < 9; ++third) {
            const int writes = flaky().writes();
            clock_.Advance(seconds(20));
            first->Wake();
            flaky().AwaitWrite(writes);
            EXPECT_EQ(RunAll(second), 0);
        }
        return Leaves("first");
    })});
    const std::int64_t id = Queue("a");
    EXPECT_EQ(RunAll(*first), 1);
    EXPECT_THAT(Marks(), ElementsAre("first"));
    EXPECT_EQ(Find(id).attempts, 1);
}

// ---- Failures

TEST_P(SchedulerTest, TriesAgainEverLaterAndThenFails) {
    JobKind kind = Kind("a", [](JobContext&) -> Result<Effect> { return Broken(); });
    kind.max_attempts = 11;
    Scheduler scheduler(flaky(), clock_, {kind});
    const std::int64_t id = Queue("a");
    milliseconds pause = seconds(10);
    for (int attempt = 1; attempt < kind.max_attempts; ++attempt) {
        ASSERT_EQ(RunAll(scheduler), 1);
        const Job job = Find(id);
        ASSERT_EQ(job.state, JobState::kQueued);
        EXPECT_EQ(job.attempts, attempt);
        EXPECT_EQ(job.error.en, "It broke.");
        EXPECT_FALSE(job.finished_at.has_value());
        EXPECT_GE(job.run_at - clock_.Now(), pause);
        EXPECT_LE(job.run_at - clock_.Now(), pause + pause / 10);
        clock_.Set(job.run_at - milliseconds(1));
        EXPECT_EQ(RunAll(scheduler), 0);
        clock_.Set(job.run_at);
        pause = std::min<milliseconds>(hours(1), pause * 2);
    }
    EXPECT_EQ(pause, hours(1));
    EXPECT_EQ(RunAll(scheduler), 1);
    const Job job = Find(id);
    EXPECT_EQ(job.state, JobState::kFailed);
    EXPECT_EQ(job.attempts, 11);
    EXPECT_EQ(job.error.zh, "壞了。");
    EXPECT_EQ(job.finished_at, clock_.Now());
    EXPECT_EQ(LogOf(id).size(), 11U);
    EXPECT_EQ(LogOf(id).back(), "Attempt 11 failed: It broke.");
}

TEST_P(SchedulerTest, TakesWhatAHandlerThrowsForAFailedAttempt) {
    JobKind known = Kind("known", [](JobContext&) -> Result<Effect> { throw std::runtime_error("secret detail"); });
    JobKind unknown = Kind("unknown", [](JobContext&) -> Result<Effect> { throw 42; });
    known.max_attempts = unknown.max_attempts = 1;
    Scheduler scheduler(flaky(), clock_, {known, unknown});
    for (const std::string_view kind : {"known", "unknown"}) {
        const std::int64_t id = Queue(kind);
        EXPECT_EQ(RunAll(scheduler), 1);
        EXPECT_EQ(Find(id).state, JobState::kFailed);
        EXPECT_FALSE(Find(id).error.empty());
        EXPECT_THAT(Find(id).error.en, testing::Not(HasSubstr("secret")));
    }
}

TEST_P(SchedulerTest, LeavesNothingOfAnEffectThatFails) {
    const auto fails = [&](JobContext&) -> Result<Effect> {
        return Effect([this](db::Transaction& transaction) -> Result<void> {
            OPS_CHECK(Leaves("half")(transaction));
            return Broken();
        });
    };
    const auto throws = [&](JobContext&) -> Result<Effect> {
        return Effect([this](db::Transaction& transaction) -> Result<void> {
            OPS_CHECK(Leaves("half")(transaction));
            throw std::runtime_error("in the middle");
        });
    };
    Scheduler scheduler(flaky(), clock_, {Kind("fails", fails), Kind("throws", throws)});
    for (const std::string_view kind : {"fails", "throws"}) {
        const std::int64_t id = Queue(kind);
        EXPECT_EQ(RunAll(scheduler), 1);
        EXPECT_EQ(Find(id).state, JobState::kQueued);
        EXPECT_EQ(Find(id).attempts, 1);
        EXPECT_FALSE(Find(id).error.empty());
    }
    EXPECT_THAT(Marks(), IsEmpty());
}

TEST_P(SchedulerTest, TriesAnEffectAgainWhenSomethingItNeedsIsAwayForAMoment) {
    int tries = 0;
    Scheduler scheduler(flaky(), clock_, {Kind("a", [&](JobContext&) -> Result<Effect> {
        return Effect([&](db::Transaction& transaction) -> Result<void> {
            if (++tries < 3) return Error::Hidden(ErrorCode::kUnavailable, "not yet");
            return Leaves("in the end")(transaction);
        });
    })});
    const std::int64_t id = Queue("a");
    EXPECT_EQ(RunAll(scheduler), 1);
    EXPECT_EQ(Find(id).state, JobState::kSucceeded);
    EXPECT_EQ(tries, 3);
    EXPECT_THAT(Marks(), ElementsAre("in the end"));
}

TEST_P(SchedulerTest, CountsAnAttemptAsFailedWhenWhatItsEffectNeedsStaysAway) {
    int tries = 0;
    Scheduler scheduler(flaky(), clock_, {Kind("a", [&](JobContext&) -> Result<Effect> {
        return Effect([&](db::Transaction&) -> Result<void> {
            ++tries;
            return Error::Hidden(ErrorCode::kUnavailable, "never");
        });
    })});
    const std::int64_t id = Queue("a");
    EXPECT_EQ(RunAll(scheduler), 1);
    EXPECT_EQ(Find(id).state, JobState::kQueued);
    EXPECT_EQ(Find(id).attempts, 1);
    EXPECT_EQ(tries, 3);
}

TEST_P(SchedulerTest, WritesTheEndAgainWhenItCollidedWithAnotherWrite) {
    Scheduler scheduler(flaky(), clock_, {Kind("a", [&](JobContext&) -> Result<Effect> {
        flaky().FailWrites(2, ErrorCode::kConflict);
        return Leaves("once");
    })});
    const std::int64_t id = Queue("a");
    EXPECT_EQ(RunAll(scheduler), 1);
    EXPECT_EQ(Find(id).state, JobState::kSucceeded);
    EXPECT_THAT(Marks(), ElementsAre("once"));
}

// ---- Cancelling and retrying

TEST_P(SchedulerTest, DoesNotRunAQueuedJobThatWasCancelled) {
    Scheduler scheduler(flaky(), clock_, {Leaving("a", "a")});
    const std::int64_t id = Queue("a");
    ASSERT_TRUE(Cancel(id).ok());
    EXPECT_EQ(RunAll(scheduler), 0);
    EXPECT_EQ(Find(id).state, JobState::kCancelled);
    EXPECT_THAT(Marks(), IsEmpty());
}

TEST_P(SchedulerTest, TellsTheHandlerThatAPersonCancelled) {
    std::optional<Scheduler> scheduler;
    scheduler.emplace(flaky(), clock_, std::vector{Kind("a", [&](JobContext& context) -> Result<Effect> {
        EXPECT_FALSE(context.is_cancelled());
        EXPECT_TRUE(Cancel(context.id()).ok());
        AwaitCancellation(context, *scheduler);
        return Stopped();
    })});
    const std::int64_t id = Queue("a");
    EXPECT_EQ(RunAll(*scheduler), 1);
    EXPECT_EQ(Find(id).state, JobState::kCancelled);
    EXPECT_TRUE(Find(id).error.empty());
    EXPECT_EQ(Find(id).finished_at, clock_.Now());
}

TEST_P(SchedulerTest, RefusesTheEffectOfAJobCancelledAtTheLastMoment) {
    Scheduler scheduler(flaky(), clock_, {Kind("a", [&](JobContext& context) -> Result<Effect> {
        EXPECT_TRUE(Cancel(context.id()).ok());
        return Leaves("too late");
    })});
    const std::int64_t id = Queue("a");
    EXPECT_EQ(RunAll(scheduler), 1);
    EXPECT_EQ(Find(id).state, JobState::kCancelled);
    EXPECT_THAT(Marks(), IsEmpty());
}

TEST_P(SchedulerTest, DoesNotTryACancelledJobAgainWhenItFails) {
    Scheduler scheduler(flaky(), clock_, {Kind("a", [&](JobContext& context) -> Result<Effect> {
        EXPECT_TRUE(Cancel(context.id()).ok());
        return Broken();
    })});
    const std::int64_t id = Queue("a");
    EXPECT_EQ(RunAll(scheduler), 1);
    EXPECT_EQ(Find(id).state, JobState::kCancelled);
}

TEST_P(SchedulerTest, TakesAHandlerThatGivesUpUnaskedForAFailure) {
    Scheduler scheduler(flaky(), clock_, {Kind("a", [](JobContext&) -> Result<Effect> { return Stopped(); })});
    const std::int64_t id = Queue("a");
    EXPECT_EQ(RunAll(scheduler), 1);
    EXPECT_EQ(Find(id).state, JobState::kQueued);
    EXPECT_EQ(Find(id).attempts, 1);
}

TEST_P(SchedulerTest, RunsAFailedJobAgainFromTheStartWhenAPersonWantsIt) {
    bool is_broken = true;
    JobKind kind = Kind("a", [&](JobContext&) -> Result<Effect> {
        if (is_broken) return Broken();
        return Leaves("at last");
    });
    kind.max_attempts = 1;
    Scheduler scheduler(flaky(), clock_, {kind});
    const std::int64_t id = Queue("a");
    EXPECT_EQ(RunAll(scheduler), 1);
    ASSERT_EQ(Find(id).state, JobState::kFailed);
    is_broken = false;
    ASSERT_TRUE(Retry(id).ok());
    EXPECT_TRUE(Find(id).error.empty());
    EXPECT_EQ(RunAll(scheduler), 1);
    EXPECT_EQ(Find(id).state, JobState::kSucceeded);
    EXPECT_EQ(Find(id).attempts, 1);
    EXPECT_THAT(Marks(), ElementsAre("at last"));
}

// ---- Progress and log

TEST_P(SchedulerTest, ShowsProgressAndLogWhileTheJobRuns) {
    Changes changes;
    std::optional<Scheduler> scheduler;
    scheduler.emplace(flaky(), clock_, std::vector{Kind("a", [&](JobContext& context) -> Result<Effect> {
        context.Progress(0.25, {"讀取", "Reading"});
        context.Log({"第一行", "first line"});
        clock_.Advance(seconds(1));
        scheduler->Wake();
        changes.Until([&] { return Find(context.id()).progress == 0.25; });
        EXPECT_EQ(Find(context.id()).doing.zh, "讀取");
        EXPECT_THAT(LogOf(context.id()), ElementsAre("first line"));
        context.Log({"最後一行", "last line"});
        return Effect();
    })}, changes.Listener());
    const std::int64_t id = Queue("a");
    EXPECT_EQ(RunAll(*scheduler), 1);
    EXPECT_THAT(LogOf(id), ElementsAre("first line", "last line"));
    EXPECT_EQ(changes.seen().size(), 3U);
}

TEST_P(SchedulerTest, WritesWhatAHandlerSaysAtMostOnceASecond) {
    std::optional<Scheduler> scheduler;
    int writes_meanwhile = -1;
    scheduler.emplace(flaky(), clock_, std::vector{Kind("a", [&](JobContext& context) -> Result<Effect> {
        const int writes = flaky().writes();
        for (int i = 0; i < 500; ++i) context.Progress(i / 500.0, {"", ""});
        // By the time the keeper has looked it has also had the chance to write.
        const int reads = flaky().reads();
        scheduler->Wake();
        flaky().AwaitRead(reads);
        writes_meanwhile = flaky().writes() - writes;
        return Effect();
    })});
    Queue("a");
    EXPECT_EQ(RunAll(*scheduler), 1);
    EXPECT_EQ(writes_meanwhile, 0);
}

TEST_P(SchedulerTest, KeepsProgressBetweenNoughtAndOne) {
    Changes changes;
    std::optional<Scheduler> scheduler;
    std::vector<double> shown;
    scheduler.emplace(flaky(), clock_, std::vector{Kind("a", [&](JobContext& context) -> Result<Effect> {
        for (const double ratio : {-3.0, 0.5, std::numeric_limits<double>::quiet_NaN(), 7.0}) {
            const std::size_t known = changes.seen().size();
            context.Progress(ratio, {"", fmt::format("{}", ratio)});
            clock_.Advance(seconds(1));
            scheduler->Wake();
            changes.Until([&] { return changes.seen().size() > known; });
            shown.push_back(Find(context.id()).progress);
        }
        return Effect();
    })}, changes.Listener());
    Queue("a");
    EXPECT_EQ(RunAll(*scheduler), 1);
    EXPECT_THAT(shown, ElementsAre(0.0, 0.5, 0.5, 1.0));
}

TEST_P(SchedulerTest, StopsKeepingLinesOfAHandlerThatNeverStopsTalking) {
    Scheduler scheduler(flaky(), clock_, {Kind("a", [](JobContext& context) -> Result<Effect> {
        for (int i = 0; i < 3000; ++i) context.Log({"", fmt::format("{}", i)});
        return Effect();
    })});
    const std::int64_t id = Queue("a");
    EXPECT_EQ(RunAll(scheduler), 1);
    const auto lines = LogOf(id);
    ASSERT_EQ(lines.size(), 2001U);
    EXPECT_EQ(lines[1999], "1999");
    EXPECT_EQ(lines[2000], "Too many lines; what follows is not kept.");
}

// ---- Schedules

TEST_P(SchedulerTest, MakesUpForMissedRunsOnce) {
    JobKind kind = Leaving("nightly", "ran");
    kind.schedule = "15 2 * * *";
    Scheduler scheduler(flaky(), clock_, {kind});
    EXPECT_EQ(RunAll(scheduler), 0);
    clock_.Advance(days(3));
    EXPECT_EQ(RunAll(scheduler), 1);
    EXPECT_EQ(RunAll(scheduler), 0);
    EXPECT_THAT(Marks(), ElementsAre("ran"));
    const auto runs = database().Read<std::map<std::string, Instant, std::less<>>>([](db::Session& session) { return NextRuns(session); });
    ASSERT_TRUE(runs.ok());
    EXPECT_EQ(FormatRfc3339(runs->at("nightly")), FormatRfc3339(ParseRfc3339("2025-08-09T02:15:00+08:00").value()));
}

TEST_P(SchedulerTest, RunsAnIntervalAtOnceAndThenWithoutDrift) {
    JobKind kind = Leaving("often", "ran");
    kind.schedule = "every 60s";
    Scheduler scheduler(flaky(), clock_, {kind});
    EXPECT_EQ(RunAll(scheduler), 1);
    clock_.Advance(milliseconds(59'999));
    EXPECT_EQ(RunAll(scheduler), 0);
    clock_.Advance(milliseconds(15'001));  // 15 s late
    EXPECT_EQ(RunAll(scheduler), 1);
    clock_.Advance(seconds(45));
    EXPECT_EQ(RunAll(scheduler), 1);
}

TEST_P(SchedulerTest, DoesNotPileUpScheduledRunsBehindOneThatIsNotDone) {
    JobKind kind = Kind("often", [](JobContext&) -> Result<Effect> { return Broken(); });
    kind.schedule = "every 1s";
    Scheduler scheduler(flaky(), clock_, {kind});
    EXPECT_EQ(RunAll(scheduler), 1);
    for (int i = 0; i < 5; ++i) {
        clock_.Advance(seconds(1));
        EXPECT_EQ(RunAll(scheduler), 0);
    }
    EXPECT_EQ(Jobs().size(), 1U);
}

TEST_P(SchedulerTest, RunsAKindWithAWrongScheduleOnDemandOnly) {
    JobKind wrong = Leaving("wrong", "wrong");
    wrong.schedule = "25 25 * * *";
    JobKind right = Leaving("right", "right");
    right.schedule = "every 1h";
    Scheduler scheduler(flaky(), clock_, {wrong, right});
    EXPECT_EQ(RunAll(scheduler), 1);
    Queue("wrong");
    EXPECT_EQ(RunAll(scheduler), 1);
    EXPECT_THAT(Marks(), ElementsAre("right", "wrong"));
}

TEST_P(SchedulerTest, RemovesOldJobsOfAKindWhenOneEnds) {
    JobKind kind = Kind("a", [](JobContext& context) -> Result<Effect> {
        context.Log({"行", "line"});
        return Effect();
    });
    kind.keep = days(2);
    JobKind other = Leaving("other", "other");
    other.keep = days(2);
    Scheduler scheduler(flaky(), clock_, {kind, other});
    const std::int64_t of_other = Queue("other");
    const std::int64_t oldest = Queue("a");
    EXPECT_EQ(RunAll(scheduler), 2);
    clock_.Advance(days(1));
    const std::int64_t newer = Queue("a");
    EXPECT_EQ(RunAll(scheduler), 1);
    clock_.Advance(days(1) + seconds(1));
    const std::int64_t newest = Queue("a");
    EXPECT_EQ(RunAll(scheduler), 1);

    std::vector<std::int64_t> left;
    for (const Job& job : Jobs()) left.push_back(job.id);
    EXPECT_THAT(left, testing::UnorderedElementsAre(of_other, newer, newest));
    EXPECT_THAT(LogOf(oldest), IsEmpty());
}

OPS_ON_BOTH_DATABASES(SchedulerTest);

}  // namespace
}  // namespace opsteward::jobs
