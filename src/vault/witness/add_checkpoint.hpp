// What a log asks of a witness: to cosign a checkpoint (C2SP tlog-witness, https://c2sp.org/tlog-witness, "add-checkpoint").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "vault/seal/note.hpp"
#include "vault/tree/hash.hpp"

namespace opsteward::vault {

inline constexpr std::string_view kAddCheckpointPath = "/add-checkpoint";
inline constexpr std::string_view kTreeSizeType = "text/x.tlog.size";  ///< of the answer 409: the known size and a line feed

struct AddCheckpointRequest {
    std::uint64_t old_size = 0;  ///< of the checkpoint the witness is believed to know; 0: none
    std::vector<Hash> proof;     ///< RFC 6962 section 2.1.2, from old_size to the checkpoint's size; at most 63
    Note checkpoint;

    static constexpr std::size_t kMaxProof = 63;
    static constexpr std::size_t kMaxBytes = 64 * 1024;

    /// "old SIZE", the proof in base 64, each hash in its line; an empty line; the note. kInvalidInput when it is anything else or longer than kMaxBytes.
    static Result<AddCheckpointRequest> Parse(std::string_view body);
    std::string ToText() const;
};

/// The lines of a witness's answer 200. kInvalidInput when they are no signature lines or more than 64.
Result<std::vector<NoteSignature>> ParseCosignatureLines(std::string_view body);

}  // namespace opsteward::vault
