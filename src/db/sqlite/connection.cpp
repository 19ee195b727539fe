#include "db/sqlite/connection.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "db/text_rule.hpp"

namespace opsteward::db::sqlite {

namespace {

constexpr std::size_t kKeptStatements = 200;

ErrorCode CodeFor(int status) {
    switch (status & 0xFF) {
        case SQLITE_CONSTRAINT: return ErrorCode::kConflict;
        case SQLITE_FULL: return ErrorCode::kFull;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY: return ErrorCode::kUnavailable;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return ErrorCode::kCorrupt;
        case SQLITE_INTERRUPT: return ErrorCode::kTimeout;
        case SQLITE_TOOBIG: return ErrorCode::kTooLarge;
        default: return ErrorCode::kInternal;
    }
}

int Bind(sqlite3_stmt* statement, int index, const Value& value) {
    return std::visit(
        [&](const auto& v) {
            using T = std::decay_t<decltype(v)>;
            if constexpr (std::is_same_v<T, std::monostate>) {
                return sqlite3_bind_null(statement, index);
            } else if constexpr (std::is_same_v<T, std::int64_t>) {
                return sqlite3_bind_int64(statement, index, v);
            } else if constexpr (std::is_same_v<T, double>) {
                return sqlite3_bind_double(statement, index, v);
            } else if constexpr (std::is_same_v<T, std::string>) {
                return sqlite3_bind_text64(statement, index, v.data(), v.size(), SQLITE_STATIC, SQLITE_UTF8);
            } else {
                // A null pointer would bind NULL instead of an empty blob.
                return sqlite3_bind_blob64(statement, index, v.empty() ? "" : static_cast<const void*>(v.data()), v.size(),
                                           SQLITE_STATIC);
            }
        },
        value.state());
}

Value ReadColumn(sqlite3_stmt* statement, int column) {
    switch (sqlite3_column_type(statement, column)) {
        case SQLITE_INTEGER: return static_cast<std::int64_t>(sqlite3_column_int64(statement, column));
        case SQLITE_FLOAT: return sqlite3_column_double(statement, column);
        case SQLITE_TEXT: {
            const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
            return std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
        }
        case SQLITE_BLOB: {
            const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement, column));
            return Blob(bytes, bytes + sqlite3_column_bytes(statement, column));
        }
        default: return nullptr;
    }
}

}  // namespace

Error Connection::LastError(std::string_view what) const {
    return Error::Hidden(CodeFor(sqlite3_extended_errcode(handle_.get())),
                         fmt::format("SQLite: {}: {}", what, sqlite3_errmsg(handle_.get())));
}

Result<std::unique_ptr<Connection>> Connection::Open(const std::string& uri, int flags) {
    auto connection = std::make_unique<Connection>();
    sqlite3* handle = nullptr;
    const int status = sqlite3_open_v2(uri.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    connection->handle_.reset(handle);
    if (handle == nullptr) return Error::Hidden(ErrorCode::kInternal, "SQLite: no memory");
    if (status != SQLITE_OK) return connection->LastError("opening " + uri);
    return connection;
}

Result<Statement> Connection::Prepare(std::string_view sql, unsigned flags) {
    sqlite3_stmt* statement = nullptr;
    const char* rest = nullptr;
    const int status =
        sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()), flags, &statement, &rest);
    Statement prepared(statement);
    if (status != SQLITE_OK) return LastError("preparing a statement");
    const auto left = Trim(std::string_view(rest, static_cast<std::size_t>(sql.data() + sql.size() - rest)));
    if (statement == nullptr || !left.empty()) {
        return Error::Hidden(ErrorCode::kInvalidInput, "SQLite: exactly one statement is expected");
    }
    return prepared;
}

Result<ResultSet> Connection::Run(std::string_view sql, std::span<const Value> parameters) {
    auto found = kept_.find(sql);
    if (found == kept_.end()) {
        OPS_TRY(Statement statement, Prepare(sql, SQLITE_PREPARE_PERSISTENT));
        if (kept_.size() >= kKeptStatements) {
            kept_.erase(std::string_view(uses_.back()));
            uses_.pop_back();
        }
        uses_.emplace_front(sql);
        found = kept_.emplace(std::string_view(uses_.front()), Kept{std::move(statement), uses_.begin()}).first;
    } else {
        uses_.splice(uses_.begin(), uses_, found->second.use);
    }
    return Step(found->second.statement.get(), parameters, std::numeric_limits<std::size_t>::max());
}

Result<ResultSet> Connection::RunOnce(std::string_view sql, std::span<const Value> parameters, std::size_t max_rows) {
    OPS_TRY(const Statement statement, Prepare(sql, 0));
    return Step(statement.get(), parameters, max_rows);
}

Result<void> Connection::Compile(std::string_view sql) {
    OPS_TRY(const Statement statement, Prepare(sql, 0));
    if (sqlite3_stmt_isexplain(statement.get()) == 0) return Ok();
    return Error::Hidden(ErrorCode::kInvalidInput, "SQLite: EXPLAIN tells about the database, not about the records");
}

Result<ResultSet> Connection::Step(sqlite3_stmt* statement, std::span<const Value> parameters, std::size_t max_rows) {
    // Whatever happens, the statement is left ready for its next use.
    struct Reset {
        sqlite3_stmt* statement;
        ~Reset() {
            sqlite3_reset(statement);
            sqlite3_clear_bindings(statement);
        }
    } const reset{statement};

    OPS_CHECK(CheckText(parameters));
    for (int index = 1; index <= sqlite3_bind_parameter_count(statement); ++index) {
        const char* name = sqlite3_bind_parameter_name(statement, index);
        const auto number = name == nullptr ? std::nullopt : ParseInt(std::string_view(name).substr(1));
        if (!number || *number < 1 || static_cast<std::size_t>(*number) > parameters.size()) {
            return Error::Hidden(ErrorCode::kInternal, fmt::format("SQLite: parameter {} has no value in: {}",
                                                                   name == nullptr ? "?" : name, sqlite3_sql(statement)));
        }
        if (Bind(statement, index, parameters[static_cast<std::size_t>(*number) - 1]) != SQLITE_OK) {
            return LastError("binding a value");
        }
    }

    ResultSet result;
    const int changes_before = sqlite3_total_changes(handle_.get());
    int status = sqlite3_step(statement);
    // Known only now: the first step compiles a kept statement again when its tables have changed.
    const int columns = sqlite3_column_count(statement);
    for (int i = 0; i < columns; ++i) result.columns.emplace_back(sqlite3_column_name(statement, i));
    for (; status != SQLITE_DONE; status = sqlite3_step(statement)) {
        if (status != SQLITE_ROW) return LastError(sqlite3_sql(statement));
        if (result.rows.size() == max_rows) {
            return Error::Of(ErrorCode::kTooLarge, fmt::format("查詢結果超過 {} 列。", max_rows),
                             fmt::format("The query gives more than {} rows.", max_rows));
        }
        Row row;
        row.reserve(static_cast<std::size_t>(columns));
        for (int i = 0; i < columns; ++i) row.push_back(ReadColumn(statement, i));
        result.rows.push_back(std::move(row));
    }
    if (sqlite3_stmt_readonly(statement) == 0 && sqlite3_total_changes(handle_.get()) != changes_before) {
        result.affected = sqlite3_changes(handle_.get());
    }
    return result;
}

}  // namespace opsteward::db::sqlite
