// Configured time sources of the services that keep a clock. Names and addresses only; options and keys are dropped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace opsteward::inventory::host {

/// chrony.conf(5) and its *.sources files.
struct ChronyConfig {
    std::vector<std::string> sources;         ///< of server, pool, peer; a reference clock as "refclock PHC /dev/ptp0"
    std::vector<std::string> includes;        ///< path patterns of include
    std::vector<std::string> config_folders;  ///< of confdir: their *.conf
    std::vector<std::string> source_folders;  ///< of sourcedir: their *.sources
    bool tells_kernel = false;                ///< rtcsync: only then does the kernel's own flag say whether it is synchronised
};
ChronyConfig ParseChronyConfig(std::string_view text);

/// timesyncd.conf(5). An empty NTP= forgets what came before.
struct TimesyncdConfig {
    std::vector<std::string> servers;
    std::vector<std::string> fallback;  ///< used when there is no server
};
/// Adds one file to what earlier ones said. The file as shipped shows the compiled-in FallbackNTP= in a comment; it is taken
/// from there when `takes_shipped_default`.
void AddTimesyncdConfig(std::string_view text, bool takes_shipped_default, TimesyncdConfig& config);

/// ntp.conf(5) of ntp and ntpsec, and ntpd.conf(5) of OpenNTPD: server, servers, pool, peer, sensor.
std::vector<std::string> ParseNtpConfig(std::string_view text);

}  // namespace opsteward::inventory::host
