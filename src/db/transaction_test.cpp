// What a transaction promises, also to others at the same time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <future>
#include <stdexcept>
#include <thread>

#include "db/database.hpp"
#include "db/testing/test_databases.hpp"

namespace opsteward::db {
namespace {

class TransactionTest : public testing::DatabaseTest {
  protected:
    void SetUp() override {
        DatabaseTest::SetUp();
        if (IsSkipped()) return;
        Change("CREATE TABLE counters (id BIGINT NOT NULL PRIMARY KEY, value BIGINT NOT NULL)");
        Change("INSERT INTO counters (id, value) VALUES (1, 0), (2, 0)");
    }

    void Change(std::string_view sql) {
        const auto done = database().Write<std::int64_t>([&](Transaction& transaction) { return transaction.Execute(sql); });
        ASSERT_TRUE(done.ok()) << done.error().operator_text;
    }
    static std::int64_t ValueIn(Session& session, int id) {
        const auto row = session.QueryOne("SELECT value FROM counters WHERE id = $1", {id});
        EXPECT_TRUE(row.ok()) << row.error().operator_text;
        return row.ok() ? (*row)[0].AsInt() : -1;
    }
    std::int64_t Now(int id) {
        return database().Read<std::int64_t>([&](Session& session) -> Result<std::int64_t> { return ValueIn(session, id); }).value_or(-1);
    }
};

TEST_P(TransactionTest, KeepsAllOfItOrNothing) {
    const auto done = database().WriteWith([](Transaction& transaction) -> Result<void> {
        OPS_CHECK(transaction.Execute("UPDATE counters SET value = 5 WHERE id = 1"));
        EXPECT_EQ(ValueIn(transaction, 1), 5);
        return Error::Of(ErrorCode::kForbidden, "不行", "no");
    });
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().code, ErrorCode::kForbidden);
    EXPECT_EQ(Now(1), 0);
}

TEST_P(TransactionTest, RollsBackWhenAStatementFails) {
    const auto done = database().WriteWith([](Transaction& transaction) -> Result<void> {
        OPS_CHECK(transaction.Execute("UPDATE counters SET value = 5 WHERE id = 1"));
        OPS_CHECK(transaction.Execute("INSERT INTO counters (id, value) VALUES (2, 0)"));
        return Ok();
    });
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().code, ErrorCode::kConflict);
    EXPECT_EQ(Now(1), 0);
}

TEST_P(TransactionTest, IsNotSuccessfulWhenItOverlooksAFailedStatement) {
    const auto done = database().WriteWith([](Transaction& transaction) -> Result<void> {
        OPS_CHECK(transaction.Execute("UPDATE counters SET value = 5 WHERE id = 1"));
        (void)transaction.Execute("INSERT INTO counters (id, value) VALUES (2, 0)");
        return Ok();
    });
    ASSERT_FALSE(done.ok()) << "PostgreSQL rolls back such a transaction, so SQLite must not keep it";
    EXPECT_EQ(done.error().code, ErrorCode::kConflict);
    EXPECT_EQ(Now(1), 0);
}

TEST_P(TransactionTest, IsUndoneByAnExceptionAndTheDatabaseGoesOn) {
    const auto fall = [] { throw std::runtime_error("from the body"); };
    for (int i = 0; i < 20; ++i) {  // more often than there are connections
        EXPECT_THROW((void)database().WriteWith([&](Transaction& transaction) -> Result<void> {
            OPS_CHECK(transaction.Execute("UPDATE counters SET value = 5 WHERE id = 1"));
            fall();
            return Ok();
        }),
                     std::runtime_error);
        EXPECT_THROW((void)database().ReadWith([&](Session& session) -> Result<void> {
            ValueIn(session, 1);
            fall();
            return Ok();
        }),
                     std::runtime_error);
        ASSERT_EQ(Now(1), 0);
    }
    Change("UPDATE counters SET value = 6 WHERE id = 1");
    EXPECT_EQ(Now(1), 6);
}

TEST_P(TransactionTest, LosesNoUpdateOfManyWriters) {
    constexpr int kThreads = 6;
    constexpr int kRounds = 25;
    std::vector<std::thread> writers;
    std::atomic<int> failures = 0;
    for (int i = 0; i < kThreads; ++i) {
        writers.emplace_back([&] {
            for (int round = 0; round < kRounds; ++round) {
                const auto done = database().WriteWith([](Transaction& transaction) -> Result<void> {
                    OPS_CHECK(transaction.Execute("UPDATE counters SET value = value + 1 WHERE id = 1"));
                    OPS_CHECK(transaction.Execute("UPDATE counters SET value = value - 1 WHERE id = 2"));
                    return Ok();
                });
                if (!done.ok()) ++failures;
            }
        });
    }
    for (auto& writer : writers) writer.join();
    EXPECT_EQ(failures, 0);
    EXPECT_EQ(Now(1), kThreads * kRounds);
    EXPECT_EQ(Now(2), -kThreads * kRounds);
}

OPS_ON_EVERY_DATABASE(TransactionTest);

/// What needs several connections to one database: a database in memory keeps readers and writers apart by waiting.
class ConcurrentTransactions : public TransactionTest {};

TEST_P(ConcurrentTransactions, ReadOneSnapshotWhileOthersCommit) {
    const auto done = database().ReadWith([&](Session& session) -> Result<void> {
        EXPECT_EQ(ValueIn(session, 1), 0);
        Change("UPDATE counters SET value = 7 WHERE id IN (1, 2)");
        EXPECT_EQ(ValueIn(session, 1), 0);
        EXPECT_EQ(ValueIn(session, 2), 0);
        return Ok();
    });
    EXPECT_TRUE(done.ok());
    EXPECT_EQ(Now(2), 7);
}

TEST_P(ConcurrentTransactions, ReadWithoutWaitingForAWriter) {
    const auto done = database().WriteWith([&](Transaction& transaction) -> Result<void> {
        OPS_CHECK(transaction.Execute("UPDATE counters SET value = 8 WHERE id = 1"));
        // The writer holds on to its row, and is the one that waits for these readers.
        for (int i = 0; i < 3; ++i) {
            EXPECT_EQ(std::async(std::launch::async, [&] { return Now(1); }).get(), 0) << "what is not committed is not seen";
        }
        return Ok();
    });
    EXPECT_TRUE(done.ok());
    EXPECT_EQ(Now(1), 8);
}

TEST_P(ConcurrentTransactions, AreSeenByAnotherProgramOnceTheyAreDone) {
    auto other = made().OpenAgain();
    ASSERT_TRUE(other.ok()) << other.error().operator_text;
    Change("UPDATE counters SET value = 9 WHERE id = 1");
    const auto seen = (*other)->Read<std::int64_t>([](Session& session) -> Result<std::int64_t> { return ValueIn(session, 1); });
    ASSERT_TRUE(seen.ok());
    EXPECT_EQ(*seen, 9);
}

TEST_P(ConcurrentTransactions, MoreReadersThanConnectionsWaitForTheirTurn) {
    std::vector<std::future<std::int64_t>> readers;
    for (int i = 0; i < 24; ++i) readers.push_back(std::async(std::launch::async, [&] { return Now(1); }));
    for (auto& reader : readers) EXPECT_EQ(reader.get(), 0);
}

OPS_ON_DATABASES(ConcurrentTransactions, testing::Kind::kSqliteFile, testing::Kind::kPostgres);

}  // namespace
}  // namespace opsteward::db
