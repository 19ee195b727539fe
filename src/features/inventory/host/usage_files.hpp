// How much of the machine is in use: /proc/stat, /proc/meminfo, /proc/self/mountinfo, /proc/net/dev and
// /proc/net/if_inet6, all from proc(5).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace opsteward::inventory::host {

/// The counters of /proc/stat; ticks of all processors together since the machine was started.
struct CpuTicks {
    std::uint64_t busy = 0;
    std::uint64_t total = 0;
    int processors = 0;
    std::optional<std::int64_t> booted_at_seconds;  ///< since 1970-01-01T00:00:00Z
};
std::optional<CpuTicks> ParseProcStat(std::string_view text);
/// From 0 to 1; nothing when no time passed between the two.
std::optional<double> BusyRatio(const CpuTicks& before, const CpuTicks& after);

struct MemoryUse {
    std::uint64_t total_bytes = 0;
    std::uint64_t available_bytes = 0;
    std::uint64_t swap_total_bytes = 0;
    std::uint64_t swap_free_bytes = 0;
};
std::optional<MemoryUse> ParseMeminfo(std::string_view text);

struct Mount {
    std::string point;
    std::string device;  ///< "major:minor"
    std::string type;    ///< "ext4"
};
/// The mounts that stand for storage of this machine: one per device (the one nearest the root), no pseudo file systems, no
/// read-only images (snap, CD), none over the network (asking a server that is away would block). "overlay" counts as root.
std::vector<Mount> ParseStorageMounts(std::string_view mountinfo);

struct InterfaceCounters {
    std::uint64_t receive_bytes = 0;
    std::uint64_t transmit_bytes = 0;
    std::uint64_t errors = 0;  ///< of both directions
};
std::map<std::string, InterfaceCounters> ParseNetDev(std::string_view text);

/// /proc/net/if_inet6: the IPv6 addresses of each interface, "2001:db8::7/64", without those that change by themselves for
/// privacy (RFC 8981).
std::map<std::string, std::vector<std::string>> ParseIfInet6(std::string_view text);

}  // namespace opsteward::inventory::host
