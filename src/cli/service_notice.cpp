#include "cli/service_notice.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "base/log.hpp"

namespace opsteward::cli {

namespace {

/// "READY=1", "STOPPING=1". Does nothing when nobody listens.
void NotifyServiceManager(std::string_view state) {
    const char* path = std::getenv("NOTIFY_SOCKET");
    if (path == nullptr) return;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::size_t length = std::strlen(path);
    if (length < 2 || length >= sizeof(address.sun_path) || (path[0] != '/' && path[0] != '@')) return;
    std::memcpy(address.sun_path, path, length);
    if (path[0] == '@') address.sun_path[0] = '\0';  // the abstract namespace of unix(7)

    const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return;
    const auto address_length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
    // A manager that does not hear it starts or stops the program by its own time limits: nothing is lost.
    (void)::sendto(descriptor, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address), address_length);
    ::close(descriptor);
}

}  // namespace

void ServeUntilStopped(const StopSignals& signals, std::string_view address) {
    NotifyServiceManager("READY=1");
    log::info("listening on {}", address);
    signals.Wait();
    log::info("stopping");
    NotifyServiceManager("STOPPING=1");
}

}  // namespace opsteward::cli
