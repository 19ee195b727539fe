#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/civil_time.hpp"
#include "base/count_text.hpp"
#include "cli/logs/log_commands.hpp"
#include "cli/logs/vault_folder.hpp"
#include "cli/public_key.hpp"
#include "crypto/base64.hpp"
#include "net/http_client.hpp"
#include "vault/earlier_checkpoint.hpp"
#include "vault/layout.hpp"
#include "vault/store/file.hpp"
#include "vault/witness/submission.hpp"

namespace opsteward::cli {

namespace {

/// One submission at a time, so that an older answer never takes the place of a newer one. It waits for its turn; a submission ends by its time limits.
class Turn {
  public:
    static Result<Turn> Take(const std::filesystem::path& file) {
        Turn turn(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
        while (turn.descriptor_ >= 0 && ::flock(turn.descriptor_, LOCK_EX) != 0) {
            if (errno != EINTR) return Error::System("lock " + file.string(), errno);
        }
        if (turn.descriptor_ < 0) return Error::System("open " + file.string(), errno);
        return turn;
    }
    Turn(Turn&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }

  private:
    explicit Turn(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

vault::SendToWitness SendTo(net::HttpClient& client, std::string url) {
    while (url.ends_with('/')) url.pop_back();
    return [&client, url = url + std::string(vault::kAddCheckpointPath)](const std::string& body) -> Result<vault::WitnessAnswer> {
        OPS_TRY(net::HttpAnswer answer, client.Post(url, "text/plain; charset=utf-8", body));
        return vault::WitnessAnswer{answer.status, std::move(answer.content_type), std::move(answer.body)};
    };
}

Result<vault::WitnessedCheckpoint> Submit(const std::filesystem::path& data, const WitnessSubmission& submission, const vault::NoteKey& witness) {
    const vault::Layout layout{VaultFolder(data)};
    const std::filesystem::path public_path = PublicKeyFile(data);
    if (!std::filesystem::exists(public_path)) {
        return Error::Of(ErrorCode::kNotFound, fmt::format("{} 沒有記錄庫，或缺少它的公鑰 vault.pub。", data.string()),
                         fmt::format("There is no vault in {}, or its public key vault.pub is gone.", data.string()));
    }
    OPS_TRY(const vault::NoteKey log, ReadPublicKey(public_path, vault::SignatureType::kEd25519));
    OPS_TRY(const Turn turn, Turn::Take(public_path));
    OPS_TRY(const auto vault, vault::VaultReader::Open(layout.folder));
    OPS_TRY(const auto before, vault::ReadCheckpoint(layout.witnessed(), log));
    if (before) {
        OPS_CHECK(vault::CheckGoesOn(*before, vault::kWitnessedCheckpoint, vault.size(), [&](std::uint64_t count) { return vault.Root(count); }));
    }
    net::HttpClient client({.trusted = submission.trusted});
    OPS_TRY(auto witnessed, vault::SubmitCheckpoint(vault, log, witness, before ? before->size : 0, SendTo(client, submission.url)));
    OPS_CHECK(vault::ReplaceFile(layout.witnessed(), witnessed.note.ToText()));
    return witnessed;
}

}  // namespace

ExitCode SubmitToWitness(const std::filesystem::path& data, const WitnessSubmission& submission, const Report& report) {
    const auto witness = ReadPublicKey(submission.key, vault::SignatureType::kCosignature);
    if (!witness.ok()) return report.Fail(witness.error());
    const auto witnessed = Submit(data, submission, *witness);
    if (!witnessed.ok()) return report.Fail(witnessed.error());
    const std::uint64_t size = witnessed->checkpoint.size;
    const Phrase line{"「{}」已見證 {} 筆（先前 {} 筆），時間 {}\n", "{} cosigned {} [record|records] ({} before) at {}\n"};
    const std::string chosen = ChooseByCount(line.In(report.language), static_cast<std::int64_t>(size));
    report.Say(fmt::format(fmt::runtime(chosen), witness->name, size, witnessed->from, FormatTimeWithSeconds(witnessed->cosigned_at, report.language)),
               {{"witness", witness->name},
                {"size", size},
                {"root", crypto::Base64Encode(witnessed->checkpoint.root)},
                {"size_before", witnessed->from},
                {"cosigned_at", FormatRfc3339(witnessed->cosigned_at)}});
    return kExitOk;
}

}  // namespace opsteward::cli
