// A program that serves until it is stopped, and tells the service manager how it stands (sd_notify(3): a datagram to the socket named in NOTIFY_SOCKET).
#pragma once

#include <string_view>

#include "cli/stop_signals.hpp"

namespace opsteward::cli {

/// Says that the program is ready at `address`, waits until it is to stop, and says that too. Without a service manager only the log hears of it.
void ServeUntilStopped(const StopSignals& signals, std::string_view address);

}  // namespace opsteward::cli
