#include <algorithm>

#include "base/text.hpp"
#include "features/inventory/host/system_calls.hpp"
#include "features/inventory/host/topic_observers.hpp"

namespace opsteward::inventory::host {
namespace {

db::Value Integer(std::uint64_t number) {
    return static_cast<std::int64_t>(number);
}

db::Value UsedOf(std::uint64_t whole, std::uint64_t unused) {
    if (whole == 0) return nullptr;
    return static_cast<double>(whole - unused) / static_cast<double>(whole);
}

void AddProcessors(const HostSight& sight, std::vector<db::Row>& rows) {
    const auto& now = sight.usage_now.cpu;
    if (!now) return;
    std::optional<double> busy;
    if (sight.usage_before && sight.usage_before->cpu) busy = BusyRatio(*sight.usage_before->cpu, *now);
    rows.push_back({"cpu", "", busy, now->processors, "processors"});
}

void AddMemory(const HostSight& sight, std::vector<db::Row>& rows) {
    const auto text = sight.files.Read("/proc/meminfo");
    const auto memory = text.ok() ? ParseMeminfo(*text) : std::nullopt;
    if (!memory) return;
    rows.push_back(
        {"memory", "", UsedOf(memory->total_bytes, memory->available_bytes), Integer(memory->total_bytes), "bytes"});
    if (memory->swap_total_bytes == 0) return;
    rows.push_back({"swap", "", UsedOf(memory->swap_total_bytes, memory->swap_free_bytes),
                    Integer(memory->swap_total_bytes), "bytes"});
}

void AddFileSystem(const HostSight& sight, const std::string& point, std::vector<db::Row>& rows) {
    const auto use = sight.files.is_live() ? AskFileSystem(point) : std::nullopt;
    if (!use) {
        rows.push_back({"file_system", point, nullptr, nullptr, "bytes"});
        return;
    }
    rows.push_back({"file_system", point, use->used_ratio, use->total_bytes, "bytes"});
    if (use->total_inodes > 0) rows.push_back({"inodes", point, use->used_inodes_ratio, use->total_inodes, "inodes"});
}

void AddFileSystems(const HostSight& sight, std::vector<db::Row>& rows) {
    const auto text = sight.files.Read("/proc/self/mountinfo");
    if (!text.ok()) return;
    for (const Mount& mount : ParseStorageMounts(*text)) {
        // A container has single files of its host mounted into it (/etc/hosts); these are not its storage.
        const auto stamp = sight.files.Stamp(mount.point);
        const bool is_single_file = stamp.ok() && !stamp->is_directory;
        if (!is_single_file) AddFileSystem(sight, mount.point, rows);
    }
}

std::string ReadWord(const HostFiles& files, const std::string& path) {
    const auto text = files.Read(path, 4096);
    return text.ok() ? std::string(Trim(*text)) : std::string();
}

/// "up" and "down" as the driver says; where it doesn't know (loopback, tunnels), the administrator's switch.
std::optional<bool> IsUp(const HostFiles& files, const std::string& folder) {
    const std::string state = ReadWord(files, folder + "/operstate");
    if (state == "up") return true;
    if (!state.empty() && state != "unknown") return false;
    const std::string flags = ReadWord(files, folder + "/flags");  // IFF_… of netdevice(7), "0x1003"
    if (!flags.starts_with("0x")) return std::nullopt;
    const std::string_view last = std::string_view(flags).substr(flags.size() - 1);
    return std::string_view("13579bdfBDF").find(last) != std::string_view::npos;
}

/// What changed within the time that passed, by second.
std::optional<double> Rate(std::uint64_t before, std::uint64_t now, double seconds) {
    if (now < before) return std::nullopt;  // the counter was set back
    return static_cast<double>(now - before) / seconds;
}

struct InterfaceSight {
    std::string name;
    std::string mac;
    std::optional<bool> is_up;
    std::optional<std::int64_t> speed_mbit;
    std::optional<double> receive_bytes_per_s;
    std::optional<double> transmit_bytes_per_s;
    std::optional<double> errors_per_s;
};

void SetRates(const HostSight& sight, InterfaceSight& interface) {
    if (!sight.usage_before) return;
    const auto seconds = SecondsBetween(*sight.usage_before, sight.usage_now);
    const auto before = sight.usage_before->interfaces.find(interface.name);
    const auto now = sight.usage_now.interfaces.find(interface.name);
    if (!seconds || before == sight.usage_before->interfaces.end() || now == sight.usage_now.interfaces.end()) return;
    interface.receive_bytes_per_s = Rate(before->second.receive_bytes, now->second.receive_bytes, *seconds);
    interface.transmit_bytes_per_s = Rate(before->second.transmit_bytes, now->second.transmit_bytes, *seconds);
    interface.errors_per_s = Rate(before->second.errors, now->second.errors, *seconds);
}

std::vector<InterfaceSight> LookAtInterfaces(const HostSight& sight) {
    std::vector<InterfaceSight> interfaces;
    for (const auto& [name, counters] : sight.usage_now.interfaces) {
        const std::string folder = "/sys/class/net/" + name;
        InterfaceSight interface;
        interface.name = name;
        interface.mac = ReadWord(sight.files, folder + "/address");
        interface.is_up = IsUp(sight.files, folder);
        const auto speed = ParseInt(ReadWord(sight.files, folder + "/speed"));
        if (speed && *speed > 0) interface.speed_mbit = speed;
        SetRates(sight, interface);
        interfaces.push_back(std::move(interface));
    }
    return interfaces;
}

void AddInterfaceLoads(const HostSight& sight, std::vector<db::Row>& rows) {
    for (const InterfaceSight& interface : LookAtInterfaces(sight)) {
        if (!interface.speed_mbit || !interface.receive_bytes_per_s || !interface.transmit_bytes_per_s) continue;
        // Both directions have the whole speed to themselves; the fuller one counts.
        const double bits = 8 * std::max(*interface.receive_bytes_per_s, *interface.transmit_bytes_per_s);
        const double ratio = std::min(1.0, bits / (static_cast<double>(*interface.speed_mbit) * 1e6));
        rows.push_back({"interface", interface.name, ratio, *interface.speed_mbit, "Mbit/s"});
    }
}

std::map<std::string, std::vector<std::string>> ReadAddresses(const HostSight& sight) {
    auto addresses = AskIpv4Addresses();
    const auto text = sight.files.Read("/proc/net/if_inet6");
    if (!text.ok()) return addresses;  // IPv6 is switched off
    for (auto& [name, ipv6] : ParseIfInet6(*text)) {
        auto& all = addresses[name];
        all.insert(all.end(), ipv6.begin(), ipv6.end());
    }
    return addresses;
}

}  // namespace

TopicRows ObserveResources(const HostSight& sight) {
    std::vector<db::Row> rows;
    AddProcessors(sight, rows);
    AddMemory(sight, rows);
    AddFileSystems(sight, rows);
    AddInterfaceLoads(sight, rows);
    if (rows.empty()) {
        return Error::Of(ErrorCode::kUnavailable, "/proc 內的 stat、meminfo 與 self/mountinfo 都無法讀取或解讀。",
                         "None of stat, meminfo and self/mountinfo in /proc could be read and understood.");
    }
    return rows;
}

TopicRows ObserveInterfaces(const HostSight& sight) {
    if (sight.usage_now.interfaces.empty()) {
        return Error::Of(ErrorCode::kUnavailable, "/proc/net/dev 無法讀取，或其中沒有任何網路介面。",
                         "/proc/net/dev could not be read or names no network interface.");
    }
    std::map<std::string, std::vector<std::string>> addresses;
    if (sight.files.is_live()) addresses = ReadAddresses(sight);
    std::vector<db::Row> rows;
    for (const InterfaceSight& interface : LookAtInterfaces(sight)) {
        db::Value known_addresses;
        if (sight.files.is_live()) {
            auto& list = addresses[interface.name];
            std::ranges::sort(list);
            known_addresses = Join(list, ", ");
        }
        db::Value mac;
        if (!interface.mac.empty()) mac = interface.mac;
        rows.push_back({interface.name, std::move(mac), std::move(known_addresses), interface.is_up,
                        interface.speed_mbit, interface.receive_bytes_per_s, interface.transmit_bytes_per_s,
                        interface.errors_per_s});
    }
    return rows;
}

}  // namespace opsteward::inventory::host
