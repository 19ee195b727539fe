// What a copy consists of: a vault's segments and checkpoint, its public key, and each checkpoint that was ever copied. Format: docs/formats/vault.md, "Copy".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "vault/copy/copy_target.hpp"
#include "vault/seal/checkpoint.hpp"

namespace opsteward::vault {

inline constexpr std::string_view kCopiedSegments = "segments";
inline constexpr std::string_view kCopiedCheckpoints = "checkpoints";  ///< each named by its number of records
inline constexpr std::string_view kCopiedCheckpoint = "checkpoint";    ///< the newest
inline constexpr std::string_view kCopiedKey = "vault.pub";

/// A segment, or what stands in the place of one that was deleted.
struct CopiedFile {
    std::uint64_t first = 0;
    std::uint64_t bytes = 0;
    std::string file_name = {};  ///< "00000000000000000512.seg"

    std::string name() const;    ///< "segments/00000000000000000512.seg"
};

struct CopiedFiles {
    std::vector<CopiedFile> segments;
    std::vector<CopiedFile> gone;
};
/// Each in the order of their records; what is neither by its name is passed over.
Result<CopiedFiles> ListCopiedFiles(CopyTarget& copy);
/// "segments/00000000000000000512.gone"
std::string NameOfGone(std::uint64_t first);

/// The key in the copy; none when there is none, which is where nothing was copied to yet. kCorrupt when it is malformed.
Result<std::optional<NoteKey>> ReadCopiedKey(CopyTarget& copy);

struct CopiedCheckpoint {
    std::string name;  ///< of the file
    std::string text;
    Checkpoint checkpoint;
};

/// "checkpoints/00000000000000000512"
std::string NameOfCheckpoint(std::uint64_t size);
/// The one of the most records among all in the copy, signed by `key`; none when there is none. kCorrupt, naming the file, when one that was looked at is
/// malformed, not signed by `key` or of another size than its name says, and when two of the same size have different roots.
Result<std::optional<CopiedCheckpoint>> NewestCheckpoint(CopyTarget& copy, const NoteKey& key);

}  // namespace opsteward::vault
