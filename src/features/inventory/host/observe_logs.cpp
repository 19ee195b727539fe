#include <algorithm>

#include "base/text.hpp"
#include "features/inventory/host/journal_files.hpp"
#include "features/inventory/host/layered_files.hpp"
#include "features/inventory/host/syslog_line.hpp"
#include "features/inventory/host/topic_observers.hpp"
#include "features/inventory/host/unpacker.hpp"
#include "features/inventory/host/words.hpp"

namespace opsteward::inventory::host {
namespace {

/// Is what lies there gone after a restart, because /var/log or what it stands in is a file system in memory?
bool IsLogFolderInMemory(const HostFiles& files) {
    const auto mounts = files.Read("/proc/self/mountinfo");
    if (!mounts.ok()) return false;
    std::string_view deepest;
    bool is_in_memory = false;
    for (const std::string_view line : SplitLines(*mounts)) {
        const auto words = SplitWords(line);
        const auto dash = std::ranges::find(words, std::string_view("-"));
        if (words.size() < 7 || words.end() - dash < 2) continue;
        const std::string_view point = words[4];
        const bool holds_logs = point == "/" || point == "/var" || point == "/var/log";
        if (!holds_logs || point.size() < deepest.size()) continue;
        deepest = point;
        is_in_memory = *(dash + 1) == "tmpfs" || *(dash + 1) == "ramfs";
    }
    return is_in_memory;
}

// --- systemd-journald

bool IsJournaldInstalled(const HostFiles& files) {
    return files.Exists("/usr/lib/systemd/systemd-journald") || files.Exists("/lib/systemd/systemd-journald");
}

/// journald.conf(5), Storage=: "auto", the default, keeps what is written only where the folder is there.
std::optional<bool> IsJournalPersistent(const HostFiles& files) {
    const auto config = ReadLayered(files, ConfigFolders(), "systemd/journald.conf");
    if (!config.ok()) return std::nullopt;
    const std::string storage = ParseJournaldStorage(config->Joined());
    if (storage == "volatile" || storage == "none") return false;
    const bool has_folder = storage == "persistent" || files.Exists("/var/log/journal");
    return has_folder && !IsLogFolderInMemory(files);
}

std::optional<Instant> FirstEntryOf(const HostFiles& files, const std::string& path) {
    if (const auto time = FirstEntryFromName(BaseName(path))) return time;
    const auto head = files.ReadHead(path, 256);
    return head.ok() ? FirstEntryFromHead(*head) : std::nullopt;
}

/// Journals lie in a folder named after the machine's id, beside those received from other machines.
std::optional<Instant> OldestJournalEntry(const HostFiles& files) {
    const auto id = files.Read("/etc/machine-id");
    if (!id.ok()) return std::nullopt;
    std::optional<Instant> oldest;
    for (const std::string_view folder : {"/var/log/journal/", "/run/log/journal/"}) {
        const auto paths = files.Glob(std::string(folder).append(Trim(*id)).append("/*.journal"));
        if (!paths.ok()) continue;
        for (const std::string& path : *paths) {
            const auto first = FirstEntryOf(files, path);
            if (first && (!oldest || *first < *oldest)) oldest = first;
        }
    }
    return oldest;
}

// --- rsyslog, syslog-ng

/// "syslog", "syslog.1", "syslog.2.gz", "syslog-20261001.gz", but not "syslog-archive-of-somebody".
bool IsLogOrRotated(std::string_view name, std::string_view log) {
    if (!name.starts_with(log)) return false;
    std::string_view rest = name.substr(log.size());
    if (rest.ends_with(".gz")) rest.remove_suffix(3);
    if (rest.empty()) return true;
    const bool has_mark = rest.front() == '.' || rest.front() == '-';
    return has_mark && rest.size() > 1 && rest.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

std::vector<std::string> FindLogFiles(const HostFiles& files) {
    std::vector<std::string> paths;
    for (const std::string_view log : {"syslog", "messages"}) {
        const auto found = files.Glob(std::string("/var/log/").append(log).append("*"));
        if (!found.ok()) continue;
        std::ranges::copy_if(*found, std::back_inserter(paths),
                             [&](const std::string& path) { return IsLogOrRotated(BaseName(path), log); });
        if (!paths.empty()) break;
    }
    return paths;
}

/// The first line, unpacked; empty when it may not be read.
std::string ReadFirstLine(const HostFiles& files, const std::string& path) {
    constexpr std::size_t kHeadBytes = 16 * 1024;
    const auto head = files.ReadHead(path, kHeadBytes);
    if (!head.ok()) return {};
    std::string text;
    const auto unpacker = MakeUnpacker(path, 1 << 20, [&](std::string_view piece) { text.append(piece); });
    // Only the head was read, so it ends too early; what came out of it until then is what is wanted.
    if (!unpacker || !unpacker->Feed(*head).ok()) return {};
    return text.substr(0, text.find('\n'));
}

/// From the file that was written to the longest time ago.
std::optional<Instant> OldestLogLine(const HostFiles& files, const std::vector<std::string>& paths) {
    std::string oldest_path;
    std::optional<Instant> oldest_write;
    for (const std::string& path : paths) {
        const auto stamp = files.Stamp(path);
        if (!stamp.ok() || stamp->size == 0 || (oldest_write && stamp->Modified() >= *oldest_write)) continue;
        oldest_path = path;
        oldest_write = stamp->Modified();
    }
    if (!oldest_write) return std::nullopt;
    return TimeOfSyslogLine(ReadFirstLine(files, oldest_path), *oldest_write);
}

void AddSyslogService(const HostSight& sight, std::string_view service, std::string_view program,
                      std::vector<db::Row>& rows) {
    if (!sight.files.Exists(program)) return;
    const std::vector<std::string> paths = FindLogFiles(sight.files);
    // Without a log of the usual name it may write elsewhere, or only send to another machine.
    std::optional<bool> is_persistent;
    if (!paths.empty()) is_persistent = !IsLogFolderInMemory(sight.files);
    rows.push_back({service, sight.IsRunning(BaseName(program)), is_persistent, OldestLogLine(sight.files, paths)});
}

}  // namespace

TopicRows ObserveLogServices(const HostSight& sight) {
    std::vector<db::Row> rows;
    if (IsJournaldInstalled(sight.files)) {
        rows.push_back({"systemd-journald", sight.IsRunning("systemd-journald"), IsJournalPersistent(sight.files),
                        OldestJournalEntry(sight.files)});
    }
    AddSyslogService(sight, "rsyslog", "/usr/sbin/rsyslogd", rows);
    AddSyslogService(sight, "syslog-ng", "/usr/sbin/syslog-ng", rows);
    return rows;
}

}  // namespace opsteward::inventory::host
