// The end of a list of which only the beginning is shown.
#pragma once

#include <cstddef>
#include <string>

#include "base/language.hpp"

namespace opsteward::cli {

/// "  … and 7 more; see --json" when there are more than `shown`, else nothing.
std::string MoreLine(std::size_t count, std::size_t shown, Language language);

}  // namespace opsteward::cli
