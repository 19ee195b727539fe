// Reads the command line and runs the command it names.
#pragma once

namespace opsteward::cli {

int RunCommandLine(int argc, char** argv);

}  // namespace opsteward::cli
