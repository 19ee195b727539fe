// What copying and restoring have in common: it is told how far they are, Ctrl-C ends them between two pieces, and the next run goes on.
#pragma once

#include <filesystem>

#include "base/error.hpp"
#include "base/language.hpp"
#include "cli/logs/interrupt.hpp"
#include "cli/logs/progress.hpp"
#include "vault/copy/copier.hpp"

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

}  // namespace opsteward::cli
