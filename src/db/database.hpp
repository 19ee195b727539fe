// The records database behind one interface; SQLite and PostgreSQL implement it and pass the same conformance test.
//
// SQL is written once for both. Parameters are $1, $2 … and may be used repeatedly and in any order. Common ground used:
// INSERT … ON CONFLICT, RETURNING, CTEs, window functions, `->>` is not used. Instants are integers (milliseconds since
// 1970 UTC), booleans are integers 0/1, JSON documents are text.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "db/value.hpp"

namespace opsteward::db {

enum class Dialect { kSqlite, kPostgres };

/// A connection inside a transaction or a snapshot. Not thread-safe; lives only as long as the call that handed it out.
class Session {
  public:
    virtual ~Session() = default;

    /// Runs one statement. Errors: kConflict for a violated UNIQUE, FOREIGN KEY or CHECK constraint, kUnavailable when
    /// the database is away or busy, kFull when the disk is, kTimeout past the deadline, else kInternal.
    virtual Result<ResultSet> Query(std::string_view sql, std::span<const Value> parameters) = 0;
    Result<ResultSet> Query(std::string_view sql, std::initializer_list<Value> parameters = {}) {
        return Query(sql, std::span<const Value>(parameters.begin(), parameters.size()));
    }
    /// Query for its effect; gives the number of affected rows.
    Result<std::int64_t> Execute(std::string_view sql, std::initializer_list<Value> parameters = {});
    /// The first row, or kNotFound when there is none.
    Result<Row> QueryOne(std::string_view sql, std::initializer_list<Value> parameters = {});

    virtual Dialect dialect() const = 0;
};

/// A Session that may write. Everything done through it becomes durable together, or not at all.
class Transaction : public Session {};

struct QueryLimits {
    std::chrono::milliseconds timeout{2000};
    std::size_t max_rows = 10'000;
};

class Database {
  public:
    virtual ~Database() = default;

    /// Calls `body` inside one read snapshot on a pooled connection. Any number at once; never waits for writers.
    virtual Result<void> ReadWith(const std::function<Result<void>(Session&)>& body) = 0;
    /// Calls `body` inside a transaction; commits when it gives success, else rolls back. When Write returns success the
    /// effects are durable. On PostgreSQL a serialization failure or deadlock runs `body` again (at most 5 times), so
    /// `body` must have no effect outside the transaction. A lost connection gives kUnavailable; the next call reconnects.
    virtual Result<void> WriteWith(const std::function<Result<void>(Transaction&)>& body) = 0;
    /// Runs a statement written by somebody else: one SELECT over views, cut off at the limits. On SQLite it can read nothing but views
    /// and write nothing; PostgreSQL refuses writing, and what it may read is checked on SQLite beforehand (packs are).
    virtual Result<ResultSet> QueryRestricted(std::string_view sql, std::span<const Value> parameters,
                                              const QueryLimits& limits) = 0;
    /// A consistent copy while others go on writing (SQLite: a database file by the online backup API; PostgreSQL: not
    /// supported here, kInvalidInput names pg_dump). `to` must not exist.
    virtual Result<void> BackUpTo(const std::filesystem::path& to) = 0;
    virtual Dialect dialect() const = 0;
    /// A cheap round trip: is it there?
    virtual Result<void> Ping() = 0;

    /// auto n = database.Read<int>([&](Session& s) -> Result<int> { … });
    template <typename T>
    Result<T> Read(const std::function<Result<T>(Session&)>& body) {
        return Run<T, Session>([this](const auto& inner) { return ReadWith(inner); }, body);
    }
    template <typename T>
    Result<T> Write(const std::function<Result<T>(Transaction&)>& body) {
        return Run<T, Transaction>([this](const auto& inner) { return WriteWith(inner); }, body);
    }

  private:
    template <typename T, typename S, typename Runner>
    static Result<T> Run(const Runner& runner, const std::function<Result<T>(S&)>& body) {
        if constexpr (std::is_void_v<T>) {
            return runner(std::function<Result<void>(S&)>(body));
        } else {
            std::optional<T> value;
            auto done = runner(std::function<Result<void>(S&)>([&](S& session) -> Result<void> {
                auto result = body(session);
                if (!result.ok()) return std::move(result).error();
                value.emplace(std::move(result).value());
                return Ok();
            }));
            if (!done.ok()) return std::move(done).error();
            return std::move(*value);
        }
    }
};

/// Opens (creates) a SQLite database file: WAL, synchronous=FULL, foreign keys on, one writer and `readers` readers.
Result<std::unique_ptr<Database>> OpenSqlite(const std::filesystem::path& file, std::size_t readers = 4);
/// A private SQLite database in memory, for tests and for validating packs. Same interface, same rules.
Result<std::unique_ptr<Database>> OpenSqliteInMemory();
/// Connects to PostgreSQL 15 or later. `url` is a libpq connection URI (postgresql://…); it never appears in an error.
Result<std::unique_ptr<Database>> OpenPostgres(const std::string& url, std::size_t connections = 6);

}  // namespace opsteward::db
