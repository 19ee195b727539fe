#include "platform/console/records/records_store.hpp"

namespace opsteward::console::records {

Result<std::int64_t> DatabaseSize(db::Session& session) {
    const bool is_sqlite = session.dialect() == db::Dialect::kSqlite;
    OPS_TRY(const db::Row row,
            session.QueryOne(is_sqlite ? "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
                                       : "SELECT pg_database_size(current_database())"));
    return row[0].AsInt();
}

}  // namespace opsteward::console::records
