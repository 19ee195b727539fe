// The vault's key pair in files. Format: docs/formats/vault.md, "Keys".
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/ed25519.hpp"
#include "vault/seal/note.hpp"

namespace opsteward::vault {

/// Who signs: the name of the log and its key.
struct VaultIdentity {
    std::string origin;
    crypto::Ed25519SigningKey key;

    NoteKey public_key() const { return {origin, SignatureType::kEd25519, key.public_key()}; }
};

/// Reads `private_path`; makes a pair under the name `origin` if neither file is there. kCorrupt when the private key is malformed, when the
/// public file is another key's, or when it is there without the private one: a new key would orphan what the old one signed.
Result<VaultIdentity> LoadOrMakeIdentity(const std::filesystem::path& private_path, const std::filesystem::path& public_path, std::string_view origin);

}  // namespace opsteward::vault
