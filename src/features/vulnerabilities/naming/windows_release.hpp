// The releases of Windows and their builds.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "features/vulnerabilities/cpe/name.hpp"

namespace opsteward::vuln {

/// "Microsoft Windows Server 2019 Standard 10.0.17763.2452", "Windows 10 Pro 22H2 (OS Build 19045.3803)", "Windows 7 SP1": the names that NVD writes for the
/// release, the most specific first, without what it implies. Empty when the text says Windows and not which: build 17763 is both a client and a server.
/// Nothing when it is not of Windows.
std::optional<std::vector<cpe::Name>> ReadWindows(std::string_view text);

}  // namespace opsteward::vuln
