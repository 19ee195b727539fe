// The programs that run, from /proc (proc(5)): names and users only. Command lines and environments are never read: they hold
// secrets.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/language.hpp"
#include "features/inventory/host/host_files.hpp"

namespace opsteward::inventory::host {

struct ProcessStatus {
    std::string name;  ///< as the kernel keeps it: at most 15 bytes
    std::int64_t uid = 0;  ///< the effective one: whose rights it uses
    bool is_program = false;  ///< not a thread of the kernel, not already ended
};

/// A file /proc/PID/status; nothing when it has no name or user.
std::optional<ProcessStatus> ParseProcessStatus(std::string_view text);

struct Process {
    std::string pid;
    ProcessStatus status;
};

struct ProcessFacts {
    /// Why the list can't be had, or is not whole because the kernel hides other users' processes.
    std::optional<Text> not_observed;
    std::vector<Process> programs;

    /// "chronyd"; longer names are compared by their first 15 bytes, as the kernel cuts them.
    bool Runs(std::string_view program) const;
};

ProcessFacts ReadProcesses(const HostFiles& files);

/// Programs by the inode of a socket they hold.
using SocketOwners = std::map<std::uint64_t, std::set<std::string>>;

/// The programs that hold the sockets `inodes`, by the name of their executable file (the kernel's name for it where that is
/// not readable). A program whose open files may not be looked at holds none here.
SocketOwners FindSocketOwners(const HostFiles& files, const ProcessFacts& processes, const std::set<std::uint64_t>& inodes);

}  // namespace opsteward::inventory::host
