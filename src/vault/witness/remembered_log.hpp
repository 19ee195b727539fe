// What a witness remembers of one log, on the disk. Format: docs/formats/vault.md, "Witness".
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "base/result.hpp"
#include "vault/witness/decision.hpp"

namespace opsteward::vault {

/// Safe from several threads.
class RememberedLog {
  public:
    static constexpr std::size_t kMaxEvidence = 64;  ///< contradictions kept, so that who sends many does not fill the disk

    /// `folder` and `witness` live as long as this. kCorrupt when what is there is not what `witness` cosigned for the log: it must not begin anew.
    static Result<std::unique_ptr<RememberedLog>> Open(const std::filesystem::path& folder, const NoteKey& key, const SigningIdentity& witness);

    const NoteKey& key() const { return key_; }
    std::optional<Checkpoint> known() const;

    /// Decides and remembers at once, so that of two requests the later one is held against what the earlier one led to. `body` is the request as it came.
    /// A cosignature is given only when the disk has what it stands for.
    WitnessAnswer Take(const AddCheckpointRequest& request, const Checkpoint& checkpoint, std::string_view body, Instant now);

  private:
    RememberedLog(const std::filesystem::path& folder, const NoteKey& key, const SigningIdentity& witness);

    Result<void> Load();
    Result<void> Remember(const Note& cosigned, const Checkpoint& checkpoint) OPS_REQUIRES(mutex_);
    void Report(const Checkpoint& checkpoint, std::string_view body) OPS_REQUIRES(mutex_);
    Result<void> KeepEvidence(const Checkpoint& checkpoint, std::string_view body) OPS_REQUIRES(mutex_);

    const NoteKey key_;
    const SigningIdentity& witness_;
    const std::filesystem::path state_;
    const std::filesystem::path evidence_;  ///< folder of this log's
    mutable Mutex mutex_;
    std::optional<Note> cosigned_ OPS_GUARDED_BY(mutex_);
    std::optional<Checkpoint> known_ OPS_GUARDED_BY(mutex_);  ///< that of cosigned_
};

}  // namespace opsteward::vault
