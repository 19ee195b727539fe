#include "cli/logs/vault_folder.hpp"

#include <unistd.h>

#include <array>
#include <string>

#include "db/data_folder.hpp"

namespace opsteward::cli {

namespace {

/// HOST/vault: told apart from other logs by whoever keeps checkpoints of several.
std::string NameOfLog() {
    std::array<char, 256> host{};
    if (::gethostname(host.data(), host.size() - 1) != 0 || host[0] == '\0') return "opsteward/vault";
    return std::string(host.data()) + "/vault";
}

}  // namespace

Result<std::unique_ptr<vault::VaultWriter>> OpenVault(const std::filesystem::path& data) {
    OPS_CHECK(db::PrepareDataFolder(data));
    OPS_TRY(auto identity, vault::LoadOrMakeIdentity(data / "vault.key", data / "vault.pub", NameOfLog()));
    return vault::VaultWriter::Open(VaultFolder(data), std::move(identity));
}

}  // namespace opsteward::cli
