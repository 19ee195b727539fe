// Statements written by somebody else: they read views, and do nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "db/database.hpp"
#include "db/testing/test_databases.hpp"

namespace opsteward::db {
namespace {

using ::testing::HasSubstr;

const ViewSpec kViews[] = {
    {"fact_hosts", {"host", "owner"}, "SELECT name, owner FROM hosts"},
    {"fact_owned", {"host"}, "WITH owned AS (SELECT host FROM fact_hosts WHERE owner <> '') SELECT host FROM owned"},
};

class RestrictedQuery : public testing::DatabaseTest {
  protected:
    void SetUp() override {
        DatabaseTest::SetUp();
        if (IsSkipped()) return;
        const auto done = database().WriteWith([](Transaction& transaction) -> Result<void> {
            OPS_CHECK(transaction.Execute("CREATE TABLE hosts (name TEXT, owner TEXT, secret TEXT)"));
            OPS_CHECK(transaction.Execute("INSERT INTO hosts (name, owner, secret) VALUES ('sw1', '王', 'x'), ('sw2', '', 'y')"));
            return Ok();
        });
        ASSERT_TRUE(done.ok()) << done.error().operator_text;
        const auto installed = InstallViews(database(), kViews);
        ASSERT_TRUE(installed.ok()) << installed.error().operator_text;
    }

