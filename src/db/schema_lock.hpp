// Several servers may start at once on one database.
#pragma once

#include "db/database.hpp"

namespace opsteward::db {

/// Until `transaction` ends, nobody else changes the schema through this program. SQLite has one writer anyway; on PostgreSQL even
/// CREATE TABLE IF NOT EXISTS fails when two run at once.
inline Result<void> LockSchema(Transaction& transaction) {
    if (transaction.dialect() == Dialect::kSqlite) return Ok();
    OPS_CHECK(transaction.Query("SELECT pg_advisory_xact_lock(1330660435)"));  // "OPSS", this program's own number
    return Ok();
}

}  // namespace opsteward::db
