#include "features/inventory/own_records.hpp"

namespace opsteward::inventory {

Result<void> RecordBackup(db::Transaction& transaction, const BackupCopy& copy) {
    OPS_CHECK(transaction.Execute(
        "INSERT INTO inventory_backup_copies (data_set, place, made_at, verified_at, size_bytes) VALUES ($1, $2, $3, $4, $5) "
        "ON CONFLICT (data_set, place, made_at) DO UPDATE SET verified_at = excluded.verified_at, size_bytes = excluded.size_bytes",
        {copy.data_set, copy.place, copy.made_at, copy.verified_at, static_cast<std::int64_t>(copy.size_bytes)}));
    return Ok();
}

}  // namespace opsteward::inventory
