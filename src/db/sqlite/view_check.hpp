// Holding statements written by somebody else to the views they may read.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace opsteward::db::sqlite {

/// The columns of every view, by its name.
using ViewColumns = std::map<std::string, std::vector<std::string>>;

/// Compiles `sql` against a database that holds an empty table in the place of each view, and nothing else: whatever names a table, a
/// catalog or a function of the server, by whatever detour, does not compile there. kInvalidInput in SQLite's own words otherwise.
Result<void> CheckReadsViewsOnly(std::string_view sql, const ViewColumns& views);

}  // namespace opsteward::db::sqlite
