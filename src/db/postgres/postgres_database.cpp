// PostgreSQL: a pool of connections; reads in REPEATABLE READ snapshots, writes in READ COMMITTED with the row locks that the
// statements take. SERIALIZABLE would turn every concurrent read of a small table into a retry; the places where two writers must
// not interleave (the head of the audit chain, job leases) lock their row first.
#include <fmt/format.h>

#include "base/log.hpp"
#include "base/mutex.hpp"
#include "db/database.hpp"
#include "db/postgres/connection.hpp"

namespace opsteward::db {

namespace {

using postgres::Connection;

constexpr int kMaxAttempts = 5;

class PostgresTransaction final : public Transaction {
  public:
    explicit PostgresTransaction(Connection& connection) : connection_(connection) {}
    using Session::Query;
    Result<ResultSet> Query(std::string_view sql, std::span<const Value> parameters) override {
        return connection_.Run(sql, parameters);
    }
    Dialect dialect() const override { return Dialect::kPostgres; }

  private:
    Connection& connection_;
};

class PostgresDatabase final : public Database {
  public:
    PostgresDatabase(std::string url, std::size_t max_connections) : url_(std::move(url)), max_connections_(max_connections) {}

    Result<void> ReadWith(const std::function<Result<void>(Session&)>& body) override {
        return InTransaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", body);
    }

    Result<void> WriteWith(const std::function<Result<void>(Transaction&)>& body) override {
        return InTransaction("BEGIN", body);
    }

    Result<ResultSet> QueryRestricted(std::string_view sql, std::span<const Value> parameters, const QueryLimits& limits) override {
        ResultSet rows;
        const auto run = [&](Session& session) -> Result<void> {
            OPS_CHECK(session.Query(fmt::format("SET LOCAL statement_timeout = {}", limits.timeout.count())));
            // As the body of a SELECT the text can be neither another kind of statement nor a second one.
            auto result = session.Query(fmt::format("SELECT * FROM (\n{}\n) AS restricted LIMIT {}", sql, limits.max_rows + 1), parameters);
            if (!result.ok()) return std::move(result).error();
            rows = std::move(result).value();
            return Ok();
        };
        auto done = InTransaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", run);
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
    template <typename Body>
    Result<void> InTransaction(std::string_view begin, const Body& body) {
        for (int attempt = 1;; ++attempt) {
            OPS_TRY(auto connection, Take());
            PostgresTransaction transaction(*connection);
            auto result = Once(transaction, begin, body);
            const bool may_retry = !result.ok() && connection->is_alive() && connection->last_failure().is_transient() &&
                                   result.error().operator_text == connection->last_failure().error.operator_text;
            if (!result.ok() && connection->is_alive()) {
                // A connection that can't be rolled back is not used again.
                if (!transaction.Query("ROLLBACK").ok()) connection.reset();
            }
            GiveBack(connection != nullptr && connection->is_alive() ? std::move(connection) : nullptr);
            if (result.ok() || !may_retry || attempt == kMaxAttempts) return result;
            log::debug("transaction runs again after a conflict with another ({} of {})", attempt, kMaxAttempts);
        }
    }

    template <typename Body>
    static Result<void> Once(PostgresTransaction& transaction, std::string_view begin, const Body& body) {
        OPS_CHECK(transaction.Query(begin));
        OPS_CHECK(body(transaction));
        OPS_CHECK(transaction.Query("COMMIT"));
        return Ok();
    }

    Result<std::unique_ptr<Connection>> Take() {
        {
            MutexLock lock(pool_mutex_);
            while (idle_.empty() && open_ == max_connections_) lock.Wait(pool_changed_);
            while (!idle_.empty()) {
                auto connection = std::move(idle_.back());
                idle_.pop_back();
                if (connection->is_alive()) return connection;
                --open_;
            }
            ++open_;
        }
        auto opened = Connection::Open(url_);
        if (!opened.ok()) GiveBack(nullptr);
        return opened;
    }

    void GiveBack(std::unique_ptr<Connection> connection) {
        {
            const MutexLock lock(pool_mutex_);
            if (connection != nullptr) {
                idle_.push_back(std::move(connection));
            } else {
                --open_;
            }
        }
        pool_changed_.notify_one();
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
