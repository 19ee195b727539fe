// Opening the records database that a configuration names, with its schema.
#pragma once

#include <filesystem>
#include <memory>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "cli/configuration.hpp"
#include "db/database.hpp"

namespace opsteward::cli {

/// DATA/records.db
std::filesystem::path RecordsFile(const std::filesystem::path& data);

/// Opens the database and brings its schema and fact views up to this program. For the server, which holds the folder's lock.
Result<std::unique_ptr<db::Database>> OpenRecords(const Configuration& configuration, const Clock& clock);

/// Opens a database that the server has made before, for a command beside it: kNotFound without one.
Result<std::unique_ptr<db::Database>> OpenExistingRecords(const Configuration& configuration, const Clock& clock);

}  // namespace opsteward::cli
