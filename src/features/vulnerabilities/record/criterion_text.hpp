// What a record applies to, for people.
#pragma once

#include <string>

#include "features/vulnerabilities/record/vulnerability.hpp"

namespace opsteward::vuln {

/// The match string, and its range where it has one: "cpe:2.3:a:…:*:… >= 1.0 < 2.0".
std::string CriterionText(const Criterion& criterion);
/// "Debian:12 openssl < 3.0.11-1~deb12u2".
std::string PackageText(const AffectedPackage& package);
/// " >= 1.0 < 2.0", as far as there are ends.
std::string RangeText(std::string_view start, bool excludes_start, std::string_view end, bool excludes_end);

}  // namespace opsteward::vuln
