// PostgreSQL: a pool of connections; reads in REPEATABLE READ snapshots, writes in READ COMMITTED with the row locks that the
// statements take. SERIALIZABLE would turn every concurrent read of a small table into a retry; the places where two writers must
// not interleave (the head of the audit chain, job leases) lock their row first.
#include <fmt/format.h>

#include "base/log.hpp"
#include "base/mutex.hpp"
#include "db/database.hpp"
#include "db/postgres/connection.hpp"
#include "db/sqlite/view_check.hpp"

namespace opsteward::db {

namespace {

using postgres::Connection;

constexpr int kMaxAttempts = 5;
constexpr std::string_view kBeginSnapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

class PostgresTransaction final : public Transaction {
  public:
    explicit PostgresTransaction(Connection& connection) : connection_(connection) {}
    using Session::Query;
    Result<ResultSet> Query(std::string_view sql, std::span<const Value> parameters) override {
        auto result = connection_.Run(sql, parameters);
        if (!result.ok() && !failure_) failure_ = result.error();
        return result;
    }
    Dialect dialect() const override { return Dialect::kPostgres; }
    /// The first statement that failed: after it the server answers COMMIT with a rollback.
    const std::optional<Error>& failure() const { return failure_; }

  private:
    Connection& connection_;
    std::optional<Error> failure_;
};

class PostgresDatabase final : public Database {
  public:
    PostgresDatabase(std::string url, std::size_t max_connections) : url_(std::move(url)), max_connections_(max_connections) {}

    Result<void> ReadWith(const std::function<Result<void>(Session&)>& body) override {
        return InTransaction(kBeginSnapshot, body);
    }

    Result<void> WriteWith(const std::function<Result<void>(Transaction&)>& body) override {
        return InTransaction("BEGIN", body);
    }

    Result<ResultSet> QueryRestricted(std::string_view sql, std::span<const Value> parameters, const QueryLimits& limits) override {
        ResultSet rows;
        const auto run = [&](Session& session) -> Result<void> {
            OPS_TRY(const auto views, Views(session));
            OPS_CHECK(sqlite::CheckReadsViewsOnly(sql, views));
            OPS_CHECK(session.Query(fmt::format("SET LOCAL statement_timeout = {}", limits.timeout.count())));
            // As the body of a SELECT the text can be neither another kind of statement nor a second one.
            auto result = session.Query(fmt::format("SELECT * FROM (\n{}\n) AS restricted LIMIT {}", sql, limits.max_rows + 1), parameters);
            if (!result.ok()) return std::move(result).error();
            rows = std::move(result).value();
            return Ok();
        };
        auto done = InTransaction(kBeginSnapshot, run);
        if (!done.ok()) {
            const Error& error = done.error();
            if (error.code == ErrorCode::kTimeout) {
                return Error::Of(ErrorCode::kTimeout, fmt::format("查詢超過 {} 毫秒，已停止。", limits.timeout.count()),
                                 fmt::format("The query ran longer than {} ms and was stopped.", limits.timeout.count()));
            }
            if (error.code == ErrorCode::kUnavailable) return error;
            // Who wrote the statement needs the database's own words about it.
            return Error::Of(ErrorCode::kInvalidInput, error.operator_text, error.operator_text);
        }
        if (rows.rows.size() > limits.max_rows) {
            return Error::Of(ErrorCode::kTooLarge, fmt::format("查詢結果超過 {} 列。", limits.max_rows),
                             fmt::format("The query gives more than {} rows.", limits.max_rows));
        }
        return rows;
    }

    Result<void> BackUpTo(const std::filesystem::path&) override {
        return Error::Of(ErrorCode::kInvalidInput, "PostgreSQL 的備份請用 pg_dump。", "Back up PostgreSQL with pg_dump.");
    }

    Dialect dialect() const override { return Dialect::kPostgres; }

    Result<void> Ping() override {
        return ReadWith([](Session& session) -> Result<void> {
            OPS_CHECK(session.Query("SELECT 1"));
            return Ok();
        });
    }

  private:
    /// A connection taken from the pool; goes back at the end of its life, also when an exception ends it.
    struct Lease {
        PostgresDatabase* owner;
        std::unique_ptr<Connection> connection;

