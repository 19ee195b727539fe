#include "db/postgres/connection.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "base/text.hpp"
#include "crypto/crypto.hpp"
#include "db/postgres/address.hpp"
#include "db/text_rule.hpp"

namespace opsteward::db::postgres {

namespace {

// Type identifiers of pg_type.dat.
enum : Oid {
    kBool = 16,
    kBytea = 17,
    kInt8 = 20,
    kInt2 = 21,
    kInt4 = 23,
    kText = 25,
    kFloat4 = 700,
    kFloat8 = 701,
    kNumeric = 1700,
};

constexpr std::size_t kKeptStatements = 300;

struct ClearResult {
    void operator()(PGresult* result) const { PQclear(result); }
};
using ResultHandle = std::unique_ptr<PGresult, ClearResult>;

ErrorCode CodeFor(std::string_view sql_state) {
    if (sql_state == "08P01") return ErrorCode::kInternal;  // protocol_violation: a parameter without a value
    if (sql_state.empty() || sql_state.starts_with("08") || sql_state.starts_with("57P")) return ErrorCode::kUnavailable;
    if (sql_state == "40001" || sql_state == "40P01" || sql_state == "55P03") return ErrorCode::kUnavailable;
    if (sql_state.starts_with("23")) return ErrorCode::kConflict;
    if (sql_state == "53100") return ErrorCode::kFull;
    if (sql_state.starts_with("53")) return ErrorCode::kUnavailable;
    if (sql_state == "57014") return ErrorCode::kTimeout;
    if (sql_state.starts_with("XX")) return ErrorCode::kCorrupt;
    return ErrorCode::kInternal;
}

/// The text form of a value and its declared type. Integers and reals go as text of a known type, so that the server needs no guess.
struct Argument {
    Oid type = 0;
    std::optional<std::string> text;
};

Argument ToArgument(const Value& value) {
    return std::visit(
        [](const auto& v) -> Argument {
            using T = std::decay_t<decltype(v)>;
            if constexpr (std::is_same_v<T, std::monostate>) {
                return {0, std::nullopt};
            } else if constexpr (std::is_same_v<T, std::int64_t>) {
                return {kInt8, fmt::format("{}", v)};
            } else if constexpr (std::is_same_v<T, double>) {
                return {kFloat8, fmt::format("{}", v)};
            } else if constexpr (std::is_same_v<T, std::string>) {
                return {kText, v};
            } else {
                return {kBytea, "\\x" + crypto::ToHex(v)};
            }
        },
        value.state());
}

/// The manual's section 8.1.3: numbers, or Infinity, -Infinity, NaN. SQLite keeps the last as NULL.
Value RealOf(std::string_view text) {
    if (text == "NaN") return nullptr;
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    if (text.ends_with("Infinity")) return text.starts_with('-') ? -kInfinity : kInfinity;
    return ParseDouble(text).value_or(0);
}

Value ReadField(const PGresult* result, int row, int column) {
    if (PQgetisnull(result, row, column) != 0) return nullptr;
    const std::string_view text(PQgetvalue(result, row, column), static_cast<std::size_t>(PQgetlength(result, row, column)));
    switch (PQftype(result, column)) {
        case kBool: return text == "t";
        case kInt2:
        case kInt4:
        case kInt8: return ParseInt(text).value_or(0);
        case kFloat4:
        case kFloat8:
        // sum() and avg() of integers come as numeric: whole ones as integers, as SQLite gives them.
        case kNumeric: {
            if (PQftype(result, column) == kNumeric) {
                if (const auto whole = ParseInt(text)) return *whole;
            }
            return RealOf(text);
        }
        case kBytea: return crypto::FromHex(text.substr(std::min<std::size_t>(2, text.size()))).value_or(Blob());
        default: return std::string(text);
    }
}

}  // namespace

Result<std::unique_ptr<Connection>> Connection::Open(const std::string& url) {
    OPS_CHECK(CheckAddress(url));
    auto connection = std::make_unique<Connection>();
    // Plain names first: what the address says wins (expand_dbname takes the whole URI).
    const std::array<const char*, 6> keys = {"connect_timeout", "application_name", "client_encoding", "options", "dbname", nullptr};
    const std::array<const char*, 6> values = {"5", "opsteward", "UTF8",
                                               "-c timezone=UTC -c bytea_output=hex -c extra_float_digits=1", url.c_str(), nullptr};
    connection->handle_.reset(PQconnectdbParams(keys.data(), values.data(), 1));
    if (connection->handle_ == nullptr) return Error::Hidden(ErrorCode::kInternal, "libpq: no memory");
    PQsetNoticeProcessor(connection->handle_.get(), [](void*, const char*) {}, nullptr);
    if (PQstatus(connection->handle_.get()) != CONNECTION_OK) {
        // libpq's message names host and user, never the password.
        const std::string reason(Trim(PQerrorMessage(connection->handle_.get())));
        return Error{ErrorCode::kUnavailable, "PostgreSQL: " + reason,
                     {"無法連線到資料庫，資料未變更。請確認 PostgreSQL 正在執行且連線設定正確。",
                      "The database cannot be reached; nothing was changed. Check that PostgreSQL runs and that its address is right."}};
    }
    return connection;
}

Error Connection::Fail(const PGresult* result, std::string_view sql) {
    const char* state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char* message = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    last_failure_ = {};
    last_failure_.sql_state = state == nullptr ? "" : state;
    const ErrorCode code = is_alive() ? CodeFor(last_failure_.sql_state) : ErrorCode::kUnavailable;
    const std::string_view reason = message == nullptr ? Trim(PQerrorMessage(handle_.get())) : message;
    last_failure_.error = Error::Hidden(code, fmt::format("PostgreSQL {}: {} in: {}", last_failure_.sql_state, reason, sql));
    return last_failure_.error;
}

Result<ResultSet> Connection::Run(std::string_view sql, std::span<const Value> parameters) {
    OPS_CHECK(CheckText(parameters));
    std::vector<Argument> arguments;
    std::vector<Oid> types;
    std::vector<const char*> values;
    std::string key(sql);
    for (const auto& parameter : parameters) {
        arguments.push_back(ToArgument(parameter));
        types.push_back(arguments.back().type);
        key += fmt::format(",{}", arguments.back().type);
    }
    for (const auto& argument : arguments) values.push_back(argument.text ? argument.text->c_str() : nullptr);

    const auto found = prepared_.find(key);
    std::string name;
    if (found != prepared_.end()) {
        name = found->second;
    } else if (prepared_.size() < kKeptStatements) {
        name = fmt::format("s{}", next_name_++);
    }
    if (found == prepared_.end()) {
        const ResultHandle prepared(
            PQprepare(handle_.get(), name.c_str(), std::string(sql).c_str(), static_cast<int>(types.size()), types.data()));
        if (PQresultStatus(prepared.get()) != PGRES_COMMAND_OK) return Fail(prepared.get(), sql);
        if (!name.empty()) prepared_.emplace(std::move(key), name);
    }
    const ResultHandle result(PQexecPrepared(handle_.get(), name.c_str(), static_cast<int>(values.size()), values.data(), nullptr,
                                             nullptr, 0));
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        const Error error = Fail(result.get(), sql);
        // feature_not_supported is how the server says that a statement it prepared would give other columns now.
        if (found != prepared_.end() && last_failure_.sql_state == "0A000") {
            last_failure_.is_outdated_statement = true;
            prepared_.erase(found);
        }
        return error;
    }

    ResultSet set;
    const int columns = PQnfields(result.get());
    for (int i = 0; i < columns; ++i) set.columns.emplace_back(PQfname(result.get(), i));
    const int rows = PQntuples(result.get());
    set.rows.reserve(static_cast<std::size_t>(rows));
    for (int r = 0; r < rows; ++r) {
        Row row;
        row.reserve(static_cast<std::size_t>(columns));
        for (int c = 0; c < columns; ++c) row.push_back(ReadField(result.get(), r, c));
        set.rows.push_back(std::move(row));
    }
    const std::string_view command = PQcmdStatus(result.get());
    if (!command.starts_with("SELECT")) set.affected = ParseInt(PQcmdTuples(result.get())).value_or(0);
    return set;
}

}  // namespace opsteward::db::postgres
