// A log vault and its key in a test's folder.
#pragma once

#include "platform/audit/seal_place.hpp"
#include "vault/seal/key_files.hpp"

namespace opsteward::audit::testing {

inline SealPlace PlaceIn(const std::filesystem::path& folder) {
    const std::filesystem::path public_key = folder / "vault.pub";
    return {folder / "vault", public_key, [folder, public_key]() -> Result<std::unique_ptr<vault::VaultWriter>> {
                OPS_TRY(auto identity, vault::LoadOrMakeIdentity(folder / "vault.key", public_key, "ops.example.gov.tw/vault"));
                return vault::VaultWriter::Open(folder / "vault", std::move(identity));
            }};
}

}  // namespace opsteward::audit::testing
