#include "features/inventory/host/process_list.hpp"

#include <unistd.h>

#include <algorithm>

#include "base/text.hpp"
#include "features/inventory/host/words.hpp"

namespace opsteward::inventory::host {
namespace {

constexpr std::size_t kMaxStatusBytes = 64 * 1024;
constexpr std::size_t kKernelNameBytes = 15;  // TASK_COMM_LEN without its NUL
constexpr std::string_view kDeleted = " (deleted)";

/// Mounted with hidepid= (the kernel's Documentation/filesystems/proc.rst), /proc shows each user only what is theirs.
bool HidesOthers(const HostFiles& files) {
    if (files.is_live() && ::geteuid() == 0) return false;
    const auto mounts = files.Read("/proc/self/mountinfo");
    if (!mounts.ok()) return false;
    for (const std::string_view line : SplitLines(*mounts)) {
        const std::size_t options = line.find("hidepid=");
        if (line.find(" /proc ") == std::string_view::npos || options == std::string_view::npos) continue;
        const std::string_view value = line.substr(options + 8);
        if (!value.starts_with("0") && !value.starts_with("off")) return true;
    }
    return false;
}

std::string ProgramOf(const HostFiles& files, const Process& process) {
    auto target = files.LinkTarget("/proc/" + process.pid + "/exe");
    if (!target.ok()) return process.status.name;
    std::string_view path = *target;
    if (path.ends_with(kDeleted)) path.remove_suffix(kDeleted.size());
    return std::string(BaseName(path));
}

/// "socket:[12345]"
std::optional<std::uint64_t> SocketInode(std::string_view link) {
    if (!link.starts_with("socket:[") || !link.ends_with(']')) return std::nullopt;
    const auto inode = ParseInt(link.substr(8, link.size() - 9));
    if (!inode || *inode <= 0) return std::nullopt;
    return static_cast<std::uint64_t>(*inode);
}

}  // namespace

std::optional<ProcessStatus> ParseProcessStatus(std::string_view text) {
    ProcessStatus status;
    bool has_uid = false;
    for (const std::string_view line : SplitLines(text)) {
        if (line.starts_with("Name:")) status.name = Trim(line.substr(5));
        if (line.starts_with("VmSize:")) status.is_program = true;
        if (line.starts_with("Uid:")) {
            const auto ids = SplitWords(line.substr(4));  // real, effective, saved, file system
            const auto uid = ids.size() == 4 ? ParseInt(ids[1]) : std::nullopt;
            if (!uid) return std::nullopt;
            status.uid = *uid;
            has_uid = true;
        }
    }
    if (!has_uid || status.name.empty()) return std::nullopt;
    return status;
}

bool ProcessFacts::Runs(std::string_view program) const {
    const std::string_view name = program.substr(0, kKernelNameBytes);
    return std::ranges::any_of(programs, [&](const Process& process) { return process.status.name == name; });
}

ProcessFacts ReadProcesses(const HostFiles& files) {
    ProcessFacts facts;
    const auto names = files.List("/proc");
    if (!names.ok()) {
        facts.not_observed = names.error().caller_text;
        return facts;
    }
    for (const std::string& name : *names) {
        if (!std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; })) continue;
        const auto text = files.Read("/proc/" + name + "/status", kMaxStatusBytes);
        if (!text.ok()) continue;  // ended since it was listed
        auto status = ParseProcessStatus(*text);
        if (status && status->is_program) facts.programs.push_back({name, std::move(*status)});
    }
    if (facts.programs.empty()) {
        facts.not_observed = Text{"/proc 內沒有任何執行中的程式。", "/proc shows no running program."};
    } else if (HidesOthers(files)) {
        facts.not_observed = Text{"/proc 以 hidepid 掛載，看不到其他使用者的程式。",
                                  "/proc is mounted with hidepid, which hides the programs of other users."};
    }
    return facts;
}

SocketOwners FindSocketOwners(const HostFiles& files, const ProcessFacts& processes,
                              const std::set<std::uint64_t>& inodes) {
    SocketOwners owners;
    for (const Process& process : processes.programs) {
        const std::string folder = "/proc/" + process.pid + "/fd";
        const auto descriptors = files.List(folder);
        if (!descriptors.ok()) continue;
        std::optional<std::string> program;
        for (const std::string& descriptor : *descriptors) {
            const auto link = files.LinkTarget(folder + "/" + descriptor);
            const auto inode = link.ok() ? SocketInode(*link) : std::nullopt;
            if (!inode || !inodes.contains(*inode)) continue;
            if (!program) program = ProgramOf(files, process);
            owners[*inode].insert(*program);
        }
    }
    return owners;
}

}  // namespace opsteward::inventory::host
