// What only the kernel of the machine this program runs on can tell, and no file does.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace opsteward::inventory::host {

/// uname(2): "x86_64"
std::string AskArchitecture();

struct FileSystemUse {
    std::int64_t total_bytes = 0;
    std::optional<double> used_ratio;  ///< as df shows it: what is kept back for root counts as not there
    std::int64_t total_inodes = 0;     ///< 0 where there is no fixed number
    std::optional<double> used_inodes_ratio;
};
/// statvfs(3); nothing when it can't be asked.
std::optional<FileSystemUse> AskFileSystem(const std::string& mount_point);

struct KernelClock {
    bool is_synchronised = false;
    std::optional<double> estimated_error_ms;  ///< nothing while it is not synchronised
    /// What the kernel still has to correct; nothing where the service corrects the clock without it (chrony).
    std::optional<double> offset_ms;
};
/// adjtimex(2), which asks and sets nothing here; nothing where a container forbids it.
std::optional<KernelClock> AskClock();

/// getifaddrs(3): the IPv4 addresses of each interface, "192.0.2.7/24".
std::map<std::string, std::vector<std::string>> AskIpv4Addresses();

}  // namespace opsteward::inventory::host
