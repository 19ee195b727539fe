// Tells the service manager how the program stands (sd_notify(3): a datagram to the socket named in NOTIFY_SOCKET).
#pragma once

#include <string_view>

namespace opsteward::cli {

/// "READY=1", "STOPPING=1". Does nothing when nobody listens.
void NotifyServiceManager(std::string_view state);

}  // namespace opsteward::cli
