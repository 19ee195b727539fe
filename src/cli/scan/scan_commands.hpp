// The commands `scan …`: reports of vulnerability scanners, read and compared.
#pragma once

#include <functional>

#include "cli/exit_code.hpp"
#include "cli/report.hpp"

namespace CLI {
class App;
}

namespace opsteward::cli {

/// The command that was named is put into `run`. `report` and `run` live as long as `app`.
void AddScanCommands(CLI::App& app, const Report& report, std::function<ExitCode()>& run);

}  // namespace opsteward::cli
