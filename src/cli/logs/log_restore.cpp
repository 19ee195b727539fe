#include <fmt/format.h>

#include <optional>

#include "base/text.hpp"
#include "cli/logs/copy_place.hpp"
#include "cli/logs/copy_run.hpp"
#include "cli/logs/log_commands.hpp"
#include "cli/logs/vault_folder.hpp"
#include "cli/public_key.hpp"
#include "crypto/base64.hpp"
#include "db/data_folder.hpp"
#include "vault/copy/restorer.hpp"
#include "vault/seal/key_files.hpp"
#include "vault/store/file.hpp"

namespace opsteward::cli {

namespace {

/// All keys that somebody here vouches for: given on the command line, or in the data folder already. They have to be one and the same.
Result<std::optional<vault::NoteKey>> VouchedKey(const std::filesystem::path& data, const RestoreRequest& request) {
    std::optional<vault::NoteKey> vouched;
    std::filesystem::path from;
    const auto take = [&](const std::filesystem::path& path, const vault::NoteKey& key) -> Result<void> {
        if (vouched && *vouched != key) {
            return Error::Of(ErrorCode::kInvalidInput, fmt::format("{} 與 {} 不是同一把金鑰。", path.string(), from.string()),
                             fmt::format("{} and {} are not of the same key.", path.string(), from.string()));
        }
        vouched = key;
        from = path;
        return Ok();
    };
    std::filesystem::path public_files[] = {request.key, PublicKeyFile(data)};
    for (const auto& path : public_files) {
        if (path.empty() || (path != request.key && !std::filesystem::exists(path))) continue;
        OPS_TRY(const vault::NoteKey key, ReadPublicKey(path, vault::SignatureType::kEd25519));
        OPS_CHECK(take(path, key));
    }
    std::filesystem::path private_files[] = {request.signing_key, PrivateKeyFile(data)};
    for (const auto& path : private_files) {
        if (path.empty() || (path != request.signing_key && !std::filesystem::exists(path))) continue;
        OPS_TRY(const vault::VaultIdentity identity, vault::ReadIdentity(path));
        OPS_CHECK(take(path, identity.public_key()));
    }
    return vouched;
}

/// After the vault has its name: a vault without its keys takes nothing in, keys without their vault would begin another one under the same name.
Result<void> PlaceKeys(const std::filesystem::path& data, const RestoreRequest& request, const vault::NoteKey& key) {
    if (!std::filesystem::exists(PublicKeyFile(data))) OPS_CHECK(vault::ReplaceFile(PublicKeyFile(data), key.ToText() + "\n"));
    if (request.signing_key.empty() || std::filesystem::exists(PrivateKeyFile(data))) return Ok();
    OPS_TRY(const std::string text, vault::ReadFile(request.signing_key));
    return vault::ReplaceFile(PrivateKeyFile(data), text);
}

struct Restored {
    vault::RestoreSummary summary;
    bool is_vouched = false;
    bool can_sign = false;
};

Result<Restored> Restore(const std::filesystem::path& data, const RestoreRequest& request, Language language) {
    OPS_CHECK(db::PrepareDataFolder(data));
    OPS_TRY(const auto vouched, VouchedKey(data, request));
    OPS_TRY(const auto copy, OpenCopy(request.place, request.ssh));
    CopyRun run(language);
    OPS_TRY(const vault::RestoreSummary summary, vault::RestoreVault(*copy, VaultFolder(data), {.key = vouched, .on_progress = run.OnProgress()}));
    OPS_CHECK(PlaceKeys(data, request, summary.key));
    return Restored{summary, vouched.has_value(), std::filesystem::exists(PrivateKeyFile(data))};
}

std::string ToText(const Restored& restored, const std::filesystem::path& data, Language language) {
    const vault::RestoreSummary& summary = restored.summary;
    const Phrase line{"已還原 {} 筆，內容與檢查點相符（取回 {} 個檔案、{}）\n樹根 {}\n",
                      "{} records restored, as their checkpoint seals them (files fetched: {}, {})\nroot {}\n"};
    const Phrase unsealed{"檢查點之後另有 {} 筆，未受簽署。\n", "{} more after the checkpoint, which nothing seals.\n"};
    const Phrase own_key{"以複本自己的公鑰查驗，只證明複本完整，不證明出自何人；請與公布的公鑰比對：\n{}\n",
                         "Verified by the key in the copy: that proves that it is whole, not whose it is. Compare it with the published one:\n{}\n"};
    const Phrase no_key{"沒有 {}：可查詢，不能寫入；放回私鑰後即可接續。\n", "There is no {}: it can be searched, and takes nothing in until the private key is put there.\n"};
    std::string text = fmt::format(fmt::runtime(line.In(language)), summary.checkpoint.size, summary.files, FormatBytes(summary.bytes),
                                   crypto::Base64Encode(summary.checkpoint.root));
    if (summary.unsealed > 0) text += fmt::format(fmt::runtime(unsealed.In(language)), summary.unsealed);
    if (!restored.is_vouched) text += fmt::format(fmt::runtime(own_key.In(language)), summary.key.ToText());
    if (!restored.can_sign) text += fmt::format(fmt::runtime(no_key.In(language)), PrivateKeyFile(data).string());
    return text;
}

}  // namespace

ExitCode RestoreLogs(const std::filesystem::path& data, const RestoreRequest& request, const Report& report) {
    const auto restored = Restore(data, request, report.language);
    if (!restored.ok()) return report.Fail(WithHowToGoOn(restored.error()));
    const vault::RestoreSummary& summary = restored->summary;
    report.Say(ToText(*restored, data, report.language), {{"files", summary.files},
                                                          {"bytes", summary.bytes},
                                                          {"skipped", summary.skipped},
                                                          {"checkpoint_size", summary.checkpoint.size},
                                                          {"root", crypto::Base64Encode(summary.checkpoint.root)},
                                                          {"unsealed", summary.unsealed},
                                                          {"key", summary.key.ToText()},
                                                          {"is_key_vouched_for", restored->is_vouched},
                                                          {"can_sign", restored->can_sign}});
    return kExitOk;
}

}  // namespace opsteward::cli
