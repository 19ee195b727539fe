// The log's side of add-checkpoint: has the newest checkpoint cosigned, and finds out when the witness knows a log that this one does not go on from.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "vault/vault_reader.hpp"
#include "vault/witness/decision.hpp"

namespace opsteward::vault {

/// Sends a body to the witness's add-checkpoint.
using SendToWitness = std::function<Result<WitnessAnswer>(const std::string& body)>;

struct WitnessedCheckpoint {
    Checkpoint checkpoint;
    std::uint64_t from = 0;  ///< size of the one that the witness knew before
    Instant cosigned_at;
    Note note;  ///< with the signatures of the log and of the witness
};

/// Submits the vault's last checkpoint with a proof from `known_size`, or, if the witness says that it knows another size, from that one.
/// kNotFound when nothing was sealed yet, or the witness does not know the log. kCorrupt when the vault is not what its checkpoint says; when the witness
/// knows more records than there are, or the proof does not convince it: the vault was cut short or altered; when the cosignature is none of `witness`.
/// kForbidden when the witness knows the log by another key. kConflict when others submit checkpoints at the same time. kUnavailable for all other answers.
Result<WitnessedCheckpoint> SubmitCheckpoint(const VaultReader& vault, const NoteKey& log, const NoteKey& witness, std::uint64_t known_size,
                                             const SendToWitness& send);

}  // namespace opsteward::vault
