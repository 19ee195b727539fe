#include "cli/stop_signals.hpp"

#include <pthread.h>

namespace opsteward::cli {

StopSignals::StopSignals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGINT);
    sigaddset(&set_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    // A peer that hangs up shows as an error of the write.
    std::signal(SIGPIPE, SIG_IGN);
}

void StopSignals::Wait() const {
    int signal = 0;
    while (sigwait(&set_, &signal) != 0) {
    }
}

}  // namespace opsteward::cli
