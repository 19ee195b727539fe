// What became of the findings of one report in a later one.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "features/vulnerabilities/scan_reports/report.hpp"

namespace opsteward::scans {

struct ComparedFinding {
    std::optional<std::size_t> earlier;  ///< index into the old report's findings
    std::optional<std::size_t> later;    ///< index into the new report's findings
    Text reason;                         ///< why it was not looked at, or what the new report says of it
};

struct Comparison {
    std::vector<ComparedFinding> fixed;
    std::vector<ComparedFinding> still_there;
    std::vector<ComparedFinding> not_looked_at;
    std::vector<ComparedFinding> added;  ///< open in the new report alone
};

/// Every open finding of the old report is in exactly one of the first three lists, in its order. A finding is fixed only when the same target and the same
/// check ran in the new scan and it no longer shows, or when the check passes there. Of reports of different tools, findings are matched by target and CVE, and
/// none is fixed. A finding is found again by target, check, port, component and line; failing that by the tool's fingerprint; failing that without the
/// component's version, the place of a named component and the line, one for one.
Comparison Compare(const Report& earlier, const Report& later);

}  // namespace opsteward::scans
