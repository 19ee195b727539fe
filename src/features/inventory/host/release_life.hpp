// Until when a release of Debian or Ubuntu gets security updates that cost nothing.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.hpp"

namespace opsteward::inventory::host {

/// `csv`: a table of the Debian package distro-info-data (/usr/share/distro-info/{debian,ubuntu}.csv). Its last free support
/// counts: the column eol-lts of Debian (served by the same public archive), eol of Ubuntu (what follows needs a
/// subscription). The end is the end of that day in UTC. Nothing for a release without a known end.
std::optional<Instant> EndOfLifeFromTable(std::string_view csv, std::string_view codename);

/// For machines without that package: the same columns, as of distro-info-data 0.58+deb12u6. Nothing for other systems.
std::optional<Instant> EndOfLifeBuiltIn(std::string_view os_id, std::string_view codename);

}  // namespace opsteward::inventory::host
