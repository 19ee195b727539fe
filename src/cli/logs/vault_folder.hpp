// Where a data folder keeps its vault and the keys of it.
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.hpp"
#include "vault/vault_writer.hpp"

namespace opsteward::cli {

inline std::filesystem::path VaultFolder(const std::filesystem::path& data) { return data / "vault"; }
inline std::filesystem::path PublicKeyFile(const std::filesystem::path& data) { return data / "vault.pub"; }
inline std::filesystem::path PrivateKeyFile(const std::filesystem::path& data) { return data / "vault.key"; }
/// How long records are kept (docs/operate/log-retention.md).
inline std::filesystem::path RetentionFile(const std::filesystem::path& data) { return data / "retention.toml"; }

/// The vault of `data`, made with a key pair of its own when there is none. kConflict, naming its process, while another one writes to it; kCorrupt when
/// records were signed and the keys are gone.
Result<std::unique_ptr<vault::VaultWriter>> OpenVault(const std::filesystem::path& data);
/// The same, but a writer that is about to end is waited for, some seconds: a server holds its vault for a moment each half minute.
Result<std::unique_ptr<vault::VaultWriter>> OpenVaultPatiently(const std::filesystem::path& data);

}  // namespace opsteward::cli
