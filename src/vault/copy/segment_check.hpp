// Whether a segment can be trusted before it is sent, or before another takes its place.
#pragma once

#include "base/result.hpp"
#include "vault/store/segment_set.hpp"

namespace opsteward::vault {

/// Reads all blocks; kCorrupt, naming file and place, when one is damaged.
Result<void> CheckBlocks(const Segment& segment);

/// Whether the records of `segment` are whole, and in `vault` under the same numbers. kCorrupt when the vault's own can't be read.
Result<bool> HoldsRecordsOf(const SegmentSet& vault, const Segment& segment);

}  // namespace opsteward::vault
