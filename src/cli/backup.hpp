// Backup folders (docs/formats/backup.md): a consistent copy of the records, the procedure pack and the certificate, with the
// digest of every file, so that a restore knows that it is whole.
#pragma once

#include <filesystem>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "db/database.hpp"

namespace opsteward::cli {

struct BackupSummary {
    std::filesystem::path folder;
    std::uint64_t bytes = 0;
    std::size_t files = 0;
};

/// Makes the folder `to`, which must not exist, while the server may go on working. Whole or not at all.
Result<BackupSummary> WriteBackup(db::Database& records, const std::filesystem::path& data, const std::filesystem::path& to,
                                  const Clock& clock);

/// Checks every file of the backup against its manifest and the database against itself; kCorrupt names what is wrong.
Result<BackupSummary> CheckBackup(const std::filesystem::path& from);

/// Puts a checked backup into `data`, which must hold no records; the caller holds the data folder's lock.
Result<BackupSummary> RestoreBackup(const std::filesystem::path& from, const std::filesystem::path& data);

}  // namespace opsteward::cli
