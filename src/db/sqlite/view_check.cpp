#include "db/sqlite/view_check.hpp"

#include <fmt/format.h>

#include "db/sqlite/connection.hpp"

namespace opsteward::db::sqlite {

namespace {

/// Of a read, `table` is the table and `column` the column, or "" when only rows are counted: then a table of the statement's own WITH
/// comes here too. What SQLite has by itself (sqlite_schema, the pragmas) is never read.
bool MayRead(const ViewColumns& views, std::string_view table, std::string_view column) {
    if (views.contains(std::string(table))) return true;
    return column.empty() && !table.starts_with("sqlite_") && !table.starts_with("pragma_");
}

/// Of a call, `second` names the function.
int AllowReadingViews(void* context, int action, const char* first, const char* second, const char*, const char*) {
    const auto& views = *static_cast<const ViewColumns*>(context);
    switch (action) {
        case SQLITE_SELECT:
        case SQLITE_RECURSIVE: return SQLITE_OK;
        case SQLITE_READ: return first != nullptr && second != nullptr && MayRead(views, first, second) ? SQLITE_OK : SQLITE_DENY;
        case SQLITE_FUNCTION: return second != nullptr && std::string_view(second) == "load_extension" ? SQLITE_DENY : SQLITE_OK;
        default: return SQLITE_DENY;
    }
}

std::string Quoted(std::string_view name) {
    std::string quoted = "\"";
    for (const char c : name) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

}  // namespace

Result<void> CheckReadsViewsOnly(std::string_view sql, const ViewColumns& views) {
    OPS_TRY(const auto stage, Connection::Open(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
    for (const auto& [view, columns] : views) {
        std::string definition;
        for (const auto& column : columns) definition += (definition.empty() ? "" : ", ") + Quoted(column);
        OPS_CHECK(stage->RunOnce(fmt::format("CREATE TABLE {} ({})", Quoted(view), definition), {}, 1));
    }
    sqlite3_set_authorizer(stage->handle(), AllowReadingViews, const_cast<ViewColumns*>(&views));
    auto compiled = stage->Compile(sql);
    if (compiled.ok()) return Ok();
    // Who wrote the statement needs the database's own words about it.
    const std::string& words = compiled.error().operator_text;
    return Error::Of(ErrorCode::kInvalidInput, words, words);
}

}  // namespace opsteward::db::sqlite
