// A proof of arbitrary bytes: what the verifier reads from it the server reads too, and only a proof that holds shows a record.
#include <string_view>

#include "require.hpp"
#include "vault/seal/proof_file.hpp"
#include "verifier/fault.hpp"
#include "verifier/proof.hpp"
#include "verifier/proof_check.hpp"

using namespace opsteward;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    static const auto kKey = verifier::PublicKey::Parse("ops.example.gov.tw/vault+a0b6e5e9+AcqWvp3OwCtMue7R3/Zf9yD/iy3EYaMIuR1ra6yRcfon");
    const verifier::ProofReport report = verifier::CheckProof("proof", bytes, kKey);
    Require(report.is_ok() != report.record.empty());
    Require(!verifier::ToText(report, verifier::Language::kChinese).empty() && !verifier::ToJson(report).empty());
    try {
        const verifier::Proof mine = verifier::Proof::Parse(bytes);
        const auto other = vault::ProofFile::Parse(bytes);
        Require(other.ok() && other->index == mine.index && other->hashes == mine.hashes && other->checkpoint == mine.checkpoint);
    } catch (const verifier::Malformed&) {
        Require(!report.is_ok());
    }
    return 0;
}
