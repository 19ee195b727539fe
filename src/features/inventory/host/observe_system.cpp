#include <algorithm>

#include "base/text.hpp"
#include "features/inventory/host/os_release.hpp"
#include "features/inventory/host/release_life.hpp"
#include "features/inventory/host/system_calls.hpp"
#include "features/inventory/host/topic_observers.hpp"
#include "versions/dpkg_order.hpp"

namespace opsteward::inventory::host {
namespace {

Result<OsRelease> ReadOsRelease(const HostFiles& files) {
    auto text = files.Read("/etc/os-release");
    if (!text.ok() && text.error().code == ErrorCode::kNotFound) text = files.Read("/usr/lib/os-release");
    if (!text.ok()) return std::move(text).error();
    return ParseOsRelease(*text);
}

/// The table on the machine is kept up with the release dates; what is built in is as old as this program.
std::optional<Instant> EndOfLife(const HostFiles& files, const OsRelease& release) {
    if (release.id == "debian" || release.id == "ubuntu") {
        const auto table = files.Read("/usr/share/distro-info/" + release.id + ".csv");
        const auto end = table.ok() ? EndOfLifeFromTable(*table, release.codename) : std::nullopt;
        if (end) return end;
    }
    return EndOfLifeBuiltIn(release.id, release.codename);
}

std::string_view Flavour(std::string_view kernel) {
    return kernel.substr(kernel.rfind('-') + 1);
}

/// Is a newer kernel of the same flavour ("amd64") installed than the one that runs? Nothing when the one that runs is
/// not among those installed: in a container it comes from elsewhere.
std::optional<bool> IsNewerKernelInstalled(const HostFiles& files, std::string_view running) {
    constexpr std::string_view kImage = "/boot/vmlinuz-";
    const auto images = files.Glob("/boot/vmlinuz-*");
    if (!images.ok()) return std::nullopt;
    bool is_running_installed = false;
    bool is_newer_installed = false;
    for (const std::string_view image : *images) {
        const std::string_view kernel = image.substr(kImage.size());
        is_running_installed = is_running_installed || kernel == running;
        const bool is_newer = Flavour(kernel) == Flavour(running) && versions::CompareDpkg(kernel, running) > 0;
        is_newer_installed = is_newer_installed || is_newer;
    }
    if (!is_running_installed) return std::nullopt;
    return is_newer_installed;
}

/// Packages leave a mark when they need a restart, if something is installed that keeps such marks.
std::optional<bool> IsRebootRequired(const HostFiles& files, std::string_view kernel) {
    if (files.Exists("/run/reboot-required") || files.Exists("/var/run/reboot-required")) return true;
    const std::optional<bool> has_newer = kernel.empty() ? std::nullopt : IsNewerKernelInstalled(files, kernel);
    if (has_newer) return has_newer;
    const bool keeps_marks = files.Exists("/etc/kernel/postinst.d/unattended-upgrades") ||
                             files.Exists("/usr/share/update-notifier/notify-reboot-required");
    return keeps_marks ? std::optional(false) : std::nullopt;
}

db::Value TextOrNull(std::string_view text) {
    return text.empty() ? db::Value() : db::Value(text);
}

}  // namespace

TopicRows ObserveOperatingSystem(const HostSight& sight) {
    OPS_TRY(const OsRelease release, ReadOsRelease(sight.files));
    std::string kernel;
    if (const auto text = sight.files.Read("/proc/sys/kernel/osrelease"); text.ok()) kernel = Trim(*text);
    std::optional<Instant> booted_at;
    if (sight.usage_now.cpu && sight.usage_now.cpu->booted_at_seconds) {
        booted_at = FromMillis(*sight.usage_now.cpu->booted_at_seconds * 1000);
    }
    return std::vector<db::Row>{{release.id, release.name, TextOrNull(release.version), TextOrNull(release.codename),
                                 TextOrNull(kernel), TextOrNull(sight.files.is_live() ? AskArchitecture() : ""),
                                 EndOfLife(sight.files, release), booted_at, IsRebootRequired(sight.files, kernel)}};
}

}  // namespace opsteward::inventory::host
