// What system a host runs, read from what inventories write of it, as NVD, OSV and the distributions' trackers name it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "features/vulnerabilities/cpe/name.hpp"

namespace opsteward::vuln {

enum class OsFamily : std::uint8_t { kWindows, kLinux, kMacos, kNetwork, kOther };
/// "windows", "linux", "macos", "network", "other".
std::string_view NameOf(OsFamily family);

/// A Linux distribution by the ID of its os-release(5) and the release that its security tracker counts by: "debian" "12", "ubuntu" "22.04", "rhel" "8",
/// "rocky" "9", "sles" "15.5", "alpine" "3.18".
struct Distribution {
    std::string id;
    std::string release;  ///< empty when the text does not say it
    bool operator==(const Distribution&) const = default;
};

struct OperatingSystem {
    OsFamily family = OsFamily::kOther;
    /// The most specific first. The first `own_names` are the system itself under every name that NVD writes for it; the rest are the platform names that
    /// it implies ("cpe:2.3:o:microsoft:windows:-:…"), of version NA but for releases that NVD names as platforms: they only fulfil the running-on part
    /// of an AND configuration and are no ground for a finding. A version that the text does not say to the last number that decides (Windows: the
    /// revision of the build) is ANY. Of Windows the first name has the build as its version; the other own names are the release as a whole, as NVD wrote
    /// it before it gave builds, and say nothing of what was patched.
    std::vector<cpe::Name> names{};
    std::size_t own_names = 0;
    std::optional<Distribution> distribution{};
    std::string ecosystem{};  ///< as the OSV schema writes it ("Debian:12", "Ubuntu:22.04:LTS", "Rocky Linux:9"); empty: OSV has none
    std::vector<std::string_view> target_sw{};  ///< values of target_sw that fit: "windows"; "linux", "linux_kernel"; "macos", "mac_os_x"
};

/// Reads what Windows (systeminfo, WMI, `ver`), os-release, sw_vers and network devices say of themselves, and a CPE name of part o or h. Nothing when no
/// system can be told for sure. Texts of more than 1,024 bytes are not read.
std::optional<OperatingSystem> ReadOperatingSystem(std::string_view text);

}  // namespace opsteward::vuln
