// SQLite in WAL mode: one connection writes, several read snapshots, so that readers never wait for the writer.
#include <fmt/format.h>

#include "base/log.hpp"
#include "base/mutex.hpp"
#include "crypto/crypto.hpp"
#include "db/database.hpp"
#include "db/sqlite/connection.hpp"
#include "db/sqlite/view_check.hpp"

namespace opsteward::db {

namespace {

using sqlite::Connection;

class SqliteTransaction final : public Transaction {
  public:
    explicit SqliteTransaction(Connection& connection) : connection_(connection) {}
    using Session::Query;
    Result<ResultSet> Query(std::string_view sql, std::span<const Value> parameters) override {
        auto result = connection_.Run(sql, parameters);
        if (!result.ok() && !failure_) failure_ = result.error();
        return result;
    }
    Dialect dialect() const override { return Dialect::kSqlite; }
    /// The first statement that failed. PostgreSQL can't commit after one; the program must not come to rely on SQLite doing so.
    const std::optional<Error>& failure() const { return failure_; }

  private:
    Connection& connection_;
    std::optional<Error> failure_;
};

/// A second barrier behind CheckReadsViewsOnly: whatever happened to get through it still only reads.
int AllowReadingOnly(void*, int action, const char*, const char*, const char*, const char*) {
    switch (action) {
        case SQLITE_SELECT:
        case SQLITE_READ:
        case SQLITE_RECURSIVE:
        case SQLITE_FUNCTION: return SQLITE_OK;
        default: return SQLITE_DENY;
    }
}

class SqliteDatabase final : public Database {
  public:
    SqliteDatabase(std::string uri, int flags, std::unique_ptr<Connection> writer, std::size_t max_readers)
        : uri_(std::move(uri)), flags_(flags), writer_(std::move(writer)), max_readers_(max_readers) {}

    Result<void> ReadWith(const std::function<Result<void>(Session&)>& body) override {
        OPS_TRY(Lease lease, TakeReader());
        SqliteTransaction session(*lease.connection);
        OPS_CHECK(session.Query("BEGIN"));
        // Also when `body` throws. A reader that can't let go of its snapshot is not used again.
        struct EndOnExit {
            Lease& lease;
            ~EndOnExit() { lease.is_broken = !lease.connection->Run("ROLLBACK", {}).ok(); }
        } const on_exit{lease};
        return body(session);
    }

    Result<void> WriteWith(const std::function<Result<void>(Transaction&)>& body) override {
        const MutexLock lock(writer_mutex_);
        SqliteTransaction transaction(*writer_);
        OPS_CHECK(transaction.Query("BEGIN IMMEDIATE"));
        struct RollBackOnExit {
            Connection& connection;
            ~RollBackOnExit() {
                // Some errors (full disk) have ended the transaction already.
                if (sqlite3_get_autocommit(connection.handle()) == 0) (void)connection.Run("ROLLBACK", {});
            }
        } const on_exit{*writer_};
        OPS_CHECK(body(transaction));
        if (transaction.failure()) return *transaction.failure();
        OPS_CHECK(transaction.Query("COMMIT"));
        return Ok();
    }

    Result<ResultSet> QueryRestricted(std::string_view sql, std::span<const Value> parameters,
                                      const QueryLimits& limits) override {
        OPS_TRY(Lease lease, TakeReader());
        OPS_TRY(const ResultSet named,
                lease.connection->Run("SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'view'", {}));
        sqlite::ViewColumns views;
        for (const Row& row : named.rows) views[row[0].AsText()].push_back(row[1].AsText());
        OPS_CHECK(sqlite::CheckReadsViewsOnly(sql, views));
        sqlite3* const handle = lease.connection->handle();
        const auto deadline = std::chrono::steady_clock::now() + limits.timeout;
        sqlite3_set_authorizer(handle, AllowReadingOnly, nullptr);
        sqlite3_progress_handler(
            handle, 10'000,
            [](void* context) {
                const auto* until = static_cast<const std::chrono::steady_clock::time_point*>(context);
                return std::chrono::steady_clock::now() >= *until ? 1 : 0;
            },
            const_cast<std::chrono::steady_clock::time_point*>(&deadline));
        auto result = lease.connection->RunOnce(sql, parameters, limits.max_rows);
        sqlite3_progress_handler(handle, 0, nullptr, nullptr);
        sqlite3_set_authorizer(handle, nullptr, nullptr);
        if (result.ok() || result.error().code == ErrorCode::kTooLarge) return result;
        if (result.error().code == ErrorCode::kTimeout) {
            return Error::Of(ErrorCode::kTimeout, fmt::format("查詢超過 {} 毫秒，已停止。", limits.timeout.count()),
                             fmt::format("The query ran longer than {} ms and was stopped.", limits.timeout.count()));
        }
        // Who wrote the statement needs the database's own words about it.
        return Error::Of(ErrorCode::kInvalidInput, result.error().operator_text, result.error().operator_text);
    }

