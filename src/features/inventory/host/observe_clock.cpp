#include <algorithm>
#include <array>

#include "features/inventory/host/layered_files.hpp"
#include "features/inventory/host/system_calls.hpp"
#include "features/inventory/host/time_config.hpp"
#include "features/inventory/host/topic_observers.hpp"

namespace opsteward::inventory::host {
namespace {

constexpr std::size_t kMaxConfigFiles = 128;

struct TimeService {
    std::string_view name;
    std::string_view program;  ///< the file that is there when it is installed
    std::string_view config;   ///< must be there too, where several services have a program of the same name; else ""
};
constexpr std::array kServices = {
    TimeService{"chrony", "/usr/sbin/chronyd", ""},
    TimeService{"systemd-timesyncd", "/usr/lib/systemd/systemd-timesyncd", ""},
    TimeService{"systemd-timesyncd", "/lib/systemd/systemd-timesyncd", ""},
    TimeService{"ntpsec", "/usr/sbin/ntpd", "/etc/ntpsec/ntp.conf"},
    TimeService{"openntpd", "/usr/sbin/ntpd", "/etc/openntpd/ntpd.conf"},
    TimeService{"ntp", "/usr/sbin/ntpd", "/etc/ntp.conf"},
};

std::vector<TimeService> InstalledServices(const HostFiles& files) {
    std::vector<TimeService> installed;
    for (const TimeService& service : kServices) {
        if (!files.Exists(service.program) || (!service.config.empty() && !files.Exists(service.config))) continue;
        // A configuration file that another service left behind is not a second one.
        const bool is_known = std::ranges::any_of(installed, [&](const TimeService& known) {
            return known.name == service.name || known.program == service.program;
        });
        if (!is_known) installed.push_back(service);
    }
    return installed;
}

// --- chrony

std::string_view ChronyConfigPath(const HostFiles& files) {
    return files.Exists("/etc/chrony/chrony.conf") ? "/etc/chrony/chrony.conf" : "/etc/chrony.conf";
}

/// The main file with all that it includes.
Result<ChronyConfig> ReadChrony(const HostFiles& files) {
    ChronyConfig whole;
    std::vector<std::string> open = {std::string(ChronyConfigPath(files))};
    std::set<std::string> seen;
    while (!open.empty()) {
        const std::string path = open.back();
        open.pop_back();
        if (!seen.insert(path).second || seen.size() > kMaxConfigFiles) continue;
        OPS_TRY(const std::string text, files.Read(path));
        const ChronyConfig part = ParseChronyConfig(text);
        whole.sources.insert(whole.sources.end(), part.sources.begin(), part.sources.end());
        whole.tells_kernel = whole.tells_kernel || part.tells_kernel;
        std::vector<std::string> patterns = part.includes;
        for (const std::string& folder : part.config_folders) patterns.push_back(folder + "/*.conf");
        for (const std::string& folder : part.source_folders) patterns.push_back(folder + "/*.sources");
        for (const std::string& pattern : patterns) {
            OPS_TRY(const auto paths, files.Glob(pattern));
            open.insert(open.end(), paths.begin(), paths.end());
        }
    }
    return whole;
}

// --- The others

Result<std::vector<std::string>> ReadTimesyncd(const HostFiles& files) {
    OPS_TRY(const LayeredFile file, ReadLayered(files, ConfigFolders(), "systemd/timesyncd.conf"));
    TimesyncdConfig config;
    for (std::size_t i = 0; i < file.texts.size(); ++i) {
        const bool is_main = file.has_main && i == 0;
        AddTimesyncdConfig(file.texts[i], is_main, config);
    }
    return config.servers.empty() ? std::move(config.fallback) : std::move(config.servers);
}

Result<std::vector<std::string>> SourcesOf(const HostFiles& files, const TimeService& service) {
    if (service.name == "chrony") {
        OPS_TRY(ChronyConfig config, ReadChrony(files));
        return std::move(config.sources);
    }
    if (service.name == "systemd-timesyncd") return ReadTimesyncd(files);
    OPS_TRY(const std::string text, files.Read(service.config));
    return ParseNtpConfig(text);
}

// --- What the kernel says of it

/// systemd-timesyncd leaves this file when it has set the clock; where the kernel may not be asked it must do.
std::optional<bool> SaysTimesyncd(const HostFiles& files, const TimeService& service) {
    if (service.name != "systemd-timesyncd") return std::nullopt;
    return files.Exists("/run/systemd/timesync/synchronized") ? std::optional(true) : std::nullopt;
}

/// Without rtcsync chrony does not tell the kernel that it keeps the clock, so the kernel's "no" means nothing.
bool IsKernelTold(const HostFiles& files, const TimeService& service) {
    if (service.name != "chrony") return true;
    const auto config = ReadChrony(files);
    return config.ok() && config->tells_kernel;
}

db::Row RowOfService(const HostSight& sight, const TimeService& service, const std::optional<KernelClock>& kernel,
                     bool is_kernel_of_another) {
    const auto is_running = sight.IsRunning(BaseName(service.program));
    db::Row row = {service.name, is_running, nullptr, nullptr, nullptr};
    if (is_kernel_of_another) return row;
    if (!kernel) {
        row[2] = SaysTimesyncd(sight.files, service);
        return row;
    }
    if (kernel->is_synchronised || IsKernelTold(sight.files, service)) row[2] = kernel->is_synchronised;
    row[3] = kernel->estimated_error_ms;
    row[4] = kernel->offset_ms;
    return row;
}

}  // namespace

TopicRows ObserveClockStatus(const HostSight& sight) {
    const std::vector<TimeService> services = InstalledServices(sight.files);
    const auto kernel = sight.files.is_live() ? AskClock() : std::nullopt;
    if (services.empty()) {
        db::Row none = {nullptr, false, nullptr, nullptr, nullptr};
        if (kernel) none = {nullptr, false, kernel->is_synchronised, kernel->estimated_error_ms, kernel->offset_ms};
        return std::vector<db::Row>{std::move(none)};
    }
    const auto runs = [&](const TimeService& service) { return sight.IsRunning(BaseName(service.program)) == true; };
    const bool is_any_running = std::ranges::any_of(services, runs);
    std::vector<db::Row> rows;
    for (const TimeService& service : services) {
        rows.push_back(RowOfService(sight, service, kernel, is_any_running && !runs(service)));
    }
    return rows;
}

TopicRows ObserveTimeSources(const HostSight& sight) {
    std::set<std::string> sources;
    for (const TimeService& service : InstalledServices(sight.files)) {
        OPS_TRY(const auto named, SourcesOf(sight.files, service));
        sources.insert(named.begin(), named.end());
    }
    std::vector<db::Row> rows;
    for (const std::string& source : sources) rows.push_back({source});
    return rows;
}

}  // namespace opsteward::inventory::host
