// How the program ends, as told to the shell. docs/operate/command-line.md lists the same.
#pragma once

#include "base/error.hpp"

namespace opsteward::cli {

enum ExitCode : int {
    kExitOk = 0,
    kExitFailed = 1,       ///< refused or failed for a reason the message tells
    kExitUsage = 2,        ///< the command line is wrong
    kExitBadInput = 3,     ///< what it was given is wrong: pack, configuration, key, backup, log file, vault, query, time, address
    kExitBusy = 4,         ///< held by somebody else: data folder, vault, port
    kExitUnavailable = 5,  ///< database, disk or witness not available; an answer could not be written
    kExitDefect = 70,      ///< a defect of the program (EX_SOFTWARE of sysexits.h)
};

ExitCode ExitCodeFor(ErrorCode code);

}  // namespace opsteward::cli
