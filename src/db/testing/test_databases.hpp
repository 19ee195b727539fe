// A fresh records database of each kind for the tests of any room.
//
//   class UnitStoreTest : public db::testing::DatabaseTest {};
//   TEST_P(UnitStoreTest, KeepsWhatItWasGiven) { ASSERT_TRUE(Migrate(identity::Migrations()).ok()); … database() … }
//   OPS_ON_BOTH_DATABASES(UnitStoreTest);
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/result.hpp"
#include "db/database.hpp"
#include "db/migration.hpp"
#include "db/view.hpp"

namespace opsteward::db::testing {

enum class Kind {
    kSqlite,      ///< in memory
    kSqliteFile,  ///< a file in a temporary folder
    kPostgres,    ///< a database of its own on the server of OPSTEWARD_TEST_POSTGRES
};

/// "Sqlite", "SqliteFile" or "Postgres", as tests are named by it.
std::string_view KindName(Kind kind);
inline std::string NameOfKind(const ::testing::TestParamInfo<Kind>& test) { return std::string(KindName(test.param)); }

/// Why this kind can't be had here: PostgreSQL without OPSTEWARD_TEST_POSTGRES (a URL whose user may CREATE DATABASE).
std::optional<std::string> WhyUnavailable(Kind kind);

/// An empty folder under the system's temporary one, removed with all that is in it.
class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

/// An empty database and what it stands on; both vanish with it.
class TestDatabase {
  public:
    virtual ~TestDatabase() = default;

    Database& operator*() { return *database_; }
    Database* operator->() { return database_.get(); }
    /// Another program's connections to the same data. kInvalidInput in memory, where nobody else can come.
    virtual Result<std::unique_ptr<Database>> OpenAgain() const = 0;

  protected:
    std::unique_ptr<Database> database_;
};

/// kUnavailable with the reason of WhyUnavailable where this kind can't be had.
Result<std::unique_ptr<TestDatabase>> Make(Kind kind);

/// Make, then Migrate and InstallViews, at the instant 2026-01-01T00:00:00Z.
Result<std::unique_ptr<TestDatabase>> MakeMigrated(Kind kind, std::span<const Migration> migrations,
                                                   std::span<const ViewSpec> views = {});

/// A fresh database for every test, of the kind the test is run with; skipped, saying why, where there is none.
class DatabaseTest : public ::testing::TestWithParam<Kind> {
  protected:
    void SetUp() override;

    Database& database() { return **made_; }
    TestDatabase& made() { return *made_; }
    Result<void> Migrate(std::span<const Migration> migrations, std::span<const ViewSpec> views = {});
    /// How many rows a table or view has; a failed test and -1 when there is none of that name.
    std::int64_t RowsIn(std::string_view table);

  private:
    std::unique_ptr<TestDatabase> made_;
};

}  // namespace opsteward::db::testing

#define OPS_ON_DATABASES(suite, ...) \
    INSTANTIATE_TEST_SUITE_P(On, suite, ::testing::Values(__VA_ARGS__), ::opsteward::db::testing::NameOfKind)

/// Runs the TEST_Ps of a suite derived from DatabaseTest on SQLite in memory and on PostgreSQL.
#define OPS_ON_BOTH_DATABASES(suite) \
    OPS_ON_DATABASES(suite, ::opsteward::db::testing::Kind::kSqlite, ::opsteward::db::testing::Kind::kPostgres)

/// The same, and on a SQLite file: for what depends on several connections or on the disk.
#define OPS_ON_EVERY_DATABASE(suite)                                                                              \
    OPS_ON_DATABASES(suite, ::opsteward::db::testing::Kind::kSqlite, ::opsteward::db::testing::Kind::kSqliteFile, \
                     ::opsteward::db::testing::Kind::kPostgres)
