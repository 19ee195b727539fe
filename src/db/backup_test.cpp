// Copies made while others write, and what is left when the disk has no more room.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>

#include "db/database.hpp"
#include "db/testing/own_process.hpp"
#include "db/testing/test_databases.hpp"

namespace opsteward::db {
namespace {

Result<std::int64_t> Execute(Database& database, std::string_view sql, std::initializer_list<Value> parameters = {}) {
    return database.Write<std::int64_t>([&](Transaction& transaction) { return transaction.Execute(sql, parameters); });
}

Row One(Database& database, std::string_view sql) {
    const auto row = database.Read<Row>([&](Session& session) { return session.QueryOne(sql); });
    EXPECT_TRUE(row.ok()) << row.error().operator_text;
    return row.value_or(Row(9));
}

class Backup : public ::testing::Test {
  protected:
    void SetUp() override {
        auto opened = OpenSqlite(folder_.path() / "records.db");
        ASSERT_TRUE(opened.ok()) << opened.error().operator_text;
        database_ = std::move(opened).value();
        ASSERT_TRUE(Execute(*database_, "CREATE TABLE pairs (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER, bulk BLOB)").ok());
    }
    void AddPair(int value) {
        ASSERT_TRUE(Execute(*database_, "INSERT INTO pairs (a, b, bulk) VALUES ($1, $2, $3)", {value, -value, Blob(3000, 7)}).ok());
    }

    testing::TemporaryFolder folder_;
    std::unique_ptr<Database> database_;
};

TEST_F(Backup, IsADatabaseOfItsOwnInOneFile) {
    AddPair(1);
    const auto copy = folder_.path() / "copy.db";
    ASSERT_TRUE(database_->BackUpTo(copy).ok());
    AddPair(2);
    EXPECT_FALSE(std::filesystem::exists(copy.string() + "-wal"));
    EXPECT_FALSE(std::filesystem::exists(copy.string() + "-journal"));
    auto opened = OpenSqlite(copy);
    ASSERT_TRUE(opened.ok());
    EXPECT_EQ(One(**opened, "SELECT COUNT(*) FROM pairs")[0].AsInt(), 1);
}

TEST_F(Backup, IsConsistentWhileOthersWrite) {
    for (int i = 1; i <= 200; ++i) AddPair(i);
    std::atomic<bool> is_over = false;
    std::atomic<int> written = 200;
    std::thread writer([&] {
        while (!is_over) AddPair(++written);
    });
    for (int round = 0; round < 5; ++round) {
        const auto copy = folder_.path() / ("copy" + std::to_string(round));
        const int before = written;
        const auto done = database_->BackUpTo(copy);
        ASSERT_TRUE(done.ok()) << done.error().operator_text;
        auto opened = OpenSqlite(copy);
        ASSERT_TRUE(opened.ok());
        const Row row = One(**opened, "SELECT COUNT(*), SUM(a + b), MAX(a), MAX(id) FROM pairs");
        EXPECT_GE(row[0].AsInt(), before - 1);
        EXPECT_EQ(row[1].AsInt(), 0);
        EXPECT_EQ(row[2].AsInt(), row[0].AsInt());
        EXPECT_EQ(row[3].AsInt(), row[0].AsInt()) << "a row is missing in the middle";
        EXPECT_EQ(One(**opened, "PRAGMA integrity_check")[0].AsText(), "ok");
    }
    is_over = true;
    writer.join();
}

TEST_F(Backup, OverwritesNothing) {
    const auto copy = folder_.path() / "copy.db";
    std::ofstream(copy) << "mine";
    const auto done = database_->BackUpTo(copy);
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().code, ErrorCode::kConflict);
    std::string kept;
    std::ifstream(copy) >> kept;
    EXPECT_EQ(kept, "mine");
}

TEST_F(Backup, ToWhereNothingCanBeWrittenIsAnError) {
    const auto done = database_->BackUpTo(folder_.path() / "no such folder" / "copy.db");
    ASSERT_FALSE(done.ok());
    EXPECT_NE(done.error().operator_text, "");
}

TEST_F(Backup, OfADatabaseInMemoryIsPossibleToo) {
    auto memory = OpenSqliteInMemory();
    ASSERT_TRUE(memory.ok());
    ASSERT_TRUE(Execute(**memory, "CREATE TABLE things (id INTEGER)").ok());
    const auto done = (*memory)->BackUpTo(folder_.path() / "copy.db");
    ASSERT_TRUE(done.ok()) << done.error().operator_text;
    auto opened = OpenSqlite(folder_.path() / "copy.db");
    ASSERT_TRUE(opened.ok());
    EXPECT_EQ(One(**opened, "SELECT COUNT(*) FROM things")[0].AsInt(), 0);
}

TEST(PostgresBackup, IsLeftToPgDump) {
    if (const auto reason = testing::WhyUnavailable(testing::Kind::kPostgres)) GTEST_SKIP() << *reason;
    auto made = testing::Make(testing::Kind::kPostgres);
    ASSERT_TRUE(made.ok()) << made.error().operator_text;
    const auto done = (**made)->BackUpTo("/nowhere");
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().code, ErrorCode::kInvalidInput);
    EXPECT_THAT(done.error().caller_text.en, ::testing::HasSubstr("pg_dump"));
}

