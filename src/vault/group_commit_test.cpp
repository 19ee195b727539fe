// Nothing is answered before it is kept, everything is answered once, and whoever shares a group or a thread with another does not suffer for it.
#include "vault/group_commit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <stdexcept>

#include "base/civil_time.hpp"
#include "vault/scan.hpp"
#include "vault/store/write_ahead_log.hpp"
#include "vault/testing/scratch_folder.hpp"
#include "vault/vault_reader.hpp"

namespace opsteward::vault {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Messages = std::vector<std::string>;

constexpr GroupCommitOptions kAtOnce{.gathering = milliseconds(0), .seal_period = hours(1)};
/// Nothing is written for its time, only for its size, for a job or at the end.
constexpr GroupCommitOptions kPatient{.gathering = hours(1), .seal_period = hours(1)};

RecordView RecordOf(std::string_view message) { return {FromMillis(1'795'536'000'000), Transport::kTcp, "test", "os", "192.0.2.1", message}; }

std::vector<RecordView> RecordsOf(const Messages& messages) {
    std::vector<RecordView> records;
    for (const std::string& message : messages) records.push_back(RecordOf(message));
    return records;
}

/// How many bytes the records of such messages count.
std::size_t SizeOf(const Messages& messages) {
    std::string canonical;
    for (const RecordView& record : RecordsOf(messages)) EXPECT_TRUE(AppendRecord(canonical, record).ok());
    return canonical.size() + 4 * messages.size();
}

Error Broken(ErrorCode code) { return Error::Hidden(code, "the test lets this fail"); }

/// Notes the groups that it is given. Stops in the middle of one as long as a test holds it.
class FakeVault {
  public:
    GroupCommit::Vault Hooks() {
        return {[this](std::span<const RecordView> records) { return Append(records); }, [this] { return Seal(); }};
    }

    void Hold() { SetHeld(true); }
    void Release() { SetHeld(false); }
    void AwaitGroup() {
        MutexLock lock(mutex_);
        while (begun_ == groups_.size()) lock.Wait(changed_);
    }
    /// The outcome of the next groups, or of all from now on.
    void FailGroups(ErrorCode code, int count) {
        const MutexLock lock(mutex_);
        failure_ = code;
        failures_left_ = count;
    }
    void FailSeals(bool do_fail) {
        const MutexLock lock(mutex_);
        do_seals_fail_ = do_fail;
    }

    std::vector<Messages> groups() {
        const MutexLock lock(mutex_);
        return groups_;
    }
    Messages all() {
        Messages all;
        for (const Messages& group : groups()) all.insert(all.end(), group.begin(), group.end());
        return all;
    }
    int seals() {
        const MutexLock lock(mutex_);
        return seals_;
    }

  private:
    Result<std::uint64_t> Append(std::span<const RecordView> records) {
        MutexLock lock(mutex_);
        ++begun_;
        changed_.notify_all();
        while (is_held_) lock.Wait(changed_);
        if (failures_left_ > 0) {
            --failures_left_;
            --begun_;
            return Broken(failure_);
        }
        const std::uint64_t first = size_;
        size_ += records.size();
        Messages& group = groups_.emplace_back();
        for (const RecordView& record : records) {
            EXPECT_EQ(record, RecordOf(record.message)) << "no part is altered on the way";
            group.emplace_back(record.message);
        }
        return first;
    }
    Result<void> Seal() {
        const MutexLock lock(mutex_);
        ++seals_;
        return do_seals_fail_ ? Result<void>(Broken(ErrorCode::kFull)) : Ok();
    }
    void SetHeld(bool is_held) {
        const MutexLock lock(mutex_);
        is_held_ = is_held;
        changed_.notify_all();
    }

    Mutex mutex_;
    std::condition_variable changed_;
    bool is_held_ OPS_GUARDED_BY(mutex_) = false;
    std::size_t begun_ OPS_GUARDED_BY(mutex_) = 0;
    ErrorCode failure_ OPS_GUARDED_BY(mutex_) = ErrorCode::kInternal;
    int failures_left_ OPS_GUARDED_BY(mutex_) = 0;
    bool do_seals_fail_ OPS_GUARDED_BY(mutex_) = false;
    int seals_ OPS_GUARDED_BY(mutex_) = 0;
    std::uint64_t size_ OPS_GUARDED_BY(mutex_) = 0;
    std::vector<Messages> groups_ OPS_GUARDED_BY(mutex_);
};

/// What was answered, in that order: a number, or the name of an error.
class Answers {
  public:
    GroupCommit::Answer Next() {
        return [this](const Result<std::uint64_t>& first) {
            const MutexLock lock(mutex_);
            answers_.push_back(first.ok() ? std::to_string(*first) : std::string(ErrorCodeName(first.error().code)));
        };
    }
    std::vector<std::string> all() {
        const MutexLock lock(mutex_);
        return answers_;
    }

