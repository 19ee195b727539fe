#include <fmt/format.h>

#include "base/count_text.hpp"
#include "base/text.hpp"
#include "cli/logs/copy_place.hpp"
#include "cli/logs/copy_run.hpp"
#include "cli/logs/log_commands.hpp"
#include "cli/logs/vault_folder.hpp"
#include "cli/public_key.hpp"
#include "crypto/base64.hpp"
#include "db/data_folder.hpp"
#include "vault/copy/copier.hpp"

namespace opsteward::cli {

namespace {

/// The vault with all its records in segments and under its checkpoint.
Result<vault::VaultReader> Seal(const std::filesystem::path& data) {
    OPS_CHECK(vault::VaultReader::Open(VaultFolder(data)));  // a misspelt folder begins no vault
    OPS_TRY(const auto writer, OpenVaultPatiently(data));
    OPS_CHECK(writer->WriteSegments());
    OPS_CHECK(writer->Seal());
    return vault::VaultReader::Open(VaultFolder(data));  // while nobody else can write
}

/// DATA/vault.copying, while a copy is made: one at a time, and a place for what is fetched to be looked at.
class Workshop {
  public:
    static Result<std::unique_ptr<Workshop>> Open(const std::filesystem::path& data) {
        const std::filesystem::path folder = data / "vault.copying";
        OPS_CHECK(db::PrepareDataFolder(folder));
        OPS_TRY(auto lock, db::DataFolderLock::Acquire(folder));
        std::unique_ptr<Workshop> workshop(new Workshop(folder / "fetched", std::move(lock)));
        workshop->Clear();
        OPS_CHECK(db::PrepareDataFolder(workshop->scratch_));
        return workshop;
    }
    ~Workshop() { Clear(); }
    Workshop(const Workshop&) = delete;
    Workshop& operator=(const Workshop&) = delete;

    const std::filesystem::path& scratch() const { return scratch_; }

  private:
    Workshop(std::filesystem::path scratch, std::unique_ptr<db::DataFolderLock> lock) : scratch_(std::move(scratch)), lock_(std::move(lock)) {}

    void Clear() {
        std::error_code unimportant;
        std::filesystem::remove_all(scratch_, unimportant);
    }

    std::filesystem::path scratch_;
    std::unique_ptr<db::DataFolderLock> lock_;
};

Result<vault::CopySummary> Copy(const std::filesystem::path& data, const CopyRequest& request, Language language) {
    OPS_TRY(const auto target, OpenCopy(request.place, request.ssh));
    OPS_TRY(const vault::VaultReader vault, Seal(data));
    OPS_TRY(const vault::NoteKey key, ReadPublicKey(PublicKeyFile(data), vault::SignatureType::kEd25519));
    OPS_TRY(const auto workshop, Workshop::Open(data));
    CopyRun run(language);
    return vault::CopyVault(vault, key, *target, {.compares_contents = request.compares_contents, .scratch = workshop->scratch(), .on_progress = run.OnProgress()});
}

}  // namespace

ExitCode CopyLogs(const std::filesystem::path& data, const CopyRequest& request, const Report& report) {
    const auto copied = Copy(data, request, report.language);
    if (!copied.ok()) return report.Fail(WithHowToGoOn(copied.error()));
    const Phrase line{"已複製 {} 個檔案（{}），{} 個原已存在，{} 個已由合併後的區段取代；檢查點 {} 筆\n樹根 {}\n",
                      "{} [file|files] copied ({}); {} there already, {} gone into merged ones; the checkpoint is of {} records\nroot {}\n"};
    const std::string root = crypto::Base64Encode(copied->checkpoint.root);
    report.Say(fmt::format(fmt::runtime(ChooseByCount(line.In(report.language), static_cast<std::int64_t>(copied->files))), copied->files,
                           FormatBytes(copied->bytes), copied->skipped, copied->removed, copied->checkpoint.size, root),
               {{"files", copied->files},
                {"bytes", copied->bytes},
                {"skipped", copied->skipped},
                {"removed", copied->removed},
                {"checkpoint_size", copied->checkpoint.size},
                {"root", root}});
    return kExitOk;
}

}  // namespace opsteward::cli