TEST(DatabaseFile, ThatIsNoneIsCalledDamaged) {
    const testing::TemporaryFolder folder;
    const auto file = folder.path() / "records.db";
    std::ofstream(file) << std::string(5000, 'x');
    const auto opened = OpenSqlite(file);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt);
    EXPECT_THAT(opened.error().caller_text.en, ::testing::HasSubstr("restore"));
}

TEST(DatabaseFile, InAFolderThatIsNotThereIsUnavailable) {
    const testing::TemporaryFolder folder;
    const auto opened = OpenSqlite(folder.path() / "no such folder" / "records.db");
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, ErrorCode::kUnavailable);
}

constexpr int kKeptAndSaidSo = 40;
constexpr int kNotPossibleHere = 41;

/// Writes rows until there is no room for one. The outcome is an exit code: it runs in a process of its own, whose files can't grow.
int FillUp(const std::filesystem::path& file, ErrorCode expected) {
    auto opened = OpenSqlite(file);
    if (!opened.ok()) return 1;
    int committed = 0;
    for (; committed < 1000; ++committed) {
        const auto done = Execute(**opened, "INSERT INTO bulk (bytes) VALUES ($1)", {Blob(10'000, 5)});
        if (done.ok()) continue;
        if (done.error().code != expected || done.error().caller_text != Error::Hidden(expected, "").caller_text) return 2;
        break;
    }
    if (committed < 5 || committed == 1000) return 3;
    // What was committed can be read while there is still no room, and the next try fails like the first.
    if (One(**opened, "SELECT COUNT(*) FROM bulk")[0].AsInt() != committed) return 4;
    if (Execute(**opened, "INSERT INTO bulk (bytes) VALUES ($1)", {Blob(500'000, 5)}).ok()) return 5;
    return kKeptAndSaidSo;
}

Result<std::int64_t> MakeBulk(const std::filesystem::path& file) {
    OPS_TRY(const auto database, OpenSqlite(file));
    return Execute(*database, "CREATE TABLE bulk (id INTEGER PRIMARY KEY, bytes BLOB)");
}

TEST(DatabaseFile, ThatMayNotGrowKeepsWhatWasCommittedAndSaysSo) {
    const testing::TemporaryFolder folder;
    const auto file = folder.path() / "records.db";
    ASSERT_TRUE(MakeBulk(file).ok());
    ASSERT_EQ(testing::InAProcessOfItsOwn([&] {
        std::signal(SIGXFSZ, SIG_IGN);
        constexpr rlimit kRoom{400'000, RLIM_INFINITY};
        return ::setrlimit(RLIMIT_FSIZE, &kRoom) == 0 ? FillUp(file, ErrorCode::kUnavailable) : kNotPossibleHere;
    }),
              kKeptAndSaidSo);
    auto opened = OpenSqlite(file);
    ASSERT_TRUE(opened.ok()) << opened.error().operator_text;
    EXPECT_GE(One(**opened, "SELECT COUNT(*) FROM bulk")[0].AsInt(), 5);
    EXPECT_EQ(One(**opened, "PRAGMA integrity_check")[0].AsText(), "ok");
    EXPECT_TRUE(Execute(**opened, "INSERT INTO bulk (bytes) VALUES ($1)", {Blob(10'000, 5)}).ok()) << "there is room again";
}

TEST(DatabaseFile, OnAFullDiskKeepsWhatWasCommittedAndSaysThatItIsFull) {
    const testing::TemporaryFolder folder;
    const int outcome = testing::InAProcessOfItsOwn([&] {
        if (!testing::MountSmallDisk(folder.path(), std::uint64_t{1} << 20)) return kNotPossibleHere;
        const auto file = folder.path() / "records.db";
        return MakeBulk(file).ok() ? FillUp(file, ErrorCode::kFull) : 6;
    });
    if (outcome == kNotPossibleHere) GTEST_SKIP() << "a process may not mount a file system in a namespace of its own here";
    EXPECT_EQ(outcome, kKeptAndSaidSo);
}

}  // namespace
}  // namespace opsteward::db
