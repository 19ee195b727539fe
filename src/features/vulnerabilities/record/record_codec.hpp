// A record as bytes, as snapshots hold it (docs/formats/vulnerability-snapshot.md).
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "features/vulnerabilities/record/vulnerability.hpp"

namespace opsteward::vuln {

std::string EncodeRecord(const Vulnerability& record);
/// What EncodeRecord gave, and nothing else: kCorrupt for every other text.
Result<Vulnerability> DecodeRecord(std::string_view bytes);

}  // namespace opsteward::vuln
