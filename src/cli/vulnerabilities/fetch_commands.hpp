// The command `vuln fetch`: what the NVD API gives, as files of a folder.
#pragma once

#include <functional>

#include "cli/exit_code.hpp"
#include "cli/report.hpp"

namespace CLI {
class App;
}

namespace opsteward::cli {

/// The command that was named is put into `run`. `report` and `run` live as long as `vuln`.
void AddFetchCommands(CLI::App& vuln, const Report& report, std::function<ExitCode()>& run);

}  // namespace opsteward::cli
