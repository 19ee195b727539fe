// The order of Debian package versions, deb-version(7).
#pragma once

#include <compare>
#include <string_view>

namespace opsteward::inventory::host {

/// `[epoch:]upstream[-revision]`. Never fails: a text that is no proper version still has its place, by the same rules, with an
/// epoch that is no number taken as part of the upstream version.
std::strong_ordering CompareDebVersions(std::string_view a, std::string_view b);

}  // namespace opsteward::inventory::host
