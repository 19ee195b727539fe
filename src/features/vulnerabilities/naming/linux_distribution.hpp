// Linux distributions by the words of os-release, lsb_release and /etc/*-release.
#pragma once

#include <optional>
#include <string>

#include "features/vulnerabilities/naming/operating_system.hpp"

namespace opsteward::vuln {

/// `folded` as FoldSystemText gives it. The implied names are not added.
std::optional<OperatingSystem> ReadDistribution(const std::string& folded);

}  // namespace opsteward::vuln