    Result<void> BackUpTo(const std::filesystem::path& to) override {
        std::error_code failure;
        if (std::filesystem::exists(to, failure)) {
            return Error::Of(ErrorCode::kConflict, to.string() + " 已存在，不會覆寫。", to.string() + " exists already and is not overwritten.");
        }
        OPS_TRY(Lease lease, TakeReader());
        OPS_TRY(const auto target, Connection::Open(to.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
        sqlite3_backup* const backup = sqlite3_backup_init(target->handle(), "main", lease.connection->handle(), "main");
        if (backup == nullptr) return target->LastError("starting the backup");
        // All pages in one step: the read snapshot keeps the copy consistent, and writers go on in the log meanwhile.
        const int status = sqlite3_backup_step(backup, -1);
        sqlite3_backup_finish(backup);
        if (status != SQLITE_DONE) {
            auto error = target->LastError("writing the backup");
            std::filesystem::remove(to, failure);
            return error;
        }
        // One file on its own: no log beside it.
        OPS_CHECK(target->Run("PRAGMA journal_mode = DELETE", {}));
        return Ok();
    }

    Dialect dialect() const override { return Dialect::kSqlite; }

    Result<void> Ping() override {
        return ReadWith([](Session& session) -> Result<void> {
            OPS_CHECK(session.Query("SELECT 1"));
            return Ok();
        });
    }

  private:
    /// A reader taken from the pool; goes back at the end of its life.
    struct Lease {
        SqliteDatabase* owner;
        std::unique_ptr<Connection> connection;
        bool is_broken = false;

        Lease(SqliteDatabase* database, std::unique_ptr<Connection> reader) : owner(database), connection(std::move(reader)) {}
        Lease(Lease&& other) noexcept = default;
        Lease& operator=(Lease&&) = delete;
        ~Lease() {
            if (connection != nullptr) owner->GiveBack(is_broken ? nullptr : std::move(connection));
        }
    };

    Result<Lease> TakeReader() {
        {
            MutexLock lock(pool_mutex_);
            while (idle_.empty() && readers_ == max_readers_) lock.Wait(pool_changed_);
            if (!idle_.empty()) {
                auto connection = std::move(idle_.back());
                idle_.pop_back();
                return Lease(this, std::move(connection));
            }
            ++readers_;
        }
        auto opened = Connection::Open(uri_, flags_ & ~SQLITE_OPEN_CREATE);
        if (!opened.ok()) {
            GiveBack(nullptr);
            return std::move(opened).error();
        }
        Lease lease(this, std::move(opened).value());
        for (const std::string_view pragma : {"PRAGMA query_only = ON", "PRAGMA busy_timeout = 5000", "PRAGMA cache_size = -8000"}) {
            OPS_CHECK(lease.connection->Run(pragma, {}));
        }
        return lease;
    }

    void GiveBack(std::unique_ptr<Connection> connection) {
        {
            const MutexLock lock(pool_mutex_);
            if (connection != nullptr) {
                idle_.push_back(std::move(connection));
            } else {
                --readers_;
            }
        }
        pool_changed_.notify_one();
    }

    const std::string uri_;
    const int flags_;
    Mutex writer_mutex_;
    std::unique_ptr<Connection> writer_ OPS_PT_GUARDED_BY(writer_mutex_);

    const std::size_t max_readers_;
    Mutex pool_mutex_;
    std::condition_variable pool_changed_;
    std::vector<std::unique_ptr<Connection>> idle_ OPS_GUARDED_BY(pool_mutex_);
    std::size_t readers_ OPS_GUARDED_BY(pool_mutex_) = 0;
};

}  // namespace

Result<std::unique_ptr<Database>> OpenSqlite(const std::filesystem::path& file, std::size_t readers) {
    constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    OPS_TRY(auto writer, Connection::Open(file.string(), kFlags));
    for (const std::string_view pragma : {"PRAGMA busy_timeout = 10000", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",
                                          "PRAGMA foreign_keys = ON", "PRAGMA trusted_schema = OFF"}) {
        auto done = writer->Run(pragma, {});
        if (!done.ok() && done.error().code == ErrorCode::kCorrupt) {
            return Error::Of(ErrorCode::kCorrupt, file.string() + " 不是資料庫檔或已損壞。請由備份還原（opsteward db restore）。",
                             file.string() + " is no database file, or damaged. Restore it from a backup (opsteward db restore).");
        }
        OPS_CHECK(std::move(done));
    }
    return std::unique_ptr<Database>(std::make_unique<SqliteDatabase>(file.string(), kFlags, std::move(writer), readers));
}

Result<std::unique_ptr<Database>> OpenSqliteInMemory() {
    // A name of its own, so that the connections of this database, and no others, share it. The memdb file system locks as files
    // do; the older shared cache would refuse readers while somebody writes.
    const std::string uri = fmt::format("file:/opsteward-{}?vfs=memdb", crypto::RandomToken(8));
    constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI;
    OPS_TRY(auto writer, Connection::Open(uri, kFlags));
    for (const std::string_view pragma : {"PRAGMA foreign_keys = ON", "PRAGMA busy_timeout = 10000"}) {
        OPS_CHECK(writer->Run(pragma, {}));
    }
    return std::unique_ptr<Database>(std::make_unique<SqliteDatabase>(uri, kFlags, std::move(writer), 4));
}

}  // namespace opsteward::db
