// Words of a line, as the files of a Unix system separate them.
#pragma once

#include <string_view>
#include <vector>

namespace opsteward::inventory::host {

/// Separated by blanks and tabs; never empty.
std::vector<std::string_view> SplitWords(std::string_view line);

}  // namespace opsteward::inventory::host
