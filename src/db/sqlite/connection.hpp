// One SQLite connection: statements kept prepared, values in and out, errors in the program's terms.
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.hpp"
#include "db/database.hpp"

namespace opsteward::db::sqlite {

struct CloseStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, CloseStatement>;

class Connection {
  public:
    /// `flags` as for sqlite3_open_v2; `uri` may be a file name or a file: URI.
    static Result<std::unique_ptr<Connection>> Open(const std::string& uri, int flags);

    /// One statement; its compiled form is kept for the next time.
    Result<ResultSet> Run(std::string_view sql, std::span<const Value> parameters);
    /// The same without keeping it; at most `max_rows` rows, else kTooLarge. Refuses what follows the first statement.
    Result<ResultSet> RunOnce(std::string_view sql, std::span<const Value> parameters, std::size_t max_rows);

    /// Only whether it compiles, and is no EXPLAIN; nothing runs.
    Result<void> Compile(std::string_view sql);

    sqlite3* handle() { return handle_.get(); }
    Error LastError(std::string_view what) const;

  private:
    struct CloseConnection {
        void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
    };
    struct Kept {
        Statement statement;
        std::list<std::string>::iterator use;
    };

    Result<Statement> Prepare(std::string_view sql, unsigned flags);
    Result<ResultSet> Step(sqlite3_stmt* statement, std::span<const Value> parameters, std::size_t max_rows);

    std::unique_ptr<sqlite3, CloseConnection> handle_;
    std::list<std::string> uses_;  ///< texts of kept statements, latest use first
    std::unordered_map<std::string_view, Kept> kept_;
};

}  // namespace opsteward::db::sqlite
