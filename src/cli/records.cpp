#include "cli/records.hpp"

#include <fmt/format.h>

#include <system_error>

#include "cli/schema.hpp"

namespace opsteward::cli {

std::filesystem::path RecordsFile(const std::filesystem::path& data) { return data / "records.db"; }

Result<std::unique_ptr<db::Database>> OpenRecords(const Configuration& configuration, const Clock& clock) {
    OPS_TRY(auto database,
            configuration.database ? db::OpenPostgres(*configuration.database) : db::OpenSqlite(RecordsFile(configuration.data)));
    OPS_CHECK(db::Migrate(*database, AllMigrations(), clock));
    OPS_CHECK(db::InstallViews(*database, AllViews()));
    return database;
}

Result<std::unique_ptr<db::Database>> OpenExistingRecords(const Configuration& configuration, const Clock& clock) {
    std::error_code failure;
    if (!configuration.database && !std::filesystem::is_regular_file(RecordsFile(configuration.data), failure)) {
        const std::string folder = configuration.data.string();
        return Error::Of(ErrorCode::kNotFound, fmt::format("資料夾 {} 中沒有紀錄。請用 --data 指定伺服器的資料夾。", folder),
                         fmt::format("There are no records in the folder {}. Name the server's folder with --data.", folder));
    }
    return OpenRecords(configuration, clock);
}

}  // namespace opsteward::cli
