#include "cli/logs/interrupt.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace opsteward::cli {

namespace {

volatile std::sig_atomic_t is_asked_to_end = 0;
volatile std::sig_atomic_t nothing = -1;  // /dev/null

// A read of standard input that waits is begun anew (SA_RESTART), and then reads nothing.
void AskToEnd(int) {
    const int error_number = errno;
    is_asked_to_end = 1;
    ::dup2(nothing, STDIN_FILENO);
    errno = error_number;
}

}  // namespace

Interrupt::Interrupt() {
    is_asked_to_end = 0;
    nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    struct sigaction action {};
    action.sa_handler = AskToEnd;
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
    ::sigaction(SIGINT, &action, &on_interrupt_);
    ::sigaction(SIGTERM, &action, &on_terminate_);
}

Interrupt::~Interrupt() {
    ::sigaction(SIGINT, &on_interrupt_, nullptr);
    ::sigaction(SIGTERM, &on_terminate_, nullptr);
    ::close(nothing);
}

bool Interrupt::is_asked() const { return is_asked_to_end != 0; }

}  // namespace opsteward::cli
