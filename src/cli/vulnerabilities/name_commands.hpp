// The command `vuln cpe`: what a title of installed software is called in CPE.
#pragma once

#include <functional>

#include "cli/exit_code.hpp"
#include "cli/report.hpp"

namespace CLI {
class App;
}

namespace opsteward::cli {

/// The command, when it was named, is put into `run`. `report` and `run` live as long as `vuln`.
void AddNameCommands(CLI::App& vuln, const Report& report, std::function<ExitCode()>& run);

}  // namespace opsteward::cli
