#include "cli/command_line.hpp"

int main(int argc, char** argv) { return opsteward::cli::RunCommandLine(argc, argv); }
