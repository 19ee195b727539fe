// Backup copies of the program's own records, for the fact view `backup_copies`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "db/database.hpp"

namespace opsteward::inventory {

struct BackupCopy {
    std::string data_set;  ///< "records"
    std::string place;     ///< where the copy is: a path or an address
    Instant made_at;
    std::optional<Instant> verified_at;  ///< when the whole copy was read back and fitted its digests
    std::uint64_t size_bytes = 0;
};

/// A copy of the same data set, place and time again: it was verified again.
Result<void> RecordBackup(db::Transaction& transaction, const BackupCopy& copy);

}  // namespace opsteward::inventory
