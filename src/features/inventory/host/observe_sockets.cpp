#include <algorithm>
#include <array>
#include <tuple>

#include "base/text.hpp"
#include "features/inventory/host/proc_net.hpp"
#include "features/inventory/host/topic_observers.hpp"
#include "features/inventory/host/words.hpp"

namespace opsteward::inventory::host {
namespace {

struct SocketList {
    std::string_view path;
    Transport transport;
    bool is_ipv4;
};
constexpr std::array kLists = {
    SocketList{"/proc/net/tcp", Transport::kTcp, true},
    SocketList{"/proc/net/tcp6", Transport::kTcp, false},
    SocketList{"/proc/net/udp", Transport::kUdp, true},
    SocketList{"/proc/net/udp6", Transport::kUdp, false},
};
constexpr std::size_t kMaxListBytes = 64 << 20;

Result<std::vector<ListeningSocket>> ReadList(const HostFiles& files, const SocketList& list) {
    const auto text = files.Read(list.path, kMaxListBytes);
    if (text.ok()) return ParseProcNet(*text, list.transport);
    // The kernel has no such list where IPv6 is switched off.
    if (!list.is_ipv4 && text.error().code == ErrorCode::kNotFound) return std::vector<ListeningSocket>{};
    return text.error();
}

struct PortRange {
    std::int64_t first = 32768;
    std::int64_t last = 60999;
};

/// The ports that the kernel hands out by itself (ip(7)).
PortRange ReadEphemeralPorts(const HostFiles& files) {
    const auto text = files.Read("/proc/sys/net/ipv4/ip_local_port_range");
    const auto words = text.ok() ? SplitWords(Trim(*text)) : std::vector<std::string_view>{};
    const auto first = words.size() == 2 ? ParseInt(words[0]) : std::nullopt;
    const auto last = words.size() == 2 ? ParseInt(words[1]) : std::nullopt;
    return first && last ? PortRange{*first, *last} : PortRange{};
}

/// A client that asks a name server has a socket without a peer too, on a port it was given, for as long as the answer
/// takes. Only a socket that outlives the observation is taken for one that waits for datagrams from anybody.
bool IsMomentary(const HostSight& sight, const ListeningSocket& socket, const PortRange& ephemeral) {
    const bool has_given_port = socket.port >= ephemeral.first && socket.port <= ephemeral.last;
    return has_given_port && socket.inode != 0 && !sight.earlier_datagram_sockets.contains(socket.inode);
}

using SocketKey = std::tuple<std::string, std::string, int, std::int64_t>;  // protocol, address, port, uid

struct MergedSocket {
    bool is_loopback = false;
    std::set<std::uint64_t> inodes;
};

}  // namespace

std::set<std::uint64_t> ReadDatagramSockets(const HostFiles& files) {
    std::set<std::uint64_t> inodes;
    for (const SocketList& list : kLists) {
        if (list.transport != Transport::kUdp) continue;
        const auto sockets = ReadList(files, list);
        if (!sockets.ok()) continue;
        for (const ListeningSocket& socket : *sockets) inodes.insert(socket.inode);
    }
    return inodes;
}

TopicRows ObserveListeningSockets(const HostSight& sight) {
    const PortRange ephemeral = ReadEphemeralPorts(sight.files);
    std::map<SocketKey, MergedSocket> merged;  // sockets that share a port (SO_REUSEPORT) are one row
    std::set<std::uint64_t> inodes;
    for (const SocketList& list : kLists) {
        OPS_TRY(const auto sockets, ReadList(sight.files, list));
        for (const ListeningSocket& socket : sockets) {
            const bool is_udp = list.transport == Transport::kUdp;
            if (is_udp && IsMomentary(sight, socket, ephemeral)) continue;
            MergedSocket& entry = merged[{is_udp ? "udp" : "tcp", socket.address, socket.port, socket.uid}];
            entry.is_loopback = socket.is_loopback;
            if (socket.inode == 0) continue;  // the kernel's own (NFS, WireGuard): no program holds it
            entry.inodes.insert(socket.inode);
            inodes.insert(socket.inode);
        }
    }

    const SocketOwners owners = FindSocketOwners(sight.files, sight.processes, inodes);
    std::vector<db::Row> rows;
    for (const auto& [key, socket] : merged) {
        std::set<std::string> programs;
        for (const std::uint64_t inode : socket.inodes) {
            if (const auto found = owners.find(inode); found != owners.end()) {
                programs.insert(found->second.begin(), found->second.end());
            }
        }
        db::Value program;
        if (!programs.empty()) program = Join({programs.begin(), programs.end()}, ", ");
        const auto& [protocol, address, port, uid] = key;
        rows.push_back({protocol, address, port, std::move(program), uid, sight.UserName(uid), socket.is_loopback});
    }
    return rows;
}

TopicRows ObserveProcesses(const HostSight& sight) {
    if (sight.processes.not_observed) {
        return Error::Of(ErrorCode::kUnavailable, sight.processes.not_observed->zh, sight.processes.not_observed->en);
    }
    std::map<std::pair<std::string, std::int64_t>, std::int64_t> instances;
    for (const Process& process : sight.processes.programs) ++instances[{process.status.name, process.status.uid}];
    std::vector<db::Row> rows;
    for (const auto& [key, count] : instances)
        rows.push_back({key.first, key.second, sight.UserName(key.second), count});
    return rows;
}

}  // namespace opsteward::inventory::host
