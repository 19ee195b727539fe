// What one statement takes, gives and refuses is the same on every database.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "db/database.hpp"
#include "db/testing/test_databases.hpp"

namespace opsteward::db {
namespace {

using ::testing::ElementsAre;

class Statement : public testing::DatabaseTest {
  protected:
    void SetUp() override {
        DatabaseTest::SetUp();
        if (IsSkipped()) return;
        Run("CREATE TABLE things (id BIGINT NOT NULL PRIMARY KEY, name TEXT UNIQUE, size BIGINT CHECK (size >= 0))");
    }

    /// In a transaction of its own.
    Result<ResultSet> TryRun(std::string_view sql, const std::vector<Value>& parameters = {}) {
        return database().Write<ResultSet>(
            [&](Transaction& transaction) { return transaction.Query(sql, std::span<const Value>(parameters)); });
    }
    ResultSet Run(std::string_view sql, const std::vector<Value>& parameters = {}) {
        auto result = TryRun(sql, parameters);
        EXPECT_TRUE(result.ok()) << sql << ": " << (result.ok() ? "" : result.error().operator_text);
        return result.ok() ? std::move(result).value() : ResultSet{{}, {Row(20)}, -1};
    }
    ErrorCode CodeOf(std::string_view sql, const std::vector<Value>& parameters = {}) {
        const auto result = TryRun(sql, parameters);
        EXPECT_FALSE(result.ok()) << sql;
        return result.ok() ? ErrorCode::kCancelled : result.error().code;
    }
};

TEST_P(Statement, GivesBackEveryValueAsItWasGiven) {
    const bool is_sqlite = database().dialect() == Dialect::kSqlite;
    Run(is_sqlite ? "CREATE TABLE kinds (place INTEGER, i INTEGER, r REAL, t TEXT, b BLOB) STRICT"
                  : "CREATE TABLE kinds (place BIGINT, i BIGINT, r DOUBLE PRECISION, t TEXT, b BYTEA)");
    Blob all_bytes;
    for (int i = 0; i < 256; ++i) all_bytes.push_back(static_cast<std::uint8_t>(i));
    const std::vector<Row> rows = {
        {0, 0, 0.0, "", Blob{}},
        {1, std::numeric_limits<std::int64_t>::max(), std::numeric_limits<double>::max(), "it's \"quoted\" \\ $1 ; --", Blob{0, 1, 0}},
        {2, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<double>::denorm_min(), "資安🛡️\r\n\t末", all_bytes},
        {3, -1, 0.1 + 0.2, std::string(100'000, 'x'), Blob(100'000, 0)},
        {4, nullptr, nullptr, nullptr, nullptr},
        {5, 1, std::numeric_limits<double>::infinity(), "\x01\x7F", Blob{'\\', 'x', '0'}},
        {6, 1, -std::numeric_limits<double>::infinity(), "NULL", Blob{'\''}},
    };
    for (const Row& row : rows) Run("INSERT INTO kinds (place, i, r, t, b) VALUES ($1, $2, $3, $4, $5)", row);
    const ResultSet found = Run("SELECT place, i, r, t, b FROM kinds ORDER BY place");
    EXPECT_THAT(found.columns, ElementsAre("place", "i", "r", "t", "b"));
    EXPECT_EQ(found.rows, rows);
    for (const Row& row : rows) {
        if (row[3].is_null()) continue;
        EXPECT_EQ(Run("SELECT place FROM kinds WHERE i = $1 AND r = $2 AND t = $3 AND b = $4", {row[1], row[2], row[3], row[4]}).rows,
                  (std::vector<Row>{{row[0]}}));
    }
}

TEST_P(Statement, GivesSumsOfIntegersAsIntegersAndComparisonsAsZeroOrOne) {
    Run("INSERT INTO things (id, size) VALUES (1, 4000000000000000000), (2, 5000000000000000000)");
    const Row row = Run("SELECT SUM(size), COUNT(*), MAX(size) > 1, AVG(size) > 1 FROM things").rows.at(0);
    EXPECT_EQ(row[0], Value(std::int64_t{9'000'000'000'000'000'000}));
    EXPECT_EQ(row[1], Value(2));
    EXPECT_EQ(row[2], Value(1));
    EXPECT_EQ(row[3], Value(1));
}

TEST_P(Statement, TakesParametersAgainAndInAnyOrder) {
    Run("INSERT INTO things (id, name, size) VALUES ($2, $1, $2)", {"斧", 5});
    EXPECT_EQ(Run("SELECT id FROM things WHERE name = $2 AND (size = $1 OR id = $1) AND $2 = name", {5, "斧"}).rows.size(), 1U);
}

TEST_P(Statement, TakesManyParameters) {
    std::string sql = "SELECT 0";
    std::vector<Value> parameters;
    for (int i = 1; i <= 200; ++i) {
        sql += " + CAST($" + std::to_string(i) + " AS BIGINT)";
        parameters.emplace_back(i);
    }
    EXPECT_EQ(Run(sql, parameters).rows.at(0)[0].AsInt(), 200 * 201 / 2);
}

TEST_P(Statement, IsTheSameWithAnotherKindOfValueEveryTime) {
    Run("INSERT INTO things (id, name, size) VALUES (1, 'a', 1)");
    constexpr std::string_view kSql = "SELECT COUNT(*) FROM things WHERE $1 IS NULL OR size = $1";
    EXPECT_EQ(Run(kSql, {1}).rows.at(0)[0].AsInt(), 1);
    EXPECT_EQ(Run(kSql, {1.0}).rows.at(0)[0].AsInt(), 1);
    EXPECT_EQ(Run(kSql, {2}).rows.at(0)[0].AsInt(), 0);
}

TEST_P(Statement, WithoutAValueForAParameterIsRefused) {
    EXPECT_EQ(CodeOf("SELECT $2", {1}), ErrorCode::kInternal);
}

TEST_P(Statement, CountsTheRowsItChanged) {
    EXPECT_EQ(Run("INSERT INTO things (id, size) VALUES (1, 0), (2, 0), (3, 7)").affected, 3);
    EXPECT_EQ(Run("UPDATE things SET size = 1 WHERE size = 0").affected, 2);
    EXPECT_EQ(Run("UPDATE things SET size = 1 WHERE size = 99").affected, 0);
    EXPECT_EQ(Run("SELECT id FROM things").affected, 0);
    EXPECT_EQ(Run("DELETE FROM things").affected, 3);
    EXPECT_EQ(Run("DELETE FROM things").affected, 0);
    EXPECT_EQ(Run("CREATE TABLE others (id BIGINT)").affected, 0);
}

TEST_P(Statement, ReturnsWhatItWrote) {
    const ResultSet inserted = Run("INSERT INTO things (id, name) VALUES (1, 'a'), (2, 'b') RETURNING id, name");
    EXPECT_EQ(inserted.rows, (std::vector<Row>{{1, "a"}, {2, "b"}}));
    EXPECT_EQ(inserted.affected, 2);
    EXPECT_EQ(Run("UPDATE things SET size = id * 10 WHERE id = 2 RETURNING size").rows, (std::vector<Row>{{20}}));
    EXPECT_TRUE(Run("DELETE FROM things WHERE id = 9 RETURNING id").empty());
}

TEST_P(Statement, InsertsOrUpdatesOrLeavesOnConflict) {
    Run("INSERT INTO things (id, name, size) VALUES (1, 'a', 1)");
    EXPECT_EQ(Run("INSERT INTO things (id, size) VALUES (1, 5) ON CONFLICT (id) DO UPDATE SET size = things.size + excluded.size "
                  "RETURNING size").rows,
              (std::vector<Row>{{6}}));
    EXPECT_EQ(Run("INSERT INTO things (id, size) VALUES (1, 5) ON CONFLICT DO NOTHING").affected, 0);
    EXPECT_EQ(Run("SELECT size FROM things").rows, (std::vector<Row>{{6}}));
}

TEST_P(Statement, ThatBreaksAConstraintIsAConflict) {
    Run("CREATE TABLE parts (thing BIGINT NOT NULL REFERENCES things (id))");
    Run("INSERT INTO things (id, name) VALUES (1, 'a')");
    EXPECT_EQ(CodeOf("INSERT INTO things (id, name) VALUES (1, 'b')"), ErrorCode::kConflict) << "primary key";
    EXPECT_EQ(CodeOf("INSERT INTO things (id, name) VALUES (2, 'a')"), ErrorCode::kConflict) << "unique";
    EXPECT_EQ(CodeOf("INSERT INTO things (id, size) VALUES (2, -1)"), ErrorCode::kConflict) << "check";
    EXPECT_EQ(CodeOf("INSERT INTO parts (thing) VALUES (9)"), ErrorCode::kConflict) << "foreign key";
    EXPECT_EQ(CodeOf("INSERT INTO parts (thing) VALUES (NULL)"), ErrorCode::kConflict) << "not null";
    Run("INSERT INTO parts (thing) VALUES (1)");
    EXPECT_EQ(CodeOf("DELETE FROM things WHERE id = 1"), ErrorCode::kConflict) << "still referred to";
}

TEST_P(Statement, ThatIsWrongIsInternalAndTellsTheCallerNothing) {
    for (const std::string_view sql : {"SELEC 1", "SELECT secret_column FROM things", "SELECT * FROM no_such_table"}) {
        const auto result = TryRun(sql);
        ASSERT_FALSE(result.ok()) << sql;
        EXPECT_EQ(result.error().code, ErrorCode::kInternal) << sql;
        EXPECT_EQ(result.error().caller_text, Error::Hidden(ErrorCode::kInternal, "").caller_text);
        EXPECT_NE(result.error().operator_text, "");
    }
}

TEST_P(Statement, ComesAlone) {
    EXPECT_FALSE(TryRun("INSERT INTO things (id) VALUES (1); DELETE FROM things").ok());
    EXPECT_TRUE(Run("SELECT id FROM things").empty());
    EXPECT_FALSE(TryRun("").ok());
}

TEST_P(Statement, WithTextThatNoDatabaseKeepsIsRefusedAsInput) {
    const std::string_view kTexts[] = {std::string_view("a\0b", 3), "\xFF", "\xC0\x80", "\xED\xA0\x80", "\xE8\xB3"};
    for (const std::string_view text : kTexts) {
        EXPECT_EQ(CodeOf("INSERT INTO things (id, name) VALUES (1, $1)", {text}), ErrorCode::kInvalidInput);
    }
    EXPECT_TRUE(Run("SELECT id FROM things").empty());
}

TEST_P(Statement, LowersAsciiLettersAndMatchesThemWithLike) {
    Run("INSERT INTO things (id, name) VALUES (1, 'Core-SW_01 100%')");
    EXPECT_EQ(Run("SELECT id FROM things WHERE lower(name) LIKE '%core-sw\\_01 100\\%%' ESCAPE '\\'").rows.size(), 1U);
    EXPECT_TRUE(Run("SELECT id FROM things WHERE lower(name) LIKE '%sw\\_1%' ESCAPE '\\'").empty());
}

TEST_P(Statement, RunsMoreOftenThanStatementsAreKept) {
    for (int i = 0; i < 700; ++i) {
        const std::string sql = "SELECT " + std::to_string(i) + " + CAST($1 AS BIGINT)";
        ASSERT_EQ(Run(sql, {1}).rows.at(0)[0].AsInt(), i + 1);
        ASSERT_EQ(Run("SELECT CAST($1 AS BIGINT)", {i}).rows.at(0)[0].AsInt(), i);
    }
}

TEST_P(Statement, StillFitsAfterItsTableChanged) {
    constexpr std::string_view kSql = "SELECT * FROM things";
    Run("INSERT INTO things (id) VALUES (1)");
    EXPECT_EQ(Run(kSql).columns.size(), 3U);
    Run("ALTER TABLE things ADD COLUMN colour TEXT");
    EXPECT_EQ(Run(kSql).columns.size(), 4U);
}

TEST_P(Statement, ForOneRowSaysWhenThereIsNone) {
    const auto missing = database().Read<Row>([](Session& session) { return session.QueryOne("SELECT id FROM things"); });
    ASSERT_FALSE(missing.ok());
    EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
}

TEST_P(Statement, WritesNothingInASnapshot) {
    const auto result = database().Read<std::int64_t>(
        [](Session& session) { return session.Execute("INSERT INTO things (id) VALUES (1)"); });
    EXPECT_FALSE(result.ok());
    EXPECT_TRUE(Run("SELECT id FROM things").empty());
}

TEST_P(Statement, PingAnswers) { EXPECT_TRUE(database().Ping().ok()); }

OPS_ON_EVERY_DATABASE(Statement);

}  // namespace
}  // namespace opsteward::db
