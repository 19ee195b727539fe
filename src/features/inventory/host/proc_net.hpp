// Sockets as the kernel lists them in /proc/net/{tcp,tcp6,udp,udp6}: proc(5) and the kernel's
// Documentation/networking/proc_net_tcp.rst.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace opsteward::inventory::host {

struct ListeningSocket {
    std::string address;  ///< "0.0.0.0", "::1"
    int port = 0;
    std::int64_t uid = 0;
    std::uint64_t inode = 0;  ///< 0 for a socket of the kernel's own
    bool is_loopback = false;

    bool operator==(const ListeningSocket&) const = default;
};

enum class Transport { kTcp, kUdp };

/// Those that wait for connections (TCP in state LISTEN) or datagrams from anybody (UDP without a peer). Lines that are not
/// as documented are passed over.
std::vector<ListeningSocket> ParseProcNet(std::string_view text, Transport transport);

}  // namespace opsteward::inventory::host
