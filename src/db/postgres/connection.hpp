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

    /// A kept statement whose tables have changed since; it is forgotten now.
    bool is_outdated_statement = false;

    /// serialization_failure, deadlock_detected, or a statement that will be prepared anew: the transaction may be run again.
    bool is_transient() const { return sql_state == "40001" || sql_state == "40P01" || is_outdated_statement; }
};

class Connection {
  public:
    static Result<std::unique_ptr<Connection>> Open(const std::string& url);

    /// One statement through the extended protocol (which refuses several). `last_failure` tells more after an error.
    Result<ResultSet> Run(std::string_view sql, std::span<const Value> parameters);
    const Failure& last_failure() const { return last_failure_; }
    /// The link to the server still stands.
    bool is_alive() const { return PQstatus(handle_.get()) == CONNECTION_OK; }
    /// Outside every transaction, as a connection has to be that somebody else uses next.
    bool is_idle() const { return is_alive() && PQtransactionStatus(handle_.get()) == PQTRANS_IDLE; }

  private:
    struct CloseConnection {
        void operator()(PGconn* handle) const { PQfinish(handle); }
    };
    Error Fail(const PGresult* result, std::string_view sql);

    std::unique_ptr<PGconn, CloseConnection> handle_;
    std::unordered_map<std::string, std::string> prepared_;  ///< text → name on the server
    std::size_t next_name_ = 0;
    Failure last_failure_;
};

}  // namespace opsteward::db::postgres
