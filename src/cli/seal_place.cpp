#include "cli/seal_place.hpp"

#include "base/log.hpp"
#include "cli/logs/vault_folder.hpp"

namespace opsteward::cli {

audit::SealPlace SealPlaceOf(const std::filesystem::path& data) {
    return {VaultFolder(data), PublicKeyFile(data), [data] { return OpenVault(data); }};
}

void MakeVault(const audit::SealPlace& place) {
    const auto log = audit::LogOf(place);
    if (log.ok() && *log) return;
    const auto vault = log.ok() ? place.open() : Result<std::unique_ptr<vault::VaultWriter>>(log.error());
    if (!vault.ok()) log::warn("the log vault can't be made: {}", vault.error().operator_text);
}

}  // namespace opsteward::cli
