// Where the trail is sealed: this machine's log vault, and the key that signs it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "vault/vault_writer.hpp"

namespace opsteward::audit {

struct SealPlace {
    std::filesystem::path vault;       ///< its folder
    std::filesystem::path public_key;  ///< a signed-note verifier key in one line (docs/formats/vault.md, "Keys")
    /// Opens the vault for writing; makes it, and its key, when it is not there. kConflict while somebody else writes to it.
    std::function<Result<std::unique_ptr<vault::VaultWriter>>()> open;
};

/// The file's bytes; nothing before the key was made.
Result<std::optional<std::string>> ReadPublicKey(const SealPlace& place);
/// "name+id": which vault it is, by its public key; nothing before the key was made.
Result<std::optional<std::string>> LogOf(const SealPlace& place);

}  // namespace opsteward::audit