    Result<ResultSet> Ask(std::string_view sql, const std::vector<Value>& parameters = {}, const QueryLimits& limits = {}) {
        return database().QueryRestricted(sql, parameters, limits);
    }
};

TEST_P(RestrictedQuery, ReadsViews) {
    const std::string_view kAllowed[] = {
        "SELECT host FROM fact_hosts WHERE owner = ''",
        "SELECT h.host FROM fact_hosts h LEFT JOIN fact_owned o ON o.host = h.host WHERE o.host IS NULL",
        "WITH idle AS (SELECT host FROM fact_hosts WHERE owner = '') SELECT host FROM idle",
        "WITH idle(h) AS (SELECT host FROM fact_hosts WHERE NOT EXISTS (SELECT 1 FROM fact_owned WHERE fact_owned.host = fact_hosts.host)) "
        "SELECT h FROM idle",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT 'sw2' FROM n GROUP BY 1 HAVING COUNT(*) = 3",
        "SELECT MAX(host) FROM (SELECT host FROM fact_hosts) AS inside",
        "SELECT host FROM (SELECT host, ROW_NUMBER() OVER (ORDER BY host DESC) AS place FROM fact_hosts) AS ranked WHERE place = 1",
    };
    for (const std::string_view sql : kAllowed) {
        const auto found = Ask(sql);
        ASSERT_TRUE(found.ok()) << sql << ": " << found.error().operator_text;
        EXPECT_EQ(found->rows, (std::vector<Row>{{"sw2"}})) << sql;
    }
}

TEST_P(RestrictedQuery, TakesParameters) {
    const auto found = Ask("SELECT owner FROM fact_hosts WHERE host = $1", {"sw1"});
    ASSERT_TRUE(found.ok()) << found.error().operator_text;
    EXPECT_EQ(found->rows, (std::vector<Row>{{"王"}}));
}

TEST_P(RestrictedQuery, CountsTheRowsOfAView) {
    const auto found = Ask("SELECT COUNT(*) FROM fact_hosts");
    ASSERT_TRUE(found.ok()) << found.error().operator_text;
    EXPECT_EQ(found->rows, (std::vector<Row>{{2}}));
}

TEST_P(RestrictedQuery, ReachesNothingButViews) {
    const std::string_view kRefused[] = {
        // Tables, however they are named.
        "SELECT secret FROM hosts",
        "SELECT COUNT(*) FROM hosts",
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM hosts)",
        "SELECT host FROM fact_hosts UNION SELECT secret FROM hosts",
        "SELECT host, (SELECT MAX(secret) FROM hosts) FROM fact_hosts",
        "SELECT * FROM (SELECT secret FROM hosts) AS fact_hosts",
        "WITH seen AS (SELECT secret FROM hosts) SELECT * FROM seen",
        "WITH fact_hosts AS (SELECT secret FROM hosts) SELECT * FROM fact_hosts",
        "WITH fact_hosts(host) AS (SELECT secret FROM hosts), b AS (SELECT host FROM fact_hosts) SELECT * FROM b",
        "SELECT secret FROM main.hosts",
        "SELECT secret FROM public.hosts",
        "SELECT * FROM schema_views",
        // Where the databases keep their own matters.
        "SELECT sql FROM sqlite_master",
        "SELECT sql FROM sqlite_schema",
        "SELECT COUNT(*) FROM sqlite_schema",
        "SELECT COUNT(*) FROM pragma_table_list",
        "WITH a AS (SELECT sql FROM sqlite_master) SELECT * FROM a",
        "SELECT * FROM pragma_database_list",
        "SELECT * FROM pragma_table_info('hosts')",
        "SELECT rolname FROM pg_roles",
        "SELECT * FROM pg_catalog.pg_class",
        "SELECT table_name FROM information_schema.tables",
        "SELECT current_setting('data_directory')",
        "SELECT pg_read_file('postgresql.conf')",
        "SELECT pg_sleep(0)",
        "SELECT set_config('statement_timeout', '0', false)",
        "SELECT version()",
        "SELECT load_extension('x')",
        // Other statements than a question.
        "INSERT INTO hosts (name) VALUES ('x')",
        "UPDATE hosts SET secret = ''",
        "DELETE FROM hosts",
        "WITH a AS (DELETE FROM hosts RETURNING secret) SELECT * FROM a",
        "DELETE FROM hosts RETURNING secret",
        "DROP TABLE hosts",
        "DROP VIEW fact_hosts",
        "CREATE TABLE x (y TEXT)",
        "CREATE TEMP TABLE x AS SELECT 1 AS y",
        "PRAGMA query_only = OFF",
        "PRAGMA table_list",
        "ATTACH DATABASE 'x.db' AS x",
        "VACUUM INTO 'x.db'",
        "BEGIN",
        "COMMIT",
        "SET statement_timeout = 0",
        "EXPLAIN SELECT host FROM fact_hosts",
        "COPY hosts TO '/tmp/x'",
        "SELECT host INTO x FROM fact_hosts",
        // Out of the parentheses in which it runs, and a second statement.
        "SELECT host FROM fact_hosts) AS restricted; DROP TABLE hosts; --",
        "SELECT host FROM fact_hosts) AS a, (SELECT secret FROM hosts",
        "SELECT host FROM fact_hosts; SELECT secret FROM hosts",
        "",
        "--",
    };
    for (const std::string_view sql : kRefused) {
        const auto found = Ask(sql);
        EXPECT_FALSE(found.ok()) << sql;
        if (!found.ok()) {
            EXPECT_EQ(found.error().code, ErrorCode::kInvalidInput) << sql << ": " << found.error().operator_text;
        }
    }
    const auto left = database().Read<Row>([](Session& session) { return session.QueryOne("SELECT COUNT(*), MAX(secret) FROM hosts"); });
    ASSERT_TRUE(left.ok());
    EXPECT_EQ(*left, (Row{2, "y"}));
}

TEST_P(RestrictedQuery, SaysWhatTheDatabaseFoundWrong) {
    const auto found = Ask("SELECT colour FROM fact_hosts");
    ASSERT_FALSE(found.ok());
    EXPECT_THAT(found.error().caller_text.en, HasSubstr("colour"));
}

TEST_P(RestrictedQuery, IsCutOffAfterItsTime) {
    QueryLimits limits;
    limits.timeout = std::chrono::milliseconds(100);
    const auto endless = Ask("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 0 FROM n) SELECT COUNT(*) FROM n", {}, limits);
    ASSERT_FALSE(endless.ok());
    EXPECT_EQ(endless.error().code, ErrorCode::kTimeout) << endless.error().operator_text;
    EXPECT_THAT(endless.error().caller_text.en, HasSubstr("100 ms"));
    EXPECT_TRUE(Ask("SELECT host FROM fact_hosts").ok()) << "the connection is as good as before";
}

TEST_P(RestrictedQuery, IsRefusedWithMoreRowsThanAllowedAndTakesExactlyAsMany) {
    QueryLimits limits;
    limits.max_rows = 2;
    EXPECT_TRUE(Ask("SELECT host FROM fact_hosts", {}, limits).ok());
    limits.max_rows = 1;
    const auto cut = Ask("SELECT host FROM fact_hosts", {}, limits);
    ASSERT_FALSE(cut.ok());
    EXPECT_EQ(cut.error().code, ErrorCode::kTooLarge);
    const auto endless = Ask("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n", {}, limits);
    ASSERT_FALSE(endless.ok());
    EXPECT_EQ(endless.error().code, ErrorCode::kTooLarge) << endless.error().operator_text;
}

TEST_P(RestrictedQuery, LeavesTheConnectionFreeForOtherWork) {
    ASSERT_FALSE(Ask("SELECT secret FROM hosts").ok());
    for (int i = 0; i < 8; ++i) {
        const auto row = database().Read<Row>([](Session& session) { return session.QueryOne("SELECT MAX(secret) FROM hosts"); });
        ASSERT_TRUE(row.ok()) << row.error().operator_text;
    }
}

OPS_ON_EVERY_DATABASE(RestrictedQuery);

}  // namespace
}  // namespace opsteward::db