  private:
    Mutex mutex_;
    std::vector<std::string> answers_ OPS_GUARDED_BY(mutex_);
};

class Grouping : public ::testing::Test {
  protected:
    void Submit(GroupCommit& commit, const Messages& messages) { ASSERT_TRUE(commit.Submit(RecordsOf(messages), answers_.Next()).ok()); }
    static Result<std::uint64_t> Append(GroupCommit& commit, const Messages& messages) { return commit.Append(RecordsOf(messages)); }
    /// Returns once everything before it is done.
    static void Settle(GroupCommit& commit) { ASSERT_TRUE(commit.Run(Ok).ok()); }

    FakeVault vault_;
    Answers answers_;
};

TEST_F(Grouping, AnswersNothingBeforeItIsWritten) {
    vault_.Hold();
    GroupCommit commit(vault_.Hooks(), kAtOnce);
    Submit(commit, {"a", "b"});
    vault_.AwaitGroup();
    Submit(commit, {"c"});
    EXPECT_THAT(answers_.all(), IsEmpty());
    vault_.Release();
    Submit(commit, {"d"});
    Settle(commit);
    EXPECT_THAT(answers_.all(), ElementsAre("0", "2", "3"));
}

TEST_F(Grouping, GathersTheNextGroupWhileOneIsBeingWritten) {
    vault_.Hold();
    GroupCommit commit(vault_.Hooks(), kAtOnce);
    Submit(commit, {"a"});
    vault_.AwaitGroup();
    Submit(commit, {"b", "c"});
    Submit(commit, {"d"});
    vault_.Release();
    Settle(commit);
    EXPECT_THAT(vault_.groups(), ElementsAre(Messages{"a"}, Messages{"b", "c", "d"}));
}

TEST_F(Grouping, WritesWhatHasWaitedLongEnough) {
    GroupCommitOptions options = kPatient;
    options.gathering = milliseconds(1);
    GroupCommit commit(vault_.Hooks(), options);
    EXPECT_EQ(Append(commit, {"a"}).value(), 0U);
    EXPECT_EQ(Append(commit, {"b"}).value(), 1U);
}

TEST_F(Grouping, WritesAsSoonAsEnoughWaits) {
    GroupCommitOptions options = kPatient;
    options.group_bytes = SizeOf({"a", "b"});
    GroupCommit commit(vault_.Hooks(), options);
    Submit(commit, {"a"});
    EXPECT_EQ(Append(commit, {"b"}).value(), 1U);
    EXPECT_THAT(vault_.groups(), ElementsAre(Messages{"a", "b"}));
}

TEST_F(Grouping, SplitsWhatIsTooMuchForAGroupBetweenSubmissions) {
    GroupCommitOptions options = kPatient;
    options.max_group_bytes = SizeOf({"1", "2", "3"});
    GroupCommit commit(vault_.Hooks(), options);
    Submit(commit, {"a", "b"});
    Submit(commit, {"c", "d"});
    Submit(commit, {"e"});
    Submit(commit, {"f", "g", "h", "i"});
    Submit(commit, {"j"});
    Settle(commit);
    EXPECT_THAT(vault_.groups(), ElementsAre(Messages{"a", "b"}, Messages{"c", "d", "e"}, Messages{"f", "g", "h", "i"}, Messages{"j"}));
    EXPECT_THAT(answers_.all(), ElementsAre("0", "2", "4", "5", "9"));
}

TEST_F(Grouping, RefusesWhatCannotBeKeptBeforeItCouldSpoilAGroup) {
    GroupCommit commit(vault_.Hooks(), kPatient);
    Submit(commit, {"a"});
    RecordView nameless = RecordOf("b");
    nameless.source = "";
    EXPECT_EQ(commit.Submit({{RecordOf("b"), nameless}}, answers_.Next()).error().code, ErrorCode::kInvalidInput);
    const std::string longest(kMaxMessage, 'x');
    const std::vector<RecordView> too_many(WriteAheadLog::kMaxGroup / kMaxMessage, RecordOf(longest));
    EXPECT_EQ(commit.Submit(too_many, answers_.Next()).error().code, ErrorCode::kTooLarge);
    EXPECT_EQ(commit.Append(too_many).error().code, ErrorCode::kTooLarge);
    Settle(commit);
    EXPECT_THAT(vault_.groups(), ElementsAre(Messages{"a"}));
    EXPECT_THAT(answers_.all(), ElementsAre("0"));
}

TEST_F(Grouping, GivesTheErrorOfAGroupToItsSubmissionsAndToNoOther) {
    GroupCommit commit(vault_.Hooks(), kAtOnce);
    Submit(commit, {"a"});
    Settle(commit);
    vault_.Hold();
    vault_.FailGroups(ErrorCode::kFull, 1);
    Submit(commit, {"b"});
    vault_.AwaitGroup();
    Submit(commit, {"c", "d"});
    Submit(commit, {"e"});
    vault_.Release();
    Settle(commit);
    EXPECT_THAT(answers_.all(), ElementsAre("0", "full", "1", "3"));
    EXPECT_THAT(vault_.all(), ElementsAre("a", "c", "d", "e"));
}

TEST_F(Grouping, GivesTheErrorOfABrokenLogToEverythingLater) {
    constexpr int kForEver = 1000;
    GroupCommit commit(vault_.Hooks(), kAtOnce);
    vault_.FailGroups(ErrorCode::kUnavailable, kForEver);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(Append(commit, {"a"}).error().code, ErrorCode::kUnavailable);
    EXPECT_TRUE(commit.Stop().ok());
    EXPECT_EQ(vault_.seals(), 0) << "nothing is new";
}

TEST_F(Grouping, LetsSubmittersWaitWhileTooMuchIsUnanswered) {
    GroupCommitOptions options = kAtOnce;
    options.max_unanswered_bytes = 1;
    vault_.Hold();
    GroupCommit commit(vault_.Hooks(), options);
    Submit(commit, {"a"});
    std::promise<void> begins;
    auto waiting = std::async(std::launch::async, [&] {
        begins.set_value();
        EXPECT_TRUE(commit.Submit(RecordsOf({"b"}), answers_.Next()).ok());
        EXPECT_FALSE(vault_.groups().empty()) << "there was no room before the first was written";
    });
    begins.get_future().get();
    vault_.Release();
    waiting.get();
    Settle(commit);
    EXPECT_THAT(answers_.all(), ElementsAre("0", "1"));
}

TEST_F(Grouping, TakesOneSubmissionOfAnySizeWhenThereIsAnyRoom) {
    GroupCommitOptions options = kPatient;
    options.max_unanswered_bytes = SizeOf({"a"}) + 1;
    GroupCommit commit(vault_.Hooks(), options);
    Submit(commit, {"a"});
    Submit(commit, Messages(100, "b"));
    Settle(commit);
    EXPECT_THAT(answers_.all(), ElementsAre("0", "1"));
}

TEST_F(Grouping, EndsTheWaitForRoomWhenTheCallerStops) {
    GroupCommitOptions options = kAtOnce;
    options.max_unanswered_bytes = 1;
    vault_.Hold();
    GroupCommit commit(vault_.Hooks(), options);
    Submit(commit, {"a"});
    std::stop_source stop;
    auto waiting = std::async(std::launch::async, [&] { return commit.Submit(RecordsOf({"b"}), answers_.Next(), stop.get_token()); });
    stop.request_stop();
    EXPECT_EQ(waiting.get().error().code, ErrorCode::kCancelled);
    vault_.Release();
    Settle(commit);
    EXPECT_TRUE(commit.Submit(RecordsOf({"c"}), answers_.Next(), stop.get_token()).ok()) << "where there is room nobody waits";
    Settle(commit);
    EXPECT_THAT(vault_.all(), ElementsAre("a", "c"));
    EXPECT_THAT(answers_.all(), ElementsAre("0", "1"));
}

TEST_F(Grouping, AnswersEverythingWhenItStopsAndTakesNothingAfterwards) {
    GroupCommit commit(vault_.Hooks(), kPatient);
    Submit(commit, {"a"});
    Submit(commit, {"b", "c"});
    EXPECT_TRUE(commit.Stop().ok());
    EXPECT_THAT(answers_.all(), ElementsAre("0", "1"));
    EXPECT_EQ(vault_.seals(), 1);
    EXPECT_EQ(Append(commit, {"d"}).error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(commit.Run(Ok).error().code, ErrorCode::kUnavailable);
    EXPECT_TRUE(commit.Stop().ok());
    EXPECT_EQ(vault_.seals(), 1);
}

TEST_F(Grouping, RefusesThoseWhoWaitForRoomWhenItStops) {
    GroupCommitOptions options = kAtOnce;
    options.max_unanswered_bytes = 1;
    vault_.Hold();
    GroupCommit commit(vault_.Hooks(), options);
    Submit(commit, {"a"});
    auto waiting = std::async(std::launch::async, [&] { return Append(commit, {"b"}); });
    auto stopping = std::async(std::launch::async, [&] { return commit.Stop(); });
    EXPECT_EQ(waiting.get().error().code, ErrorCode::kUnavailable);
    vault_.Release();
    EXPECT_TRUE(stopping.get().ok());
    EXPECT_THAT(answers_.all(), ElementsAre("0"));
}

TEST_F(Grouping, SealsOnceWhatIsNewAndNothingElse) {
    GroupCommitOptions options = kAtOnce;
    options.seal_period = milliseconds(0);
    GroupCommit commit(vault_.Hooks(), options);
    Settle(commit);
    EXPECT_EQ(vault_.seals(), 0);
    ASSERT_TRUE(Append(commit, {"a"}).ok());
    Settle(commit);
    Settle(commit);
    EXPECT_EQ(vault_.seals(), 1);
    ASSERT_TRUE(Append(commit, {}).ok());
    Settle(commit);
    EXPECT_EQ(vault_.seals(), 1) << "a submission without records brings nothing new";
    vault_.FailGroups(ErrorCode::kFull, 1);
    ASSERT_FALSE(Append(commit, {"b"}).ok());
    Settle(commit);
    EXPECT_EQ(vault_.seals(), 1) << "nor does one that was not kept";
    ASSERT_TRUE(Append(commit, {"b"}).ok());
    Settle(commit);
    EXPECT_EQ(vault_.seals(), 2);
    EXPECT_TRUE(commit.Stop().ok());
    EXPECT_EQ(vault_.seals(), 2);
}

TEST_F(Grouping, SealsManyGroupsTogether) {
    GroupCommit commit(vault_.Hooks(), kAtOnce);
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(Append(commit, {"a"}).ok());
    EXPECT_EQ(vault_.seals(), 0);
    EXPECT_TRUE(commit.Stop().ok());
    EXPECT_EQ(vault_.seals(), 1);
}

TEST_F(Grouping, GoesOnWhenItCannotSealAndTellsSoInTheEnd) {
    GroupCommitOptions options = kAtOnce;
    options.seal_period = milliseconds(0);
    vault_.FailSeals(true);
    GroupCommit commit(vault_.Hooks(), options);
    EXPECT_EQ(Append(commit, {"a"}).value(), 0U);
    EXPECT_EQ(Append(commit, {"b"}).value(), 1U);
    EXPECT_EQ(commit.Stop().error().code, ErrorCode::kFull);
    EXPECT_GE(vault_.seals(), 2) << "it is tried again";
}

TEST_F(Grouping, SealsAtTheEndWhatCouldNotBeSealedBefore) {
    GroupCommitOptions options = kAtOnce;
    options.seal_period = milliseconds(0);
    vault_.FailSeals(true);
    GroupCommit commit(vault_.Hooks(), options);
    ASSERT_TRUE(Append(commit, {"a"}).ok());
    Settle(commit);
    vault_.FailSeals(false);
    EXPECT_TRUE(commit.Stop().ok());
}

TEST_F(Grouping, RunsJobsOnItsOwnThreadAfterWhatWasSubmittedBefore) {
    GroupCommit commit(vault_.Hooks(), kPatient);
    std::thread::id committing;
    ASSERT_TRUE(commit.Submit(RecordsOf({"a"}), [&](const auto& /*first*/) { committing = std::this_thread::get_id(); }).ok());
    EXPECT_EQ(commit.Run([&]() -> Result<void> {
                        EXPECT_EQ(std::this_thread::get_id(), committing);
                        EXPECT_THAT(vault_.all(), ElementsAre("a"));
                        return Broken(ErrorCode::kCorrupt);
                    }).error().code,
              ErrorCode::kCorrupt);
    EXPECT_NE(committing, std::this_thread::get_id());
    EXPECT_THROW((void)commit.Run([]() -> Result<void> { throw std::runtime_error("no defect of the thread"); }), std::runtime_error);
    Submit(commit, {"b"});
    Settle(commit);
    EXPECT_THAT(answers_.all(), ElementsAre("1"));
}

constexpr int kThreads = 4;

/// Submits from several threads at once, in submissions of one to three records, named "thread.number". What was said to be where, when all is answered.
std::map<std::uint64_t, std::string> SubmitFromThreads(GroupCommit& commit, int per_thread) {
    Mutex mutex;
    std::map<std::uint64_t, std::string> told;
    std::vector<std::future<void>> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
        threads.push_back(std::async(std::launch::async, [&, thread] {
            for (int next = 0; next < per_thread;) {
                Messages messages;
                for (int i = 0; i <= next % 3 && next < per_thread; ++i) messages.push_back(std::to_string(thread) + '.' + std::to_string(next++));
                const auto answer = [&, messages](const Result<std::uint64_t>& first) {
                    const MutexLock lock(mutex);
                    for (std::uint64_t i = 0; i < messages.size(); ++i) EXPECT_TRUE(told.emplace(first.value() + i, messages[i]).second);
                };
                ASSERT_TRUE(commit.Submit(RecordsOf(messages), answer).ok());
            }
        }));
    }
    for (auto& thread : threads) thread.get();
    EXPECT_TRUE(commit.Stop().ok());
    return told;
}

void ExpectAllOnceInTheOrderOfTheirThreads(const Messages& messages, int per_thread) {
    ASSERT_EQ(messages.size(), static_cast<std::size_t>(kThreads * per_thread));
    std::map<char, int> next;
    for (const std::string& message : messages) EXPECT_EQ(message.substr(2), std::to_string(next[message[0]]++));
}

TEST_F(Grouping, KeepsWhatManyThreadsSubmitOnceAndInTheOrderOfEach) {
    constexpr int kPerThread = 1000;
    GroupCommit commit(vault_.Hooks(), {.group_bytes = 500, .gathering = milliseconds(0), .max_group_bytes = 800, .max_unanswered_bytes = 2000,
                                        .seal_period = milliseconds(0)});
    const auto told = SubmitFromThreads(commit, kPerThread);
    const Messages kept = vault_.all();
    ExpectAllOnceInTheOrderOfTheirThreads(kept, kPerThread);
    ASSERT_EQ(told.size(), kept.size());
    for (const auto& [sequence, message] : told) EXPECT_EQ(message, kept[sequence]);
}

TEST(GroupCommit, KeepsInAVaultWhatManyThreadsSubmitSealedAndThereAfterItIsOpenedAgain) {
    constexpr int kPerThread = 500;
    const ScratchFolder folder;
    const auto open = [&](VaultOptions options = {}) {
        return VaultWriter::Open(folder.path(), {"ops.example.gov.tw/vault", crypto::Ed25519SigningKey::FromSeed({9})}, options).value();
    };
    std::map<std::uint64_t, std::string> told;
    Hash root{};
    {
        const auto vault = open({.segment_bytes = 4000});
        GroupCommit commit(*vault, {.group_bytes = 1000, .gathering = milliseconds(0), .max_unanswered_bytes = 10'000, .seal_period = milliseconds(0)});
        ASSERT_TRUE(commit.Append(RecordsOf({"before"})).ok());
        ASSERT_TRUE(commit.Run([&] { return vault->WriteSegments(); }).ok());
        told = SubmitFromThreads(commit, kPerThread);
        root = VaultReader::Open(folder.path()).value().Root().value();
        EXPECT_EQ(vault->Seal().value().root, root);
    }
    EXPECT_EQ(open()->size(), told.size() + 1);
    const VaultReader reader = VaultReader::Open(folder.path()).value();
    Messages kept;
    ASSERT_TRUE(ForEach(reader, {}, [&](std::uint64_t, const RecordView& record) {
                    kept.emplace_back(record.message);
                    return true;
                }).ok());
    ASSERT_EQ(kept.size(), told.size() + 1);
    for (const auto& [sequence, message] : told) EXPECT_EQ(message, kept[sequence]);
    kept.erase(kept.begin());
    ExpectAllOnceInTheOrderOfTheirThreads(kept, kPerThread);
    EXPECT_TRUE(reader.Prove(kept.size()).ok()) << "also the last one is sealed";
}

}  // namespace
}  // namespace opsteward::vault
