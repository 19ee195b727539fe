// The commands `logs …`: their options, as command_line.cpp adds them to the program's.
#pragma once

#include <functional>

#include "cli/exit_code.hpp"
#include "cli/report.hpp"

namespace CLI {
class App;
}

namespace opsteward::cli {

/// The command that was named is put into `run`. `report` and `run` live as long as `app`.
void AddLogCommands(CLI::App& app, const Report& report, std::function<ExitCode()>& run);

}  // namespace opsteward::cli
