// Brings a copy of the vault up to date.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>

#include "base/result.hpp"
#include "vault/copy/copy_target.hpp"
#include "vault/seal/checkpoint.hpp"
#include "vault/vault_reader.hpp"

namespace opsteward::vault {

struct CopyProgress {
    std::uint64_t done = 0;   ///< bytes of the segments that are dealt with
    std::uint64_t all = 0;    ///< bytes of all segments
    std::uint64_t moved = 0;  ///< bytes that were sent
};
/// False ends it with kCancelled; the next run goes on from there.
using OnCopyProgress = std::function<bool(const CopyProgress&)>;

struct CopyOptions {
    /// Files that are in the copy already are read and compared byte by byte; else their sizes alone are.
    bool compares_contents = true;
    /// A folder of this machine that exists, for segments that are fetched from the copy to be looked at.
    std::filesystem::path scratch = {};
    OnCopyProgress on_progress = [](const CopyProgress&) { return true; };
};

struct CopySummary {
    std::size_t files = 0;     ///< sent
    std::uint64_t bytes = 0;   ///< of those, in this run
    std::size_t skipped = 0;   ///< were there already
    std::size_t removed = 0;   ///< segments of which a merged one took the place, and those that retention deleted
    Checkpoint checkpoint = {};
};

/// Copies the vault's segments, its last checkpoint and its public key. The checkpoint comes last, so that what it seals is there. What is in the copy under a
/// file's own name is replaced or removed only after it was read and found to hold what the vault holds (segments that were merged since), or when the vault
/// deleted its records under retention.
///
/// Refused before anything is written: records that are sealed and in no segment yet (kConflict: WriteSegments, then Seal); a target that holds something
/// else or another log's copy (kInvalidInput); a vault that does not fit its own checkpoint, or is no continuation of the newest checkpoint in the copy, which
/// is named then (kCorrupt). A segment that is damaged here is not sent (kCorrupt). Files of the copy that were altered are left as they are and told at the
/// end, after all others were copied (kCorrupt).
Result<CopySummary> CopyVault(const VaultReader& vault, const NoteKey& key, CopyTarget& target, const CopyOptions& options);

}  // namespace opsteward::vault
