#include "db/view.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "crypto/crypto.hpp"
#include "db/schema_lock.hpp"

namespace opsteward::db {

namespace {

bool IsName(std::string_view name) {
    return !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

std::string Definition(const ViewSpec& view) {
    return fmt::format("CREATE VIEW {} ({}) AS {}", view.name, fmt::join(view.columns, ", "), view.sql);
}

}  // namespace

Result<void> InstallViews(Database& database, std::span<const ViewSpec> views) {
    std::string all;
    for (const auto& view : views) {
        if (!IsName(view.name) || !std::ranges::all_of(view.columns, IsName)) {
            return Error::Hidden(ErrorCode::kInternal, fmt::format("\"{}\" or a column of it is no name for a view", view.name));
        }
        all += Definition(view) + ";\n";
    }
    const std::string digest = crypto::Sha256Hex(all);
    return database.WriteWith([&](Transaction& transaction) -> Result<void> {
        OPS_CHECK(LockSchema(transaction));
        OPS_CHECK(transaction.Execute("CREATE TABLE IF NOT EXISTS schema_views (name TEXT PRIMARY KEY, place BIGINT NOT NULL, "
                                      "digest TEXT NOT NULL)"));
        OPS_TRY(const ResultSet installed, transaction.Query("SELECT name, digest FROM schema_views ORDER BY place DESC"));
        const bool is_current = installed.rows.size() == views.size() &&
                                std::ranges::all_of(installed.rows, [&](const Row& row) { return row[1].AsText() == digest; });
        if (is_current) return Ok();
        for (const Row& row : installed.rows) OPS_CHECK(transaction.Execute("DROP VIEW IF EXISTS " + row[0].AsText()));
        OPS_CHECK(transaction.Execute("DELETE FROM schema_views"));
        for (std::size_t i = 0; i < views.size(); ++i) {
            OPS_CHECK(transaction.Execute(Definition(views[i])));
            OPS_CHECK(transaction.Execute("INSERT INTO schema_views (name, place, digest) VALUES ($1, $2, $3)",
                                          {views[i].name, static_cast<std::int64_t>(i), digest}));
        }
        return Ok();
    });
}

}  // namespace opsteward::db
