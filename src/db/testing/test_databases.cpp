#include "db/testing/test_databases.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <stdlib.h>

#include <cstdlib>
#include <stdexcept>

#include "base/text.hpp"
#include "crypto/crypto.hpp"

namespace opsteward::db::testing {

namespace {

constexpr const char* kPostgresVariable = "OPSTEWARD_TEST_POSTGRES";
constexpr Instant kMigrationTime = Instant(std::chrono::seconds(1'767'225'600));

std::string AdministratorUrl() {
    const char* url = std::getenv(kPostgresVariable);
    return url == nullptr ? "" : url;
}

/// The same server with another database: the path of a connection URI names it.
std::string WithDatabase(const std::string& url, std::string_view name) {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string::npos) return "";
    const std::size_t query = std::min(url.find('?'), url.size());
    const std::size_t path = std::min(url.find('/', scheme + 3), query);
    return fmt::format("{}/{}{}", url.substr(0, path), name, url.substr(query));
}

/// CREATE and DROP DATABASE run outside every transaction, which the interface under test does not offer.
Result<void> RunAsAdministrator(const std::string& statement) {
    const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(AdministratorUrl().c_str()), PQfinish);
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), statement.c_str()), PQclear);
    if (PQresultStatus(result.get()) == PGRES_COMMAND_OK) return Ok();
    return Error::Hidden(ErrorCode::kUnavailable, std::string(Trim(PQerrorMessage(connection.get()))));
}

class MemoryDatabase final : public TestDatabase {
  public:
    explicit MemoryDatabase(std::unique_ptr<Database> database) { database_ = std::move(database); }
    Result<std::unique_ptr<Database>> OpenAgain() const override {
        return Error::Hidden(ErrorCode::kInvalidInput, "a database in memory belongs to who opened it");
    }
};

class FileDatabase final : public TestDatabase {
  public:
    Result<void> Open() {
        OPS_TRY(database_, OpenAgain());
        return Ok();
    }
    ~FileDatabase() override { database_.reset(); }
    Result<std::unique_ptr<Database>> OpenAgain() const override { return OpenSqlite(folder_.path() / "records.db"); }

  private:
    TemporaryFolder folder_;
};

class ServerDatabase final : public TestDatabase {
  public:
    /// Collation C orders text as SQLite does: by its bytes. Letters have case as they do on a server in use.
    Result<void> Open() {
        OPS_CHECK(RunAsAdministrator(
            fmt::format("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'", name_)));
        is_made_ = true;
        OPS_TRY(database_, OpenAgain());
        return Ok();
    }
    ~ServerDatabase() override {
        database_.reset();
        if (!is_made_) return;
        const auto dropped = RunAsAdministrator(fmt::format("DROP DATABASE {} WITH (FORCE)", name_));
        if (!dropped.ok()) ADD_FAILURE() << "the test's database stays: " << dropped.error().operator_text;
    }
    Result<std::unique_ptr<Database>> OpenAgain() const override {
        return OpenPostgres(WithDatabase(AdministratorUrl(), name_));
    }

  private:
    const std::string name_ = "opsteward_test_" + crypto::ToHex(crypto::RandomBytes(8));
    bool is_made_ = false;
};

template <typename T>
Result<std::unique_ptr<TestDatabase>> Opened() {
    auto made = std::make_unique<T>();
    OPS_CHECK(made->Open());
    return std::unique_ptr<TestDatabase>(std::move(made));
}

Result<void> Prepare(Database& database, std::span<const Migration> migrations, std::span<const ViewSpec> views) {
    OPS_CHECK(db::Migrate(database, migrations, ManualClock(kMigrationTime)));
    if (!views.empty()) OPS_CHECK(InstallViews(database, views));
    return Ok();
}

}  // namespace

std::string_view KindName(Kind kind) {
    switch (kind) {
        case Kind::kSqlite: return "Sqlite";
        case Kind::kSqliteFile: return "SqliteFile";
        case Kind::kPostgres: break;
    }
    return "Postgres";
}

std::optional<std::string> WhyUnavailable(Kind kind) {
    if (kind != Kind::kPostgres || !AdministratorUrl().empty()) return std::nullopt;
    return fmt::format("{} is not set: a PostgreSQL URL whose user may CREATE DATABASE", kPostgresVariable);
}

TemporaryFolder::TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "opsteward-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder can be made: " + name);
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code failure;
    std::filesystem::remove_all(path_, failure);
}

Result<std::unique_ptr<TestDatabase>> Make(Kind kind) {
    if (const auto reason = WhyUnavailable(kind)) return Error::Hidden(ErrorCode::kUnavailable, *reason);
    switch (kind) {
        case Kind::kSqlite: {
            OPS_TRY(auto database, OpenSqliteInMemory());
            return std::unique_ptr<TestDatabase>(std::make_unique<MemoryDatabase>(std::move(database)));
        }
        case Kind::kSqliteFile: return Opened<FileDatabase>();
        case Kind::kPostgres: break;
    }
    return Opened<ServerDatabase>();
}

Result<std::unique_ptr<TestDatabase>> MakeMigrated(Kind kind, std::span<const Migration> migrations,
                                                   std::span<const ViewSpec> views) {
    OPS_TRY(auto made, Make(kind));
    OPS_CHECK(Prepare(**made, migrations, views));
    return made;
}

void DatabaseTest::SetUp() {
    if (const auto reason = WhyUnavailable(GetParam())) GTEST_SKIP() << *reason;
    auto made = Make(GetParam());
    ASSERT_TRUE(made.ok()) << made.error().operator_text;
    made_ = std::move(made).value();
}

std::int64_t DatabaseTest::RowsIn(std::string_view table) {
    const auto row = database().Read<Row>(
        [&](Session& session) { return session.QueryOne(fmt::format("SELECT COUNT(*) FROM {}", table)); });
    EXPECT_TRUE(row.ok()) << row.error().operator_text;
    return row.ok() ? (*row)[0].AsInt() : -1;
}

Result<void> DatabaseTest::Migrate(std::span<const Migration> migrations, std::span<const ViewSpec> views) {
    return Prepare(database(), migrations, views);
}

}  // namespace opsteward::db::testing
