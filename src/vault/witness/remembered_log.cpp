#include "vault/witness/remembered_log.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "db/data_folder.hpp"
#include "vault/store/file.hpp"
#include "vault/witness/cosignature.hpp"

namespace opsteward::vault {

namespace {

constexpr std::size_t kShownOfName = 100;
constexpr std::size_t kDigestDigits = 16;

/// A name that people recognise, and that no other log's is: its letters, and the beginning of its SHA-256.
std::string FileNameOf(std::string_view origin) {
    std::string shown(origin.substr(0, kShownOfName));
    const auto is_kept = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
    std::ranges::replace_if(shown, [&](char c) { return !is_kept(c); }, '_');
    return shown + '-' + crypto::Sha256Hex(origin).substr(0, kDigestDigits);
}

std::size_t CountFiles(const std::filesystem::path& folder) {
    std::error_code unknown;
    std::size_t count = 0;
    for (std::filesystem::directory_iterator entry(folder, unknown), end; !unknown && entry != end; entry.increment(unknown)) ++count;
    return count;
}

}  // namespace

RememberedLog::RememberedLog(const std::filesystem::path& folder, const NoteKey& key, const SigningIdentity& witness)
    : key_(key), witness_(witness), state_(folder / "logs" / FileNameOf(key.name)), evidence_(folder / "evidence" / FileNameOf(key.name)) {}

Result<std::unique_ptr<RememberedLog>> RememberedLog::Open(const std::filesystem::path& folder, const NoteKey& key, const SigningIdentity& witness) {
    std::unique_ptr<RememberedLog> log(new RememberedLog(folder, key, witness));
    OPS_CHECK(db::PrepareDataFolder(log->state_.parent_path()));
    OPS_CHECK(log->Load());
    return log;
}

std::optional<Checkpoint> RememberedLog::known() const {
    const MutexLock lock(mutex_);
    return known_;
}

Result<void> RememberedLog::Load() {
    const MutexLock lock(mutex_);
    if (!std::filesystem::exists(state_)) return Ok();
    const auto not_ours = [&](const Error& error) {
        return Error::Of(ErrorCode::kCorrupt,
                         fmt::format("{} 不是本見證者為「{}」簽署的檢查點（{}）；請還原該檔，不要刪除：刪除後就不再記得這個記錄庫。", state_.string(), key_.name,
                                     error.caller_text.zh),
                         fmt::format("{} is not a checkpoint of {} that this witness cosigned ({}) Restore that file and do not remove it: without it the log is forgotten.",
                                     state_.string(), key_.name, error.caller_text.en));
    };
    OPS_TRY(const std::string bytes, ReadFile(state_));
    // The log's own signature was looked at before; its key may have been replaced since, and the history goes on.
    auto note = Note::Parse(bytes);
    if (!note.ok()) return not_ours(note.error());
    if (const auto time = VerifyCosignature(*note, witness_.public_key()); !time.ok()) return not_ours(time.error());
    auto checkpoint = Checkpoint::Parse(note->text);
    if (!checkpoint.ok()) return not_ours(checkpoint.error());
    if (checkpoint->origin != key_.name) return not_ours(Error::Of(ErrorCode::kCorrupt, "屬於另一個記錄庫。", "It is of another log."));
    cosigned_ = std::move(*note);
    known_ = std::move(*checkpoint);
    return Ok();
}

WitnessAnswer RememberedLog::Take(const AddCheckpointRequest& request, const Checkpoint& checkpoint, std::string_view body, Instant now) {
    const MutexLock lock(mutex_);
    WitnessDecision decision = Decide(key_, known_, request, checkpoint, witness_, now);
    if (decision.contradicts) Report(checkpoint, body);
    if (!decision.cosigned) return decision.answer;
    if (const auto kept = Remember(*decision.cosigned, checkpoint); !kept.ok()) {
        log::error("{}: not cosigned, for it could not be kept: {}", key_.name, kept.error().operator_text);
        return WitnessAnswer::Refusal(500, "The checkpoint could not be kept.");
    }
    log::info("{}: cosigned {} records", key_.name, checkpoint.size);
    return decision.answer;
}

Result<void> RememberedLog::Remember(const Note& cosigned, const Checkpoint& checkpoint) {
    OPS_CHECK(ReplaceFile(state_, cosigned.ToText()));
    cosigned_ = cosigned;
    known_ = checkpoint;
    return Ok();
}

void RememberedLog::Report(const Checkpoint& checkpoint, std::string_view body) {
    log::critical("{}: REWRITTEN? Its key signed {} records that do not go on from the {} that were cosigned before. Nothing was cosigned.", key_.name,
                  checkpoint.size, known_->size);
    if (const auto kept = KeepEvidence(checkpoint, body); !kept.ok()) log::error("{}: evidence could not be kept: {}", key_.name, kept.error().operator_text);
}

Result<void> RememberedLog::KeepEvidence(const Checkpoint& checkpoint, std::string_view body) {
    const std::string name = fmt::format("{}-{}", checkpoint.size, crypto::Sha256Hex(checkpoint.ToText()).substr(0, kDigestDigits));
    const std::filesystem::path submitted = evidence_ / (name + ".submitted");
    if (std::filesystem::exists(submitted)) return Ok();
    OPS_CHECK(db::PrepareDataFolder(evidence_));
    if (CountFiles(evidence_) >= 2 * kMaxEvidence) {
        log::error("{}: {} holds {} contradictions already; this one is not kept", key_.name, evidence_.string(), kMaxEvidence);
        return Ok();
    }
    OPS_CHECK(ReplaceFile(evidence_ / (name + ".known"), cosigned_->ToText()));
    OPS_CHECK(ReplaceFile(submitted, body));
    log::critical("{}: evidence kept in {}", key_.name, submitted.string());
    return Ok();
}

}  // namespace opsteward::vault
