// The key pair of a vault or of a witness in files. Format: docs/formats/vault.md, "Keys".
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/ed25519.hpp"
#include "vault/seal/note.hpp"

namespace opsteward::vault {

/// Who signs: the name of the log or of the witness, its key, and what the key signs.
struct SigningIdentity {
    std::string origin;
    crypto::Ed25519SigningKey key;
    SignatureType type = SignatureType::kEd25519;

    NoteKey public_key() const { return {origin, type, key.public_key()}; }
};
using VaultIdentity = SigningIdentity;

/// kNotFound when there is no such file; kCorrupt when it is malformed or of another type.
Result<SigningIdentity> ReadIdentity(const std::filesystem::path& private_path, SignatureType type = SignatureType::kEd25519);

/// Reads `private_path`; makes a pair under the name `origin` if neither file is there. kCorrupt when the private key is malformed or of another type,
/// when the public file is another key's, or when it is there without the private one: a new key would orphan what the old one signed.
Result<SigningIdentity> LoadOrMakeIdentity(const std::filesystem::path& private_path, const std::filesystem::path& public_path, std::string_view origin,
                                           SignatureType type = SignatureType::kEd25519);

}  // namespace opsteward::vault
