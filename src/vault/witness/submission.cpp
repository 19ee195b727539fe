#include "vault/witness/submission.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "vault/earlier_checkpoint.hpp"
#include "vault/seal/values.hpp"
#include "vault/witness/cosignature.hpp"

namespace opsteward::vault {

namespace {

constexpr int kTries = 4;
constexpr std::size_t kShownOfAnswer = 200;

Error Rewritten(std::string_view zh, std::string_view en) {
    return Error::Of(ErrorCode::kCorrupt, fmt::format("記錄庫遭截短或竄改：{}請保留現場，以異地複本比對，並依資安事件處理。", zh),
                     fmt::format("THE VAULT WAS CUT SHORT OR ALTERED: {} Keep everything as it is, compare with the off-site copy, and treat it as an incident.", en));
}

/// The answer's first words, as nothing that could steer a terminal.
std::string Shown(std::string_view body) {
    std::string text = Shorten(ReplaceInvalidUtf8(Trim(body)), kShownOfAnswer);
    std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
    return text;
}

Error Refused(const WitnessAnswer& answer, const Checkpoint& checkpoint) {
    switch (answer.status) {
        case 422:
            return Rewritten("它不是見證者先前所見內容的延續。", "it does not go on from what the witness saw before.");
        case 403:
            return Error::Of(ErrorCode::kForbidden, fmt::format("見證者知道的「{}」公鑰是另一把；請核對見證者的 --log。", checkpoint.origin),
                             fmt::format("The witness knows {} by another key; compare its --log with vault.pub.", checkpoint.origin));
        case 404:
            return Error::Of(ErrorCode::kNotFound, fmt::format("見證者不認得「{}」，或網址不對；請將 vault.pub 交給見證者（--log）。", checkpoint.origin),
                             fmt::format("The witness does not know {}, or the address is wrong; give vault.pub to the witness (--log).", checkpoint.origin));
        default:
            return Error::Of(ErrorCode::kUnavailable, fmt::format("見證者未簽署，回覆 {}：{}", answer.status, Shown(answer.body)),
                             fmt::format("The witness did not cosign; it answered {}: {}", answer.status, Shown(answer.body)));
    }
}

class Submission {
  public:
    Submission(const VaultReader& vault, const NoteKey& witness, Note note, Checkpoint checkpoint)
        : vault_(vault), witness_(witness), note_(std::move(note)), checkpoint_(std::move(checkpoint)) {}

    Result<WitnessedCheckpoint> Run(std::uint64_t known_size, const SendToWitness& send) {
        for (int i = 0; i < kTries; ++i) {
            AddCheckpointRequest request{known_size, {}, note_};
            OPS_TRY(request.proof, vault_.ProveConsistency(known_size, checkpoint_.size));
            OPS_TRY(const WitnessAnswer answer, send(request.ToText()));
            if (answer.status == 200) return Cosigned(answer, known_size);
            if (answer.status != 409) return Refused(answer, checkpoint_);
            OPS_TRY(known_size, KnownSize(answer, known_size));
        }
        return Error::Of(ErrorCode::kConflict, "另有程式同時送交檢查點；請稍後再試。", "Others submit checkpoints at the same time; try again later.");
    }

  private:
    /// What the witness says it knows, when that can be gone on from.
    Result<std::uint64_t> KnownSize(const WitnessAnswer& answer, std::uint64_t asked) const {
        const auto size = answer.content_type == kTreeSizeType && answer.body.ends_with('\n')
                              ? ParseDecimal(std::string_view(answer.body).substr(0, answer.body.size() - 1))
                              : std::nullopt;
        if (asked == checkpoint_.size && (!size || *size == asked)) {
            return Rewritten(fmt::format("見證者先前簽署的 {} 筆是另一份內容。", asked), fmt::format("the {} records that the witness cosigned before are others.", asked));
        }
        if (!size || *size == asked) return Refused(answer, checkpoint_);
        if (*size > checkpoint_.size) {
            return Rewritten(fmt::format("見證者已簽署 {} 筆，記錄庫只簽署到 {} 筆。", *size, checkpoint_.size),
                             fmt::format("the witness cosigned {} records, and the vault has sealed {}.", *size, checkpoint_.size));
        }
        return *size;
    }

    Result<WitnessedCheckpoint> Cosigned(const WitnessAnswer& answer, std::uint64_t known_size) {
        OPS_TRY(const auto signatures, ParseCosignatureLines(answer.body));
        std::ranges::copy_if(signatures, std::back_inserter(note_.signatures),
                             [&](const NoteSignature& signature) { return signature.name == witness_.name && signature.key_id == witness_.id(); });
        OPS_TRY(const Instant at, VerifyCosignature(note_, witness_));
        return WitnessedCheckpoint{checkpoint_, known_size, at, note_};
    }

    const VaultReader& vault_;
    const NoteKey& witness_;
    Note note_;
    Checkpoint checkpoint_;
};

}  // namespace

Result<WitnessedCheckpoint> SubmitCheckpoint(const VaultReader& vault, const NoteKey& log, const NoteKey& witness, std::uint64_t known_size,
                                             const SendToWitness& send) {
    if (!vault.sealed()) {
        return Error::Of(ErrorCode::kNotFound, "記錄庫尚未簽署，沒有檢查點可送交。", "The vault was never sealed; there is no checkpoint to submit.");
    }
    OPS_TRY(Note note, Note::Parse(*vault.sealed()));
    OPS_TRY(Checkpoint checkpoint, OpenCheckpoint(note, log));
    OPS_CHECK(CheckGoesOn(checkpoint, kOwnCheckpoint, vault.size(), [&](std::uint64_t count) { return vault.Root(count); }));
    return Submission(vault, witness, std::move(note), checkpoint).Run(std::min(known_size, checkpoint.size), send);
}

}  // namespace opsteward::vault
