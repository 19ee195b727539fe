// One libpq connection: values in and out, errors in the program's terms.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.hpp"
#include "db/database.hpp"

namespace opsteward::db::postgres {

/// SQLSTATE of a failed statement (PostgreSQL manual, appendix A) beside the program's error.
struct Failure {
    Error error;
    std::string sql_state;

    /// serialization_failure or deadlock_detected: the transaction may be run again.
    bool is_transient() const { return sql_state == "40001" || sql_state == "40P01"; }
};

class Connection {
  public:
    static Result<std::unique_ptr<Connection>> Open(const std::string& url);

    /// One statement through the extended protocol (which refuses several). `last_failure` tells more after an error.
    Result<ResultSet> Run(std::string_view sql, std::span<const Value> parameters);
    const Failure& last_failure() const { return last_failure_; }
    /// The link to the server still stands.
    bool is_alive() const { return PQstatus(handle_.get()) == CONNECTION_OK; }

  private:
    struct CloseConnection {
        void operator()(PGconn* handle) const { PQfinish(handle); }
    };
    Error Fail(const PGresult* result, std::string_view sql);

    std::unique_ptr<PGconn, CloseConnection> handle_;
    std::unordered_map<std::string, std::string> prepared_;  ///< text → name on the server
    Failure last_failure_;
};

}  // namespace opsteward::db::postgres
