#include "vault/witness/cosignature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>

namespace opsteward::vault {

namespace {

constexpr std::size_t kTimeBytes = 8;
/// Later ones do not fit the program's clock, which counts milliseconds: some 292 million years.
constexpr std::uint64_t kMaxSeconds = INT64_MAX / 1000;

std::string SignedMessage(std::uint64_t seconds, std::string_view text) { return fmt::format("cosignature/v1\ntime {}\n{}", seconds, text); }

/// The time of a signature that fits.
std::optional<std::uint64_t> Check(const NoteKey& witness, std::string_view text, std::span<const std::uint8_t> bytes) {
    if (bytes.size() != kTimeBytes + std::tuple_size_v<crypto::Ed25519Signature>) return std::nullopt;
    std::uint64_t seconds = 0;
    for (const std::uint8_t byte : bytes.first(kTimeBytes)) seconds = seconds << 8 | byte;
    if (seconds > kMaxSeconds || !crypto::VerifyEd25519(witness.key, SignedMessage(seconds, text), bytes.subspan(kTimeBytes))) return std::nullopt;
    return seconds;
}

}  // namespace

NoteSignature Cosign(const Note& note, const SigningIdentity& witness, Instant now) {
    const auto seconds = static_cast<std::uint64_t>(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
    NoteSignature cosignature{witness.origin, witness.public_key().id(), {}};
    for (int shift = 56; shift >= 0; shift -= 8) cosignature.bytes.push_back(static_cast<std::uint8_t>(seconds >> shift));
    const crypto::Ed25519Signature signature = witness.key.Sign(SignedMessage(seconds, note.text));
    cosignature.bytes.insert(cosignature.bytes.end(), signature.begin(), signature.end());
    return cosignature;
}

Result<Instant> VerifyCosignature(const Note& note, const NoteKey& witness) {
    if (witness.type != SignatureType::kCosignature) {
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("「{}」的公鑰不是見證者的公鑰。", witness.name),
                         fmt::format("The public key of {} is not a witness's.", witness.name));
    }
    const std::uint32_t id = witness.id();
    std::optional<std::uint64_t> latest;
    for (const NoteSignature& signature : note.signatures) {
        if (signature.name != witness.name || signature.key_id != id) continue;
        const auto seconds = Check(witness, note.text, signature.bytes);
        if (!seconds) {
            return Error::Of(ErrorCode::kCorrupt, fmt::format("見證者「{}」的簽章不符：內容或簽章被改過。", witness.name),
                             fmt::format("The cosignature of {} does not fit: text or signature was altered.", witness.name));
        }
        latest = std::max(latest.value_or(0), *seconds);
    }
    if (latest) return Instant(std::chrono::seconds(*latest));
    return Error::Of(ErrorCode::kCorrupt, fmt::format("沒有見證者「{}」這把金鑰的簽章。", witness.name),
                     fmt::format("It is not cosigned by the key of {}.", witness.name));
}

}  // namespace opsteward::vault
