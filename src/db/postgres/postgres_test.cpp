// What only a server can do to a program: refuse it, drop its connections, break its deadlocks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <latch>
#include <thread>

#include "db/database.hpp"
#include "db/testing/test_databases.hpp"

namespace opsteward::db {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

void ExpectTellsNothing(const Error& error, const std::string& url, std::string_view secret) {
    for (const std::string* text : {&error.operator_text, &error.caller_text.zh, &error.caller_text.en}) {
        EXPECT_THAT(*text, Not(HasSubstr(url)));
        EXPECT_THAT(*text, Not(HasSubstr(std::string(secret)))) << url;
    }
}

TEST(PostgresAddress, OfNobodyIsUnavailableAndDoesNotGiveThePasswordAway) {
    const std::string url = "postgresql://ops:hunter2@127.0.0.1:1/records";
    const auto opened = OpenPostgres(url);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, ErrorCode::kUnavailable);
    ExpectTellsNothing(opened.error(), url, "hunter2");
    EXPECT_NE(opened.error().caller_text.zh, "");
}

TEST(PostgresAddress, ThatIsWrittenWronglyDoesNotGiveThePasswordAway) {
    // libpq's own words about these name a piece of the password.
    const std::string_view kUrls[] = {
        "postgresql://ops:hunter2%zz@127.0.0.1:1/records",
        "postgresql://ops:hun%2hunter2@127.0.0.1:1/records",
        "postgresql://ops:x/hunter2@127.0.0.1:1/records",
        "postgresql://ops:x@hunter2@127.0.0.1:1/records",
        "postgresql://ops:x@hunter2:127.0.0.1/records",
        "postgresql://ops:x?hunter2@127.0.0.1:1/records",
        "postgresql://ops:hunter2/records",
        "postgresql://ops:x[hunter2@127.0.0.1:1/records",
        "postgresql://127.0.0.1:1/records?password=%hunter2",
        "postgresql://127.0.0.1:1/records?hunter2",
        "postgresql://127.0.0.1:1/records?pasword=hunter2",
        "host=127.0.0.1 port=1 password=hunter2 sslmode",
        "host=127.0.0.1 port=1 password=hunter2",
        "ops:hunter2@127.0.0.1",
        "hunter2",
        "",
    };
    for (const std::string_view url : kUrls) {
        const auto opened = OpenPostgres(std::string(url));
        ASSERT_FALSE(opened.ok()) << url;
        EXPECT_THAT(opened.error().code, AnyOf(ErrorCode::kInvalidInput, ErrorCode::kUnavailable)) << url;
        if (!url.empty()) ExpectTellsNothing(opened.error(), std::string(url), "hunter2");
    }
}

TEST(PostgresAddress, SaysHowAPasswordWithSignsIsWritten) {
    const auto opened = OpenPostgres("postgresql://ops:a@b@127.0.0.1:1/records");
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, ErrorCode::kInvalidInput);
    EXPECT_THAT(opened.error().caller_text.en, HasSubstr("%40"));
}

TEST(PostgresAddress, MayNameSocketsSeveralHostsAndParameters) {
    const std::string_view kUrls[] = {
        "postgresql:///records?host=/nowhere/at/all",
        "postgresql://%2Fnowhere%2Fat%2Fall/records",
        "postgres://ops@127.0.0.1:1,[::1]:1/records?connect_timeout=1&application_name=a%20b",
        "postgresql://ops:p%40ss%2Fword@127.0.0.1:1",
    };
    for (const std::string_view url : kUrls) {
        const auto opened = OpenPostgres(std::string(url));
        ASSERT_FALSE(opened.ok());
        EXPECT_EQ(opened.error().code, ErrorCode::kUnavailable) << url << ": " << opened.error().operator_text;
    }
}

class PostgresTest : public testing::DatabaseTest {
  protected:
    void SetUp() override {
        DatabaseTest::SetUp();
        if (IsSkipped()) return;
        const auto done = database().WriteWith([](Transaction& transaction) -> Result<void> {
            OPS_CHECK(transaction.Execute("CREATE TABLE counters (id BIGINT PRIMARY KEY, value BIGINT NOT NULL)"));
            OPS_CHECK(transaction.Execute("INSERT INTO counters (id, value) VALUES (1, 0), (2, 0)"));
            return Ok();
        });
        ASSERT_TRUE(done.ok()) << done.error().operator_text;
    }

