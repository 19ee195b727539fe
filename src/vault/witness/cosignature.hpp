// Cosignatures: a witness's word that a log, as far as it has ever seen it, only grew (C2SP tlog-cosignature, https://c2sp.org/tlog-cosignature, version 1).
#pragma once

#include <cstdint>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "vault/seal/key_files.hpp"
#include "vault/seal/note.hpp"

namespace opsteward::vault {

/// 8 bytes big-endian with the time in seconds since 1970, then Ed25519 over "cosignature/v1\ntime SECONDS\n" ‖ the note's text. `now` is not before 1970.
NoteSignature Cosign(const Note& note, const SigningIdentity& witness, Instant now);

/// When the witness signed. kCorrupt unless `witness`, of type kCosignature, cosigned the note and every signature under its name and id fits; of several
/// the latest counts.
Result<Instant> VerifyCosignature(const Note& note, const NoteKey& witness);

}  // namespace opsteward::vault
