// The command `vuln version-compare`: which of two versions is the older one.
#pragma once

#include <functional>

#include "cli/exit_code.hpp"
#include "cli/report.hpp"

namespace CLI {
class App;
}

namespace opsteward::cli {

/// The command, when it was named, is put into `run`. `report` and `run` live as long as `vuln`.
void AddVersionCommands(CLI::App& vuln, const Report& report, std::function<ExitCode()>& run);

}  // namespace opsteward::cli
