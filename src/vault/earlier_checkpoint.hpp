// Checkpoints that were signed earlier, against the log as it is now: it has to go on from each of them.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "base/language.hpp"
#include "base/result.hpp"
#include "vault/seal/checkpoint.hpp"

namespace opsteward::vault {

inline constexpr Phrase kOwnCheckpoint{"已簽署的檢查點", "signed checkpoint"};
inline constexpr Phrase kWitnessedCheckpoint{"經見證的檢查點", "witnessed checkpoint"};

/// The checkpoint in a file of the vault; nothing when there is no such file. kCorrupt when `log` did not sign it.
Result<std::optional<Checkpoint>> ReadCheckpoint(const std::filesystem::path& file, const NoteKey& log);

/// kCorrupt, saying by `which` checkpoint, when the log of `size` records is shorter than `earlier` says or `root_at` gives another root at that size.
Result<void> CheckGoesOn(const Checkpoint& earlier, Phrase which, std::uint64_t size, const std::function<Result<Hash>(std::uint64_t size)>& root_at);

}  // namespace opsteward::vault
