// The command line: what is asked, and the exit code that answers it.
#pragma once

#include <span>
#include <string_view>

namespace opsteward::verifier {

enum ExitCode { kIntact = 0, kFails = 1, kNotChecked = 2 };

/// Arguments without the program's name. Prints the answer to standard output, why there is none to standard error.
ExitCode RunCommandLine(std::span<const std::string_view> arguments);

}  // namespace opsteward::verifier
