// Ctrl-C during a long command: the command is asked to end where nothing is lost, instead of being ended.
#pragma once

#include <csignal>

namespace opsteward::cli {

/// One at a time in a process. With the first Ctrl-C (or SIGTERM) standard input is at its end, so that nobody waits for more of it; a second one ends
/// the program at once.
class Interrupt {
  public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    bool is_asked() const;

  private:
    struct sigaction on_interrupt_ {};  ///< as they were before
    struct sigaction on_terminate_ {};
};

}  // namespace opsteward::cli
