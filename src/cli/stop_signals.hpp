// How a server command ends: by SIGINT or SIGTERM.
#pragma once

#include <csignal>

namespace opsteward::cli {

/// SIGINT and SIGTERM of this process, for Wait alone: blocked before any thread is made, so that all inherit it.
class StopSignals {
  public:
    StopSignals();
    void Wait() const;

  private:
    sigset_t set_{};
};

}  // namespace opsteward::cli
