#include <signal.h>
#include <unistd.h>

#include <string_view>
#include <vector>

#include "verifier/command_line.hpp"

namespace {

/// Nothing is written that could be left half done.
extern "C" void EndUnchecked(int) { ::_exit(opsteward::verifier::kNotChecked); }

}  // namespace

int main(int argc, char** argv) {
    struct sigaction action = {};
    action.sa_handler = EndUnchecked;
    for (const int signal : {SIGINT, SIGTERM}) ::sigaction(signal, &action, nullptr);
    const std::vector<std::string_view> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    return opsteward::verifier::RunCommandLine(arguments);
}
