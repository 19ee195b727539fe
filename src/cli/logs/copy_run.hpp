// What copying and restoring have in common: it is told how far they are, Ctrl-C ends them between two pieces, and the next run goes on.
#pragma once

#include <filesystem>

#include "base/error.hpp"
#include "base/language.hpp"
#include "cli/logs/interrupt.hpp"
#include "cli/logs/progress.hpp"
#include "vault/copy/copier.hpp"
#include "vault/seal/note.hpp"

namespace opsteward::cli {

class CopyRun {
  public:
    explicit CopyRun(Language language) : progress_(language) {}

    /// For as long as this lives.
    vault::OnCopyProgress OnProgress();

  private:
    Interrupt interrupt_;
    Progress progress_;
};

/// An error that ended a copying half-way, with what to do about it: the same again.
Error WithHowToGoOn(Error error);

/// DATA/vault.pub
inline std::filesystem::path PublicKeyFile(const std::filesystem::path& data) { return data / "vault.pub"; }
/// kNotFound when there is no such file; kInvalidInput, naming it, when it is malformed.
Result<vault::NoteKey> ReadPublicKey(const std::filesystem::path& path);

}  // namespace opsteward::cli
