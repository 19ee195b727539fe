// The commands `vans …`: what is uploaded to VANS.
#pragma once

#include <functional>

#include "cli/exit_code.hpp"
#include "cli/report.hpp"

namespace CLI {
class App;
}

namespace opsteward::cli {

/// Adds the group `vans`. The command that was named is put into `run`. `report` and `run` live as long as `app`.
void AddVansCommands(CLI::App& app, const Report& report, std::function<ExitCode()>& run);

}  // namespace opsteward::cli
