// What a witness answers: by the rules of C2SP tlog-witness, from what it knows and what it is asked, and from nothing else.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "vault/seal/checkpoint.hpp"
#include "vault/seal/key_files.hpp"
#include "vault/witness/add_checkpoint.hpp"

namespace opsteward::vault {

struct WitnessAnswer {
    int status = 200;  ///< of HTTP
    std::string content_type = "text/plain; charset=utf-8";
    std::string body;

    static WitnessAnswer Refusal(int status, std::string_view why);
};

struct WitnessDecision {
    WitnessAnswer answer;
    /// What is known from now on: the checkpoint with the log's signature and the cosignature. To be kept before the answer is given.
    std::optional<Note> cosigned = {};
    /// The log's key signed what does not go on from the checkpoint that is known.
    bool contradicts = false;
};

/// 400 when a checkpoint is smaller than the size it is to go on from; 409 when that is not the size known, or when a tree of the same size has another
/// root; 422 when the proof fails; else 200 with the cosignature. `checkpoint` is that of the request, and the log's key signed it. `known` is the
/// newest checkpoint that was cosigned for the log.
WitnessDecision Decide(const NoteKey& log, const std::optional<Checkpoint>& known, const AddCheckpointRequest& request, const Checkpoint& checkpoint,
                       const SigningIdentity& witness, Instant now);

}  // namespace opsteward::vault
