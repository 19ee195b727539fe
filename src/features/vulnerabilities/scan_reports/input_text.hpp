// The bytes of a report as UTF-8 text.
#pragma once

#include <string>

#include "base/result.hpp"
#include "features/vulnerabilities/scan_reports/report_builder.hpp"

namespace opsteward::scans {

struct InputText {
    std::string utf8;                   ///< without a byte order mark
    std::optional<std::size_t> damage;  ///< offset of the first bytes that are no UTF-8 and stand as U+FFFD
};

/// UTF-8, or UTF-16 with a byte order mark (as redirected by PowerShell). Ill-formed UTF-8 is replaced, and `damage` tells where; ill-formed UTF-16 and
/// zero bytes (no format has them) are refused with their offset.
Result<InputText> ReadInputText(std::string bytes);

}  // namespace opsteward::scans
