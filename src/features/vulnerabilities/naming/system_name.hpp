// What the readers of systems share.
#pragma once

#include <string>
#include <string_view>

#include "features/vulnerabilities/cpe/name.hpp"

namespace opsteward::vuln {

/// `version` is a canonical component; the others are written as people do.
cpe::Name SystemName(std::string_view part, std::string_view vendor, std::string_view product, std::string_view version);
/// A version as it is written, quoted and in lower case; ANY when empty.
std::string VersionComponent(std::string_view version);
/// Lower case, marks of trade and quotes dropped, blanks single.
std::string FoldSystemText(std::string_view text);

}  // namespace opsteward::vuln
