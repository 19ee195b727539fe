#include <algorithm>
#include <array>

#include "features/inventory/host/clamav_files.hpp"
#include "features/inventory/host/topic_observers.hpp"

namespace opsteward::inventory::host {
namespace {

bool IsClamavInstalled(const HostFiles& files) {
    return files.Exists("/usr/sbin/clamd") || files.Exists("/usr/bin/clamscan") ||
           files.Exists("/usr/local/sbin/clamd");
}

/// The daily signatures are those that are kept up with what goes around; as downloaded whole (.cvd) or patched since
/// (.cld).
std::optional<ClamavDatabase> ReadDailySignatures(const HostFiles& files) {
    std::optional<ClamavDatabase> newest;
    for (const std::string_view path : {"/var/lib/clamav/daily.cld", "/var/lib/clamav/daily.cvd"}) {
        const auto head = files.ReadHead(path, 512);
        auto database = head.ok() ? ParseClamavHeader(*head) : std::nullopt;
        if (database && (!newest || database->made_at > newest->made_at)) newest = std::move(database);
    }
    return newest;
}

/// Scanning on access needs clamonacc to run and a path to watch; the file that names the paths may not be readable.
std::optional<bool> ScansOnAccess(const HostSight& sight) {
    const auto runs = sight.IsRunning("clamonacc");
    if (runs != true) return runs;
    const auto config = sight.files.Read("/etc/clamav/clamd.conf");
    if (!config.ok()) return std::nullopt;
    return ConfiguresOnAccess(*config);
}

void AddClamav(const HostSight& sight, std::vector<db::Row>& rows) {
    if (!IsClamavInstalled(sight.files)) return;
    const auto signatures = ReadDailySignatures(sight.files);
    db::Value pattern_version;
    db::Value pattern_at;
    if (signatures) {
        pattern_version = signatures->version;
        pattern_at = signatures->made_at;
    }
    rows.push_back({"ClamAV", sight.PackageVersion({"clamav-daemon", "clamav"}), sight.IsRunning("clamd"),
                    ScansOnAccess(sight), std::move(pattern_version), std::move(pattern_at)});
}

/// Products whose pattern files have no published format: that they are there and run is what can be said.
struct OtherProduct {
    std::string_view product;
    std::string_view folder;
    std::string_view package;
    std::string_view program;
};
constexpr std::array kOthers = {
    OtherProduct{"CrowdStrike Falcon", "/opt/CrowdStrike", "falcon-sensor", "falcon-sensor"},
    OtherProduct{"Microsoft Defender", "/opt/microsoft/mdatp", "mdatp", "wdavdaemon"},
    OtherProduct{"Sophos Protection for Linux", "/opt/sophos-spl", "", "sophos_threat_detector"},
    OtherProduct{"Trend Micro Deep Security Agent", "/opt/ds_agent", "ds-agent", "ds_agent"},
};

}  // namespace

TopicRows ObserveAntiVirus(const HostSight& sight) {
    std::vector<db::Row> rows;
    AddClamav(sight, rows);
    for (const OtherProduct& other : kOthers) {
        if (!sight.files.Exists(other.folder)) continue;
        rows.push_back({other.product, sight.PackageVersion({other.package}), sight.IsRunning(other.program), nullptr,
                        nullptr, nullptr});
    }
    return rows;
}

}  // namespace opsteward::inventory::host
