#include "cli/logs/interrupt.hpp"

namespace opsteward::cli {

namespace {

volatile std::sig_atomic_t is_asked_to_end = 0;

void AskToEnd(int) { is_asked_to_end = 1; }

}  // namespace

Interrupt::Interrupt() {
    is_asked_to_end = 0;
    struct sigaction action {};
    action.sa_handler = AskToEnd;
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
    ::sigaction(SIGINT, &action, &on_interrupt_);
    ::sigaction(SIGTERM, &action, &on_terminate_);
}

Interrupt::~Interrupt() {
    ::sigaction(SIGINT, &on_interrupt_, nullptr);
    ::sigaction(SIGTERM, &on_terminate_, nullptr);
}

bool Interrupt::is_asked() const { return is_asked_to_end != 0; }

}  // namespace opsteward::cli
