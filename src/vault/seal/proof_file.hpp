// A proof that can be handed out: one leaf's place in a signed tree, in a file (C2SP tlog-proof, https://c2sp.org/tlog-proof).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "vault/seal/checkpoint.hpp"
#include "vault/tree/hash.hpp"

namespace opsteward::vault {

struct ProofFile {
    std::vector<std::uint8_t> extra;  ///< nobody vouches for it; the record itself, so that the file stands alone
    std::uint64_t index = 0;
    std::vector<Hash> hashes;  ///< from the leaf's sibling up
    std::string checkpoint;    ///< the signed note, byte for byte

    /// Refuses more than 64 hashes and files over 8 MiB.
    static Result<ProofFile> Parse(std::string_view bytes);
    std::string ToText() const;
};

/// Ok when `key` signed the checkpoint and its tree holds `record` at the index of the proof. The error says which of the two fails.
Result<Checkpoint> VerifyProof(const ProofFile& proof, std::string_view record, const NoteKey& key);

}  // namespace opsteward::vault
