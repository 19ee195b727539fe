#include "cli/logs/vault_folder.hpp"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "cli/host_name.hpp"
#include "db/data_folder.hpp"
#include "vault/layout.hpp"

namespace opsteward::cli {

namespace {

/// Under the vault's lock, so that two commands that begin it at once do not make two pairs.
Result<vault::VaultIdentity> LoadIdentity(const std::filesystem::path& data) {
    OPS_TRY(const auto lock, db::DataFolderLock::Acquire(VaultFolder(data)));
    const std::filesystem::path private_path = PrivateKeyFile(data);
    const std::filesystem::path public_path = PublicKeyFile(data);
    const bool is_signed = std::filesystem::exists(vault::Layout{VaultFolder(data)}.checkpoint());
    if (is_signed && !std::filesystem::exists(private_path) && !std::filesystem::exists(public_path)) {
        return Error::Of(ErrorCode::kCorrupt,
                         fmt::format("記錄庫已簽署過，卻沒有 {} 與 {}；請還原這兩個檔案。", private_path.string(), public_path.string()),
                         fmt::format("The vault was signed, and {} and {} are gone; restore both files.", private_path.string(), public_path.string()));
    }
    return vault::LoadOrMakeIdentity(private_path, public_path, KeyName("vault"));
}

}  // namespace

Result<std::unique_ptr<vault::VaultWriter>> OpenVault(const std::filesystem::path& data) {
    OPS_CHECK(db::PrepareDataFolder(data));
    OPS_CHECK(db::PrepareDataFolder(VaultFolder(data)));
    OPS_TRY(auto identity, LoadIdentity(data));
    return vault::VaultWriter::Open(VaultFolder(data), std::move(identity));
}

Result<std::unique_ptr<vault::VaultWriter>> OpenVaultPatiently(const std::filesystem::path& data) {
    constexpr int kAttempts = 50;
    constexpr std::chrono::milliseconds kBetween{100};
    auto vault = OpenVault(data);
    for (int attempt = 1; attempt < kAttempts && !vault.ok() && vault.error().code == ErrorCode::kConflict; ++attempt) {
        std::this_thread::sleep_for(kBetween);  // a lock of another process gives no sign when it is let go of
        vault = OpenVault(data);
    }
    return vault;
}

}  // namespace opsteward::cli