    /// As the server does when it stops: every connection of this database but the one that says so.
    void DropConnections() {
        auto other = made().OpenAgain();
        ASSERT_TRUE(other.ok());
        const auto done = (*other)->Read<ResultSet>([](Session& session) {
            return session.Query("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                                 "WHERE datname = current_database() AND pid <> pg_backend_pid()");
        });
        ASSERT_TRUE(done.ok()) << done.error().operator_text;
        ASSERT_FALSE(done->empty());
    }
    /// So many connections lie idle in the pool afterwards.
    void FillPool(int connections) {
        std::barrier all_in(connections);
        std::vector<std::thread> readers;
        for (int i = 0; i < connections; ++i) {
            readers.emplace_back([&] {
                EXPECT_TRUE(database().ReadWith([&](Session& session) -> Result<void> {
                    OPS_CHECK(session.Query("SELECT 1"));
                    all_in.arrive_and_wait();
                    return Ok();
                }).ok());
            });
        }
        for (auto& reader : readers) reader.join();
    }
};

TEST_P(PostgresTest, ALostConnectionIsUnavailableOnceAndThenThereAgain) {
    FillPool(5);
    DropConnections();
    const auto lost = database().Ping();
    ASSERT_FALSE(lost.ok());
    EXPECT_EQ(lost.error().code, ErrorCode::kUnavailable);
    EXPECT_TRUE(database().Ping().ok()) << "the other connections of the pool are as dead as the first";
    EXPECT_TRUE(database().Ping().ok());
}

TEST_P(PostgresTest, AConnectionLostWithinATransactionLeavesNothingOfIt) {
    const auto done = database().WriteWith([&](Transaction& transaction) -> Result<void> {
        OPS_CHECK(transaction.Execute("UPDATE counters SET value = 5 WHERE id = 1"));
        DropConnections();
        OPS_CHECK(transaction.Execute("UPDATE counters SET value = 5 WHERE id = 2"));
        return Ok();
    });
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().code, ErrorCode::kUnavailable);
    const auto row = database().Read<Row>([](Session& session) { return session.QueryOne("SELECT SUM(value) FROM counters"); });
    ASSERT_TRUE(row.ok()) << row.error().operator_text;
    EXPECT_EQ((*row)[0].AsInt(), 0);
}

TEST_P(PostgresTest, ADeadlockIsBrokenAndTheLoserRunsAgain) {
    std::latch both_hold_one(2);
    std::atomic<int> runs = 0;
    const auto move = [&](int from, int to) {
        int attempt = 0;
        return database().WriteWith([&, from, to](Transaction& transaction) -> Result<void> {
            ++runs;
            OPS_CHECK(transaction.Execute("UPDATE counters SET value = value - 1 WHERE id = $1", {from}));
            if (++attempt == 1) both_hold_one.arrive_and_wait();
            OPS_CHECK(transaction.Execute("UPDATE counters SET value = value + 1 WHERE id = $1", {to}));
            return Ok();
        });
    };
    std::string failure;
    std::thread other([&] {
        const auto done = move(2, 1);
        if (!done.ok()) failure = done.error().operator_text;
    });
    const auto done = move(1, 2);
    other.join();
    EXPECT_TRUE(done.ok()) << done.error().operator_text;
    EXPECT_EQ(failure, "");
    EXPECT_GE(runs, 3);
    const auto rows = database().Read<ResultSet>([](Session& session) { return session.Query("SELECT value FROM counters"); });
    EXPECT_EQ(rows->rows, (std::vector<Row>{{0}, {0}}));
}

TEST_P(PostgresTest, ASerializationFailureRunsAgainFiveTimesAtMost) {
    int runs = 0;
    const auto done = database().WriteWith([&](Transaction& transaction) -> Result<void> {
        ++runs;
        OPS_CHECK(transaction.Query("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = 'serialization_failure'; END $$"));
        return Ok();
    });
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(runs, 5);
}

OPS_ON_DATABASES(PostgresTest, testing::Kind::kPostgres);

}  // namespace
}  // namespace opsteward::db
