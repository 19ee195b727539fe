// Systems of network devices, hypervisors, storage and Unix.
#pragma once

#include <optional>
#include <string>

#include "features/vulnerabilities/naming/operating_system.hpp"

namespace opsteward::vuln {

/// `folded` as FoldSystemText gives it. The implied names are not added.
std::optional<OperatingSystem> ReadDevice(const std::string& folded);

}  // namespace opsteward::vuln
