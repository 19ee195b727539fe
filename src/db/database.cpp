#include "db/database.hpp"

namespace opsteward::db {

Result<std::int64_t> Session::Execute(std::string_view sql, std::initializer_list<Value> parameters) {
    OPS_TRY(const ResultSet result, Query(sql, parameters));
    return result.affected;
}

Result<Row> Session::QueryOne(std::string_view sql, std::initializer_list<Value> parameters) {
    OPS_TRY(ResultSet result, Query(sql, parameters));
    if (result.rows.empty()) return Error::Of(ErrorCode::kNotFound, "查無資料。", "Nothing was found.");
    return std::move(result.rows.front());
}

}  // namespace opsteward::db
