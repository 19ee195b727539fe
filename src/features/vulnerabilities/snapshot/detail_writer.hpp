// Packs encoded records into blocks of a snapshot.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "features/vulnerabilities/snapshot/layout.hpp"

namespace opsteward::vuln {

/// One block: for each record its size in 4 bytes, then its bytes; as one zstd frame. `entry` describes it but for where it lies.
std::string PackDetails(std::span<const std::string> records, DetailBlockEntry& entry);

}  // namespace opsteward::vuln