        Lease(PostgresDatabase* database, std::unique_ptr<Connection> taken) : owner(database), connection(std::move(taken)) {}
        Lease(Lease&& other) noexcept = default;
        Lease& operator=(Lease&&) = delete;
        ~Lease() {
            if (connection != nullptr) owner->GiveBack(std::move(connection));
        }
    };

    static Result<sqlite::ViewColumns> Views(Session& session) {
        OPS_TRY(const ResultSet found,
                session.Query("SELECT c.relname::text, a.attname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
                              "WHERE c.relkind = 'v' AND c.relnamespace = current_schema()::regnamespace AND a.attnum > 0 "
                              "ORDER BY c.relname, a.attnum"));
        sqlite::ViewColumns views;
        for (const Row& row : found.rows) views[row[0].AsText()].push_back(row[1].AsText());
        return views;
    }

    template <typename Body>
    Result<void> InTransaction(std::string_view begin, const Body& body) {
        for (int attempt = 1;; ++attempt) {
            OPS_TRY(const Lease lease, Take());
            PostgresTransaction transaction(*lease.connection);
            auto result = Once(transaction, begin, body);
            if (result.ok()) return result;
            const bool may_retry = lease.connection->is_alive() && lease.connection->last_failure().is_transient() &&
                                   result.error().operator_text == lease.connection->last_failure().error.operator_text;
            if (lease.connection->is_alive()) (void)transaction.Query("ROLLBACK");
            if (!may_retry || attempt == kMaxAttempts) return result;
            log::debug("transaction runs again after a conflict with another ({} of {})", attempt, kMaxAttempts);
        }
    }

    template <typename Body>
    static Result<void> Once(PostgresTransaction& transaction, std::string_view begin, const Body& body) {
        OPS_CHECK(transaction.Query(begin));
        OPS_CHECK(body(transaction));
        if (transaction.failure()) return *transaction.failure();
        OPS_CHECK(transaction.Query("COMMIT"));
        return Ok();
    }

    Result<Lease> Take() {
        {
            MutexLock lock(pool_mutex_);
            while (idle_.empty() && open_ == max_connections_) lock.Wait(pool_changed_);
            if (!idle_.empty()) {
                Lease lease(this, std::move(idle_.back()));
                idle_.pop_back();
                return lease;
            }
            ++open_;
        }
        auto opened = Connection::Open(url_);
        if (!opened.ok()) {
            const MutexLock lock(pool_mutex_);
            --open_;
            pool_changed_.notify_one();
            return std::move(opened).error();
        }
        return Lease(this, std::move(opened).value());
    }

    void GiveBack(std::unique_ptr<Connection> connection) {
        const MutexLock lock(pool_mutex_);
        if (connection->is_idle()) {
            idle_.push_back(std::move(connection));
        } else {
            --open_;
            // What took this connection away (the server stopped) has taken the idle ones as well: the next call opens a new one.
            if (!connection->is_alive()) {
                open_ -= idle_.size();
                idle_.clear();
            }
        }
        pool_changed_.notify_all();
    }

    const std::string url_;
    const std::size_t max_connections_;
    Mutex pool_mutex_;
    std::condition_variable pool_changed_;
    std::vector<std::unique_ptr<Connection>> idle_ OPS_GUARDED_BY(pool_mutex_);
    std::size_t open_ OPS_GUARDED_BY(pool_mutex_) = 0;
};

}  // namespace

Result<std::unique_ptr<Database>> OpenPostgres(const std::string& url, std::size_t connections) {
    constexpr std::int64_t kOldestVersion = 150'000;
    auto database = std::make_unique<PostgresDatabase>(url, connections);
    OPS_TRY(const std::int64_t version, database->Read<std::int64_t>([](Session& session) -> Result<std::int64_t> {
        OPS_TRY(const Row row, session.QueryOne("SELECT CAST(current_setting('server_version_num') AS BIGINT)"));
        return row[0].AsInt();
    }));
    if (version < kOldestVersion) {
        return Error::Of(ErrorCode::kInvalidInput, "需要 PostgreSQL 15 以上版本。", "PostgreSQL 15 or later is needed.");
    }
    return std::unique_ptr<Database>(std::move(database));
}

}  // namespace opsteward::db
