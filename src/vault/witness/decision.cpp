#include "vault/witness/decision.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "vault/tree/proof.hpp"
#include "vault/witness/cosignature.hpp"

namespace opsteward::vault {

namespace {

WitnessAnswer KnownSize(std::uint64_t size) { return {409, std::string(kTreeSizeType), fmt::format("{}\n", size)}; }

/// Without the signatures of keys that nobody knows here.
Note SignedByLogAlone(const Note& note, const NoteKey& log) {
    Note kept{note.text, {}};
    std::ranges::copy_if(note.signatures, std::back_inserter(kept.signatures),
                         [&](const NoteSignature& signature) { return signature.name == log.name && signature.key_id == log.id(); });
    return kept;
}

}  // namespace

WitnessAnswer WitnessAnswer::Refusal(int status, std::string_view why) {
    WitnessAnswer answer;
    answer.status = status;
    answer.body = fmt::format("{}\n", why);
    return answer;
}

WitnessDecision Decide(const NoteKey& log, const std::optional<Checkpoint>& known, const AddCheckpointRequest& request, const Checkpoint& checkpoint,
                       const SigningIdentity& witness, Instant now) {
    const std::uint64_t known_size = known ? known->size : 0;
    const Hash known_root = known ? known->root : EmptyRoot();
    const bool is_other_tree = checkpoint.size == known_size && checkpoint.root != known_root;
    if (request.old_size > checkpoint.size) return {WitnessAnswer::Refusal(400, "The old size is larger than the checkpoint's.")};
    if (request.old_size != known_size || is_other_tree) return {KnownSize(known_size), {}, known && is_other_tree};
    if (!VerifyConsistency(known_size, known_root, checkpoint.size, checkpoint.root, request.proof)) {
        return {WitnessAnswer::Refusal(422, "The proof does not show that the checkpoint goes on from the one that is known."), {}, known.has_value()};
    }
    const NoteSignature cosignature = Cosign(request.checkpoint, witness, now);
    WitnessDecision decision;
    decision.answer.body = cosignature.ToText() + '\n';
    decision.cosigned = SignedByLogAlone(request.checkpoint, log);
    decision.cosigned->signatures.push_back(cosignature);
    return decision;
}

}  // namespace opsteward::vault
