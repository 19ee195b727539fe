// Where a data folder keeps its vault and the keys of it.
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.hpp"
#include "vault/vault_writer.hpp"

namespace opsteward::cli {

inline std::filesystem::path VaultFolder(const std::filesystem::path& data) { return data / "vault"; }

/// The vault of `data`, made with a key pair of its own when there is none. Waits for another writer for as long as a sealing takes; then
/// kConflict, naming it.
Result<std::unique_ptr<vault::VaultWriter>> OpenVault(const std::filesystem::path& data);

}  // namespace opsteward::cli
