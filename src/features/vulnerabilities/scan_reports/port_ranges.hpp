// Lists of ports: "22,80-90", "T:1-1024,U:53".
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "features/vulnerabilities/scan_reports/report.hpp"

namespace opsteward::scans {

/// Adds the ranges of a list in nmap's form (`<scaninfo services>`), whose ports are of `protocol` where "T:", "U:" or "S:" does not say otherwise; "-" and
/// "all" are every port. False, with nothing added, when it is no such list (a name such as "default", or more than 65,536 ranges).
bool AddPortRanges(std::string_view list, std::string_view protocol, std::vector<PortRange>& ranges);

/// Sorts the ranges and joins those that touch, so that Contains() takes logarithmic time.
void JoinRanges(std::vector<PortRange>& ranges);

/// Of joined ranges.
bool Contains(const std::vector<PortRange>& ranges, std::string_view protocol, std::uint16_t port);

/// 1 to 65535.
std::optional<std::uint16_t> ReadPort(std::string_view text);

}  // namespace opsteward::scans
