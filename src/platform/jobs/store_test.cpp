// The tables of the jobs, without threads.
#include "platform/jobs/store.hpp"

#include <gmock/gmock.h>

#include "db/testing/test_databases.hpp"
#include "platform/audit/trail.hpp"

namespace opsteward::jobs {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::seconds;
using store::Claim;
using store::Ending;
using testing::ElementsAre;
using testing::IsEmpty;

const Instant kNow = Instant(seconds(1'754'373'780));  // 2025-08-05T14:03:00+08:00

JobKind Kind(std::string key, std::string schedule = "") {
    JobKind kind;
    kind.key = std::move(key);
    kind.schedule = std::move(schedule);
    kind.max_attempts = 3;
    return kind;
}

class JobStoreTest : public db::testing::DatabaseTest {
  protected:
    void SetUp() override {
        DatabaseTest::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        std::vector<db::Migration> migrations(audit::Migrations().begin(), audit::Migrations().end());
        migrations.insert(migrations.end(), Migrations().begin(), Migrations().end());
        ASSERT_TRUE(Migrate(migrations).ok());
    }

    template <typename T>
    Result<T> Write(const std::function<Result<T>(db::Transaction&)>& body) {
        return database().Write<T>(body);
    }
    /// For what succeeds.
    std::int64_t Queue(std::string_view kind, std::string_view dedupe_key = "", Instant run_at = kNow) {
        return Write<std::int64_t>([&](db::Transaction& t) { return Enqueue(t, kind, nullptr, dedupe_key, run_at, {}); }).value();
    }
    Claim Take(std::string_view token, Instant now = kNow) {
        return Write<Claim>([&](db::Transaction& t) { return store::ClaimNext(t, kinds_, token, now); }).value();
    }
    bool EndAs(std::int64_t id, std::string_view token, const Ending& ending) {
        return Write<bool>([&](db::Transaction& t) { return store::End(t, id, token, ending); }).value();
    }
    bool EnqueueDue(const JobKind& kind, Instant now) {
        return Write<bool>([&](db::Transaction& t) { return store::EnqueueScheduled(t, kind, now); }).value();
    }
    void Plan(const JobKind& kind, Instant now = kNow) {
        ASSERT_TRUE(Write<void>([&](db::Transaction& t) { return store::PlanKind(t, kind, now); }).ok());
    }
    Result<void> Cancel(std::int64_t id) {
        return Write<void>([&](db::Transaction& t) { return CancelJob(t, id, {}, kNow); });
    }
    Result<void> Retry(std::int64_t id) {
        return Write<void>([&](db::Transaction& t) { return RetryJob(t, id, {}, kNow); });
    }
    std::int64_t Remove(const JobKind& kind, Instant now) {
        return Write<std::int64_t>([&](db::Transaction& t) { return store::RemoveOld(t, kind, now); }).value();
    }
    Job Find(std::int64_t id) {
        return database().Read<Job>([&](db::Session& session) { return FindJob(session, id); }).value();
    }
    std::vector<std::int64_t> List(std::string_view kind, std::optional<JobState> state = std::nullopt, std::int64_t before = 0,
                                   int limit = 100) {
        const auto jobs = database().Read<std::vector<Job>>([&](db::Session& s) { return ListJobs(s, kind, state, before, limit); });
        std::vector<std::int64_t> ids;
        for (const Job& job : jobs.value()) ids.push_back(job.id);
        return ids;
    }
    store::Outlook Look(Instant now = kNow) {
        return database().Read<store::Outlook>([&](db::Session& session) { return store::LookAhead(session, kinds_, now); }).value();
    }
    std::map<std::string, Instant, std::less<>> Runs() {
        return database().Read<std::map<std::string, Instant, std::less<>>>([](db::Session& session) { return NextRuns(session); }).value();
    }

    static Ending Success(Instant now = kNow) { return {JobState::kSucceeded, now, now, true, {}, {}}; }
    static Ending Again(Instant run_at) { return {JobState::kQueued, kNow, run_at, true, {"錯", "wrong"}, {}}; }

    std::vector<JobKind> kinds_ = {Kind("a"), Kind("b")};
};

// ---- The queue

TEST_P(JobStoreTest, GivesTheQueuedJobWithTheSameKey) {
    const std::int64_t first = Queue("a", "device 7", kNow + minutes(5));
    EXPECT_EQ(Queue("a", "device 7", kNow + minutes(9)), first);
    EXPECT_EQ(Find(first).run_at, kNow + minutes(5));
    EXPECT_EQ(Queue("a", "device 7", kNow), first);
    EXPECT_EQ(Find(first).run_at, kNow);
    EXPECT_NE(Queue("b", "device 7"), first);
    EXPECT_NE(Queue("a", "device 8"), first);
    EXPECT_NE(Queue("a", ""), Queue("a", ""));
}

TEST_P(JobStoreTest, QueuesAnewWhatChangedWhileTheJobWithTheSameKeyRuns) {
    const std::int64_t running = Queue("a", "device 7");
    ASSERT_EQ(Take("token").id, running);
    EXPECT_NE(Queue("a", "device 7"), running);
}

TEST_P(JobStoreTest, RefusesPayloadsThatAreTooLargeOrCouldNotBeReadAgain) {
    const auto enqueue = [&](const json::value& payload) {
        return Write<std::int64_t>([&](db::Transaction& t) { return Enqueue(t, "a", payload, "", kNow, {}); });
    };
    EXPECT_TRUE(enqueue(json::string(64 * 1024 - 2, 'x')).ok());
    const auto too_large = enqueue(json::string(64 * 1024 - 1, 'x'));
    ASSERT_FALSE(too_large.ok());
    EXPECT_EQ(too_large.error().code, ErrorCode::kTooLarge);
    json::value deep = nullptr;
    for (int level = 0; level < 40; ++level) deep = json::array{deep};
    EXPECT_FALSE(enqueue(deep).ok());
}

TEST_P(JobStoreTest, ListsTheNewestFirstByKindAndStateAndInPages) {
    const std::int64_t a1 = Queue("a");
    const std::int64_t b1 = Queue("b");
    const std::int64_t a2 = Queue("a");
    ASSERT_EQ(Take("token").id, a1);
    EXPECT_THAT(List(""), ElementsAre(a2, b1, a1));
    EXPECT_THAT(List("a"), ElementsAre(a2, a1));
    EXPECT_THAT(List("", JobState::kQueued), ElementsAre(a2, b1));
    EXPECT_THAT(List("a", JobState::kRunning), ElementsAre(a1));
    EXPECT_THAT(List("", std::nullopt, a2, 1), ElementsAre(b1));
    EXPECT_THAT(List("", std::nullopt, a1), IsEmpty());
}

TEST_P(JobStoreTest, CountsJobsByKindAndState) {
    Queue("a");
    Queue("a");
    Queue("b");
    Take("token");
    const auto counts = database().Read<std::vector<JobCount>>([](db::Session& session) { return CountJobs(session); }).value();
    std::vector<std::tuple<std::string, JobState, std::int64_t>> found;
    for (const JobCount& count : counts) found.emplace_back(count.kind, count.state, count.count);
    EXPECT_THAT(found, ElementsAre(std::tuple("a", JobState::kQueued, 1), std::tuple("a", JobState::kRunning, 1),
                                   std::tuple("b", JobState::kQueued, 1)));
}

TEST_P(JobStoreTest, SaysThatAJobIsNotThere) {
    const auto job = database().Read<Job>([](db::Session& session) { return FindJob(session, 4711); });
    ASSERT_FALSE(job.ok());
    EXPECT_EQ(job.error().code, ErrorCode::kNotFound);
}

// ---- Leases

TEST_P(JobStoreTest, ClaimsWhatHasBeenDueForLongest) {
    const std::int64_t second = Queue("a", "", kNow);
    const std::int64_t first = Queue("b", "", kNow - seconds(1));
    const std::int64_t third = Queue("a", "", kNow);
    EXPECT_EQ(Take("1").id, first);
    EXPECT_EQ(Take("2").id, second);
    EXPECT_EQ(Take("3").id, third);
    EXPECT_EQ(Take("4").outcome, Claim::Outcome::kNothingDue);
}

TEST_P(JobStoreTest, GivesAJobAwayOnlyWhenItsLeaseIsOver) {
    const std::int64_t id = Queue("a");
    ASSERT_EQ(Take("first").id, id);
    EXPECT_EQ(Take("second", kNow + seconds(60)).outcome, Claim::Outcome::kNothingDue);
    EXPECT_FALSE(Look(kNow + seconds(60)).is_work_due);
    EXPECT_TRUE(Look(kNow + seconds(61)).is_work_due);
    const Claim claim = Take("second", kNow + seconds(61));
    EXPECT_EQ(claim.outcome, Claim::Outcome::kClaimed);
    EXPECT_EQ(claim.attempts, 2);
}

TEST_P(JobStoreTest, WritesNothingForATokenThatDoesNotFitAnyMore) {
    const std::int64_t id = Queue("a");
    Take("first");
    Take("second", kNow + seconds(61));
    const store::Report report{kNow + days(1), 0.5, {"在做", "doing"}, {{kNow, {"行", "line"}}}};
    const auto hold = Write<store::Hold>([&](db::Transaction& t) { return store::Renew(t, id, "first", report); });
    EXPECT_FALSE(hold->is_held);
    EXPECT_FALSE(EndAs(id, "first", Success()));
    EXPECT_FALSE(EndAs(id, "first", Again(kNow)));
    EXPECT_FALSE(EndAs(id, "", Success()));
    EXPECT_EQ(Find(id).state, JobState::kRunning);
    EXPECT_EQ(Find(id).progress, 0);
    const auto lines = database().Read<std::vector<LogLine>>([&](db::Session& session) { return JobLog(session, id); });
    EXPECT_THAT(*lines, IsEmpty());
    EXPECT_TRUE(EndAs(id, "second", Success()));
    EXPECT_FALSE(EndAs(id, "second", Success()));
}

TEST_P(JobStoreTest, RenewalWritesProgressAndTellsOfACancellation) {
    const std::int64_t id = Queue("a");
    Take("token");
    const store::Report report{kNow + seconds(100), 0.5, {"在做", "doing"}, {{kNow, {"行", "line"}}}};
    const auto renew = [&] { return Write<store::Hold>([&](db::Transaction& t) { return store::Renew(t, id, "token", report); }).value(); };
    EXPECT_TRUE(renew().is_held);
    EXPECT_EQ(Find(id).progress, 0.5);
    EXPECT_EQ(Find(id).doing.zh, "在做");
    EXPECT_EQ(Take("other", kNow + seconds(100)).outcome, Claim::Outcome::kNothingDue);
    ASSERT_TRUE(Cancel(id).ok());
    EXPECT_TRUE(renew().cancel_requested);
    const auto hold = database().Read<store::Hold>([&](db::Session& session) { return store::LookAtHold(session, id, "token"); });
    EXPECT_TRUE(hold->is_held);
    EXPECT_TRUE(hold->cancel_requested);
}

TEST_P(JobStoreTest, EndsAJobWhoseWorkerWasLostTooOften) {
    const std::int64_t id = Queue("a");
    Instant now = kNow;
    for (int attempt = 1; attempt <= 3; ++attempt) {
        EXPECT_EQ(Take("token", now).attempts, attempt);
        now += seconds(61);
    }
    EXPECT_EQ(Take("token", now).outcome, Claim::Outcome::kSettled);
    EXPECT_EQ(Find(id).state, JobState::kFailed);
    EXPECT_FALSE(Find(id).error.empty());
}

TEST_P(JobStoreTest, EndsAJobThatWasCancelledAndThenLost) {
    const std::int64_t id = Queue("a");
    Take("token");
    ASSERT_TRUE(Cancel(id).ok());
    EXPECT_EQ(Take("token", kNow + seconds(61)).outcome, Claim::Outcome::kSettled);
    EXPECT_EQ(Find(id).state, JobState::kCancelled);
    EXPECT_TRUE(Find(id).error.empty());
}

TEST_P(JobStoreTest, ACancelledJobEndsNeitherAsSucceededNorAsQueued) {
    const std::int64_t id = Queue("a");
    Take("token");
    ASSERT_TRUE(Cancel(id).ok());
    EXPECT_FALSE(EndAs(id, "token", Success()));
    EXPECT_FALSE(EndAs(id, "token", Again(kNow)));
    EXPECT_TRUE(EndAs(id, "token", {JobState::kCancelled, kNow, kNow, true, {}, {}}));
}

TEST_P(JobStoreTest, AnInterruptionIsNoAttempt) {
    const std::int64_t id = Queue("a");
    Take("token");
    Ending ending = Again(kNow + seconds(7));
    ending.is_attempt_counted = false;
    EXPECT_TRUE(EndAs(id, "token", ending));
    EXPECT_EQ(Find(id).attempts, 0);
    EXPECT_EQ(Find(id).run_at, kNow + seconds(7));
    EXPECT_FALSE(Find(id).finished_at.has_value());
}

TEST_P(JobStoreTest, AJobQueuedAgainGivesItsKeyUpToOneThatHasItAlready) {
    const std::int64_t first = Queue("a", "device 7");
    Take("token");
    const std::int64_t second = Queue("a", "device 7");
    EXPECT_TRUE(EndAs(first, "token", Again(kNow)));
    EXPECT_EQ(Find(first).state, JobState::kQueued);
    EXPECT_EQ(Queue("a", "device 7"), second);
}

// ---- People

TEST_P(JobStoreTest, RefusesToCancelWhatHasEndedAndToRetryWhatHasNotFailed) {
    const std::int64_t id = Queue("a");
    EXPECT_EQ(Retry(id).error().code, ErrorCode::kConflict);
    Take("token");
    EXPECT_EQ(Retry(id).error().code, ErrorCode::kConflict);
    EndAs(id, "token", Success());
    EXPECT_EQ(Retry(id).error().code, ErrorCode::kConflict);
    EXPECT_EQ(Cancel(id).error().code, ErrorCode::kConflict);
    EXPECT_EQ(Cancel(4711).error().code, ErrorCode::kNotFound);
}

TEST_P(JobStoreTest, WritesWhatPeopleDoIntoTheAuditTrail) {
    const std::int64_t id = Queue("a");
    Take("token");
    ASSERT_TRUE(Cancel(id).ok());
    ASSERT_TRUE(Cancel(id).ok());
    EndAs(id, "token", {JobState::kCancelled, kNow, kNow, true, {}, {}});
    ASSERT_TRUE(Retry(id).ok());
    ASSERT_TRUE(Cancel(id).ok());
    audit::Filter filter;
    filter.subject_kind = "job";
    filter.subject_id = std::to_string(id);
    const auto entries = database().Read<std::vector<audit::Entry>>([&](db::Session& session) { return audit::Search(session, filter); });
    std::vector<std::string> actions;
    for (const audit::Entry& entry : *entries) actions.push_back(entry.change.action);
    EXPECT_THAT(actions, ElementsAre("job.cancel", "job.retry", "job.cancel"));
}

TEST_P(JobStoreTest, ARetriedJobStartsAnew) {
    const std::int64_t id = Queue("a", "device 7");
    Take("token");
    ASSERT_TRUE(Cancel(id).ok());
    EndAs(id, "token", {JobState::kCancelled, kNow, kNow, true, {}, {}});
    const std::int64_t other = Queue("a", "device 7", kNow + days(1));
    ASSERT_TRUE(Retry(id).ok());
    EXPECT_EQ(Find(id).state, JobState::kQueued);
    EXPECT_EQ(Find(id).attempts, 0);
    EXPECT_FALSE(Find(id).cancel_requested);
    EXPECT_EQ(Queue("a", "device 7", kNow + days(1)), other);
    EXPECT_EQ(Take("token").id, id);
}

// ---- Schedules

TEST_P(JobStoreTest, AChangedScheduleCountsFromNow) {
    Plan(Kind("a", "every 1h"));
    EXPECT_EQ(Runs().at("a"), kNow);
    Plan(Kind("a", "every 1h"), kNow + minutes(5));
    EXPECT_EQ(Runs().at("a"), kNow);
    Plan(Kind("a", "every 2h"), kNow + minutes(5));
    EXPECT_EQ(Runs().at("a"), kNow + minutes(125));
    Plan(Kind("a", ""));
    EXPECT_THAT(Runs(), IsEmpty());
}

TEST_P(JobStoreTest, AScheduledRunWaitsForTheOneBefore) {
    const JobKind kind = Kind("a", "every 1m");
    Plan(kind);
    EXPECT_TRUE(EnqueueDue(kind, kNow));
    EXPECT_FALSE(EnqueueDue(kind, kNow));
    EXPECT_TRUE(EnqueueDue(kind, kNow + minutes(1)));
    EXPECT_THAT(List("a"), testing::SizeIs(1));
    const Claim claim = Take("token", kNow + minutes(1));
    EXPECT_TRUE(EnqueueDue(kind, kNow + minutes(2)));
    EXPECT_THAT(List("a"), testing::SizeIs(1));
    EndAs(claim.id, "token", Success());
    EXPECT_TRUE(EnqueueDue(kind, kNow + minutes(3)));
    EXPECT_THAT(List("a"), testing::SizeIs(2));
}

TEST_P(JobStoreTest, AJobOnDemandDoesNotKeepTheScheduledOneBack) {
    const JobKind kind = Kind("a", "every 1m");
    Plan(kind);
    Queue("a", "", kNow + days(1));
    EXPECT_TRUE(EnqueueDue(kind, kNow));
    EXPECT_THAT(List("a"), testing::SizeIs(2));
}

TEST_P(JobStoreTest, LooksAheadToWhatIsDueNext) {
    EXPECT_FALSE(Look().next.has_value());
    Queue("of another program");
    EXPECT_FALSE(Look().next.has_value());
    kinds_[0].schedule = "15 2 * * *";
    Plan(kinds_[0]);
    EXPECT_EQ(Look().next, Runs().at("a"));
    Queue("b", "", kNow + minutes(3));
    EXPECT_EQ(Look().next, kNow + minutes(3));
    EXPECT_FALSE(Look().is_work_due);
    EXPECT_TRUE(Look(kNow + minutes(3)).is_work_due);
}

// ---- Removal

TEST_P(JobStoreTest, RemovesWhatIsOldButNotTheLatest) {
    JobKind kind = Kind("a");
    kind.keep = days(1);
    for (int i = 0; i < 3; ++i) {
        const std::int64_t id = Queue("a");
        Ending ending = Success();
        ending.lines = {{kNow, {"行", "line"}}};
        Take("token");
        EndAs(id, "token", ending);
    }
    const std::int64_t queued = Queue("a", "", kNow + days(9));
    EXPECT_EQ(Remove(kind, kNow + days(1)), 0);
    EXPECT_EQ(Remove(Kind("b"), kNow + days(9)), 0);
    EXPECT_EQ(Remove(kind, kNow + days(1) + seconds(1)), 2);
    EXPECT_EQ(Remove(kind, kNow + days(9)), 0);
    EXPECT_THAT(List("a"), ElementsAre(queued, queued - 1));
}

OPS_ON_BOTH_DATABASES(JobStoreTest);

// ---- Two transactions at a time (SQLite has one writer)

class JobRaceTest : public JobStoreTest {};

TEST_P(JobRaceTest, AClaimPassesOverAJobThatAnotherIsJustClaiming) {
    const std::int64_t first = Queue("a");
    const std::int64_t second = Queue("a");
    const auto outer = Write<Claim>([&](db::Transaction& transaction) -> Result<Claim> {
        auto claim = store::ClaimNext(transaction, kinds_, "outer", kNow);
        EXPECT_EQ(Take("inner").id, second);
        EXPECT_EQ(Take("inner").outcome, Claim::Outcome::kNothingDue);
        return claim;
    });
    EXPECT_EQ(outer->id, first);
}

TEST_P(JobRaceTest, RemovalPassesOverAJobThatIsJustBeingRetried) {
    JobKind kind = Kind("a");
    kind.keep = days(1);
    for (int i = 0; i < 3; ++i) {
        const std::int64_t id = Queue("a");
        Take("token");
        EndAs(id, "token", {JobState::kFailed, kNow, kNow, true, {}, {{kNow, {"行", "line"}}}});
    }
    const std::int64_t retried = List("a").back();
    ASSERT_TRUE(Write<void>([&](db::Transaction& transaction) -> Result<void> {
        OPS_CHECK(RetryJob(transaction, retried, {}, kNow));
        EXPECT_EQ(Remove(kind, kNow + days(2)), 1);
        return Ok();
    }).ok());
    EXPECT_EQ(Find(retried).state, JobState::kQueued);
    const auto lines = database().Read<std::vector<LogLine>>([&](db::Session& session) { return JobLog(session, retried); });
    EXPECT_THAT(*lines, testing::SizeIs(1));
}

OPS_ON_DATABASES(JobRaceTest, db::testing::Kind::kPostgres);

}  // namespace
}  // namespace opsteward::jobs
