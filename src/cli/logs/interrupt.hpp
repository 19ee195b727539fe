// Ctrl-C during a long command: the command is asked to end where nothing is lost, instead of being ended.
#pragma once

#include <csignal>

namespace opsteward::cli {

/// One at a time in a process. A second Ctrl-C ends the program at once.
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
