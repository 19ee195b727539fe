// The command `vuln bundle`: all feeds in one file, and the check of such a file.
#pragma once

#include <functional>

#include "cli/exit_code.hpp"
#include "cli/report.hpp"

namespace CLI {
class App;
}

namespace opsteward::cli {

/// The command that was named is put into `run`. `report` and `run` live as long as `vuln`.
void AddBundleCommands(CLI::App& vuln, const Report& report, std::function<ExitCode()>& run);

}  // namespace opsteward::cli
