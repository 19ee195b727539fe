// Views that others may rely on: the fact views that checks read (docs/formats/fact-views.md).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"

namespace opsteward::db {

/// A named SELECT. `columns` names what it returns, in order.
struct ViewSpec {
    std::string_view name;  ///< [a-z_]+
    std::vector<std::string_view> columns;
    std::string_view sql;
};

/// Makes every view, in order, as this program defines it. Does nothing when the same definitions stand already, so that a
/// second server that starts does not get in the way of readers.
Result<void> InstallViews(Database& database, std::span<const ViewSpec> views);

}  // namespace opsteward::db
