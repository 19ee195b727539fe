// What the columns of a block say of its records, as a query asks for it.
#pragma once

#include "base/result.hpp"
#include "vault/columns/message_columns.hpp"
#include "vault/query/needles.hpp"
#include "vault/query/query.hpp"

namespace opsteward::logs {

/// The records of the block that may match. No other one matches the query that the requirement was derived from.
Result<vault::RowSet> RowsThatMayMatch(const vault::query::Requirement& requirement, vault::MessageColumns& messages);

/// Whether every record that may match, so far as its message tells, does match: nothing is asked but which texts stand in it.
bool IsToldByMessages(const vault::query::Query& query);

}  // namespace opsteward::logs
