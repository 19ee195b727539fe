// Requests to a witness and its answers of any bytes: what is taken is written again as it was, and what is cosigned goes on from what is known.
#include <string>
#include <string_view>

#include "require.hpp"
#include "vault/tree/proof.hpp"
#include "vault/witness/cosignature.hpp"
#include "vault/witness/decision.hpp"

using namespace opsteward;
using namespace opsteward::vault;

namespace {

const SigningIdentity& TheWitness() {
    static const SigningIdentity witness{"witness.example", crypto::Ed25519SigningKey::FromSeed({1}), SignatureType::kCosignature};
    return witness;
}

/// Of the seeds in the corpus.
const Checkpoint& Known() {
    static const Checkpoint known = Checkpoint::Parse("ops.example.gov.tw/vault\n3\nEROfCuN4nLInq4w+V9ZuiSXjrblsJNVzEYMhUNaskFs=\n").value();
    return known;
}

void CheckDecision(const AddCheckpointRequest& request, const Checkpoint& checkpoint, const std::optional<Checkpoint>& known) {
    const NoteKey log{checkpoint.origin, SignatureType::kEd25519, {}};
    const WitnessDecision decision = Decide(log, known, request, checkpoint, TheWitness(), FromMillis(1'795'521'600'000));
    Require(decision.cosigned.has_value() == (decision.answer.status == 200));
    Require(!decision.cosigned || !decision.contradicts);
    if (!decision.cosigned) return;
    const std::uint64_t before = known ? known->size : 0;
    Require(request.old_size == before && checkpoint.size >= before);
    Require(!known || checkpoint.size > before || checkpoint.root == known->root);
    Require(decision.cosigned->text == request.checkpoint.text);
    Require(VerifyCosignature(*decision.cosigned, TheWitness().public_key()).ok());
    Require(ParseCosignatureLines(decision.answer.body).value().size() == 1);
}

void CheckRequest(std::string_view body) {
    const auto request = AddCheckpointRequest::Parse(body);
    if (!request.ok()) return;
    Require(request->proof.size() <= AddCheckpointRequest::kMaxProof);
    Require(request->ToText() == body);
    const auto checkpoint = Checkpoint::Parse(request->checkpoint.text);
    if (!checkpoint.ok()) return;
    CheckDecision(*request, *checkpoint, std::nullopt);
    CheckDecision(*request, *checkpoint, Known());
}

void CheckAnswer(std::string_view body) {
    const auto signatures = ParseCosignatureLines(body);
    if (!signatures.ok()) return;
    std::string again;
    for (const NoteSignature& signature : *signatures) again += signature.ToText() + '\n';
    Require(again == body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    CheckRequest(bytes);
    CheckAnswer(bytes);
    return 0;
}
