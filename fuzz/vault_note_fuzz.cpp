// Notes, checkpoints, proof files and keys of any bytes: what is taken is written again as it was, and nobody's signature fits by accident.
#include <string>
#include <string_view>

#include "require.hpp"
#include "vault/seal/checkpoint.hpp"
#include "vault/seal/note.hpp"
#include "vault/seal/proof_file.hpp"

using namespace opsteward::vault;

namespace {

const NoteKey& TheKey() {
    static const NoteKey key = NoteKey::Parse("ops.example.gov.tw/vault+a0b6e5e9+AcqWvp3OwCtMue7R3/Zf9yD/iy3EYaMIuR1ra6yRcfon").value();
    return key;
}

/// What the examples of docs/formats/vault.md sign.
constexpr std::string_view kSigned = "ops.example.gov.tw/vault\n1\nXi0FfykmFJGU3lRKmcr+DXvGW3JWb3MWSBqwRa0w/rM=\n";

void CheckCheckpoint(std::string_view text) {
    if (const auto checkpoint = Checkpoint::Parse(text); checkpoint.ok()) Require(checkpoint->ToText() == text);
}

void CheckNote(std::string_view bytes) {
    const auto note = Note::Parse(bytes);
    if (!note.ok()) return;
    Require(!note->signatures.empty() && note->signatures.size() <= 64);
    const std::string written = note->ToText();
    const auto again = Note::Parse(written);
    Require(again.ok() && again->text == note->text && again->ToText() == written);
    CheckCheckpoint(note->text);
    if (VerifyNote(*note, TheKey()).ok()) Require(note->text == kSigned);
    if (const auto checkpoint = OpenCheckpoint(*note, TheKey()); checkpoint.ok()) Require(checkpoint->size == 1);
}

void CheckProof(std::string_view bytes) {
    const auto proof = ProofFile::Parse(bytes);
    if (!proof.ok()) return;
    Require(proof->hashes.size() <= 64);
    const std::string written = proof->ToText();
    const auto again = ProofFile::Parse(written);
    Require(again.ok() && again->ToText() == written);
    CheckNote(proof->checkpoint);
    const std::string record(proof->extra.begin(), proof->extra.end());
    if (const auto checkpoint = VerifyProof(*proof, record, TheKey()); checkpoint.ok()) Require(checkpoint->size == 1 && proof->index == 0);
}

void CheckKey(std::string_view line) {
    const auto key = NoteKey::Parse(line);
    if (!key.ok()) return;
    const auto again = NoteKey::Parse(key->ToText());
    Require(again.ok() && *again == *key);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    CheckNote(bytes);
    CheckCheckpoint(bytes);
    CheckProof(bytes);
    CheckKey(bytes);
    return 0;
}
