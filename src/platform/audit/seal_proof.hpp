// The proof that a row of the trail lies in a signed tree, to be handed out.
#pragma once

#include <cstdint>

#include "db/database.hpp"
#include "platform/audit/seal_place.hpp"
#include "vault/seal/proof_file.hpp"

namespace opsteward::audit {

/// Under the vault's last checkpoint, with the row as its extra data. kConflict when the row is not sealed yet; kNotFound when it was deleted from the
/// vault by its age; kCorrupt when the vault does not hold it though it was sealed.
Result<vault::ProofFile> ProveRow(db::Database& database, const SealPlace& place, std::int64_t sequence);

}  // namespace opsteward::audit
