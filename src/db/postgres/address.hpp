// The address of a PostgreSQL database, looked at before libpq sees it.
#pragma once

#include <string_view>

#include "base/result.hpp"

namespace opsteward::db::postgres {

/// kInvalidInput unless `url` is a connection URI (PostgreSQL manual, section 34.1.1.2) that libpq reads as it was meant. What libpq
/// says about a malformed one would quote pieces of it, and a piece of a wrongly written password with them.
Result<void> CheckAddress(std::string_view url);

}  // namespace opsteward::db::postgres
