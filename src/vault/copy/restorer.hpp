// Makes a vault of a copy.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "base/result.hpp"
#include "vault/copy/copier.hpp"
#include "vault/copy/copy_target.hpp"

namespace opsteward::vault {

struct RestoreOptions {
    /// Who must have signed; none: the key in the copy, which proves that it is whole, and not whose it is.
    std::optional<NoteKey> key = {};
    OnCopyProgress on_progress = [](const CopyProgress&) { return true; };
};

struct RestoreSummary {
    std::size_t files = 0;       ///< fetched
    std::uint64_t bytes = 0;     ///< of those, in this run
    std::size_t skipped = 0;     ///< fetched by an earlier run that was cut
    Checkpoint checkpoint = {};  ///< the newest of the copy
    std::uint64_t unsealed = 0;  ///< records after it: of a copy that was cut before its checkpoint came
    NoteKey key = {};            ///< that it was verified by
};

/// Fetches the segments into FOLDER.new, hashes every record, holds the root against the newest checkpoint of the copy, and only then gives the folder its name. Cut
/// short, it goes on the next time. It has no private key: who has it puts it beside the vault.
///
/// kConflict when `folder` exists, or another process is restoring to it; kInvalidInput when there is no copy, or one of another key; kCorrupt, naming the file, when
/// the copy is damaged, and when its records are not those that were sealed: then what was fetched is removed.
Result<RestoreSummary> RestoreVault(CopyTarget& copy, const std::filesystem::path& folder, const RestoreOptions& options);

}  // namespace opsteward::vault
