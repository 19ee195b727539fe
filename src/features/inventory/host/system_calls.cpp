#include "features/inventory/host/system_calls.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <sys/utsname.h>

#include <array>
#include <bit>
#include <limits>
#include <memory>

namespace opsteward::inventory::host {
namespace {

std::int64_t Product(std::uint64_t count, std::uint64_t size) {
    constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (size != 0 && count > kMax / size) return static_cast<std::int64_t>(kMax);
    return static_cast<std::int64_t>(count * size);
}

std::optional<double> Ratio(std::uint64_t used, std::uint64_t whole) {
    if (whole == 0 || used > whole) return std::nullopt;
    return static_cast<double>(used) / static_cast<double>(whole);
}

std::string Ipv4Text(const ifaddrs& entry) {
    std::array<char, INET_ADDRSTRLEN> text{};
    const auto& address = reinterpret_cast<const sockaddr_in*>(entry.ifa_addr)->sin_addr;
    if (!::inet_ntop(AF_INET, &address, text.data(), text.size())) return {};
    if (!entry.ifa_netmask) return text.data();
    const auto mask = reinterpret_cast<const sockaddr_in*>(entry.ifa_netmask)->sin_addr.s_addr;
    return fmt::format("{}/{}", text.data(), std::popcount(mask));
}

}  // namespace

std::string AskArchitecture() {
    utsname names{};
    return ::uname(&names) == 0 ? names.machine : "";
}

std::optional<FileSystemUse> AskFileSystem(const std::string& mount_point) {
    struct statvfs status {};
    if (::statvfs(mount_point.c_str(), &status) != 0) return std::nullopt;
    FileSystemUse use;
    use.total_bytes = Product(status.f_blocks, status.f_frsize);
    if (status.f_bfree <= status.f_blocks) {
        const std::uint64_t used = status.f_blocks - status.f_bfree;
        use.used_ratio = Ratio(used, used + status.f_bavail);
    }
    use.total_inodes = Product(status.f_files, 1);
    if (status.f_ffree <= status.f_files)
        use.used_inodes_ratio = Ratio(status.f_files - status.f_ffree, status.f_files);
    return use;
}

std::optional<KernelClock> AskClock() {
    timex state{};
    const int code = ::adjtimex(&state);
    if (code < 0) return std::nullopt;
    KernelClock clock;
    clock.is_synchronised = code != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
    if (!clock.is_synchronised) return clock;
    clock.estimated_error_ms = static_cast<double>(state.esterror) / 1000.0;
    if ((state.status & STA_PLL) != 0) {
        const double units_per_ms = (state.status & STA_NANO) != 0 ? 1e6 : 1e3;
        clock.offset_ms = static_cast<double>(state.offset) / units_per_ms;
    }
    return clock;
}

std::map<std::string, std::vector<std::string>> AskIpv4Addresses() {
    ifaddrs* raw = nullptr;
    if (::getifaddrs(&raw) != 0) return {};
    const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> list(raw, &::freeifaddrs);
    std::map<std::string, std::vector<std::string>> addresses;
    for (const ifaddrs* entry = raw; entry; entry = entry->ifa_next) {
        if (!entry->ifa_addr || entry->ifa_addr->sa_family != AF_INET) continue;
        if (std::string text = Ipv4Text(*entry); !text.empty()) addresses[entry->ifa_name].push_back(std::move(text));
    }
    return addresses;
}

}  // namespace opsteward::inventory::host
