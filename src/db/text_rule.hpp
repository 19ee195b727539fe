// What text both databases keep as it is.
#pragma once

#include <span>

#include "base/result.hpp"
#include "db/value.hpp"

namespace opsteward::db {

/// kInvalidInput for text that is not UTF-8 or holds a NUL byte. PostgreSQL takes neither; SQLite would take both and give back
/// something that cannot be moved to PostgreSQL, nor always be shown.
Result<void> CheckText(std::span<const Value> parameters);

}  // namespace opsteward::db
