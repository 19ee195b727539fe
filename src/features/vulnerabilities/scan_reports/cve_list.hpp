// CVE names in texts of any kind.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace opsteward::scans {

/// Adds every CVE name in `text` (CVE-YYYY-NNNN, four to nineteen digits, any case; CVE record format, "cveId") in upper case, each once. A name that is
/// part of a longer word ("xCVE-2020-1234", "CVE-2020-1234a") is none.
void AddCves(std::string_view text, std::vector<std::string>& cves);

/// Whether the whole text is one CVE name.
bool IsCve(std::string_view text);

}  // namespace opsteward::scans
