// Checkpoints: a signed note that says how long the log is and what its root is (C2SP tlog-checkpoint, https://c2sp.org/tlog-checkpoint).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "vault/seal/note.hpp"
#include "vault/tree/hash.hpp"

namespace opsteward::vault {

struct Checkpoint {
    std::string origin;  ///< which log this is; also the name its key signs with
    std::uint64_t size = 0;
    Hash root{};

    /// The note's text: origin, size, root in base 64, each in its line. Further lines are refused: this log writes none.
    static Result<Checkpoint> Parse(std::string_view text);
    std::string ToText() const;
    bool operator==(const Checkpoint&) const = default;
};

Note SignCheckpoint(const Checkpoint& checkpoint, const crypto::Ed25519SigningKey& key);
/// The checkpoint of a note that `key` signed and whose origin is the key's name.
Result<Checkpoint> OpenCheckpoint(const Note& note, const NoteKey& key);

}  // namespace opsteward::vault
