#include "vault/witness/witness.hpp"

#include <fmt/format.h>

#include "base/log.hpp"

namespace opsteward::vault {

Result<std::unique_ptr<Witness>> Witness::Open(const std::filesystem::path& folder, std::string_view name, const std::vector<NoteKey>& logs) {
    OPS_CHECK(db::PrepareDataFolder(folder));
    OPS_TRY(auto lock, db::DataFolderLock::Acquire(folder));
    OPS_TRY(auto identity, LoadOrMakeIdentity(folder / "witness.key", folder / "witness.pub", name, SignatureType::kCosignature));
    std::unique_ptr<Witness> witness(new Witness(std::move(lock), std::move(identity)));
    for (const NoteKey& key : logs) {
        if (key.type != SignatureType::kEd25519) {
            return Error::Of(ErrorCode::kInvalidInput, fmt::format("「{}」的公鑰不是記錄庫的公鑰。", key.name),
                             fmt::format("The public key of {} is not a log's.", key.name));
        }
        OPS_TRY(auto log, RememberedLog::Open(folder, key, witness->identity_));
        if (!witness->logs_.emplace(key.name, std::move(log)).second) {
            return Error::Of(ErrorCode::kInvalidInput, fmt::format("有兩個名為「{}」的記錄庫；名稱不可重複。", key.name),
                             fmt::format("Two logs are named {}; each needs a name of its own.", key.name));
        }
    }
    return witness;
}

WitnessAnswer Witness::Answer(std::string_view body, Instant now) {
    const auto request = AddCheckpointRequest::Parse(body);
    if (!request.ok()) return WitnessAnswer::Refusal(400, request.error().caller_text.en);
    const auto checkpoint = Checkpoint::Parse(request->checkpoint.text);
    if (!checkpoint.ok()) return WitnessAnswer::Refusal(400, checkpoint.error().caller_text.en);
    const auto log = logs_.find(checkpoint->origin);
    if (log == logs_.end()) return WitnessAnswer::Refusal(404, "This witness does not know the log.");
    if (const auto is_signed = VerifyNote(request->checkpoint, log->second->key()); !is_signed.ok()) {
        log::warn("{}: refused a checkpoint: {}", checkpoint->origin, is_signed.error().operator_text);
        return WitnessAnswer::Refusal(403, "The key of the log that is known here did not sign it.");
    }
    return log->second->Take(*request, *checkpoint, body, now);
}

}  // namespace opsteward::vault
